import fc from "fast-check";
import { expect, test } from "vitest";
import { type Aftercare, aftercareDueAt, lookEveryMs, looked } from "../../../src/domain/change/aftercare.ts";
import { type SiteHealth, worsening } from "../../../src/domain/change/site-health.ts";

const since = new Date("2026-11-22T14:00:00Z");
const after = (ms: number) => new Date(since.getTime() + ms);
const minute = 60_000;

test.each([
  ["ten seconds", 10_000, 1_000],
  ["two minutes", 2 * minute, 6_000],
  ["ten minutes", 10 * minute, 30_000],
  ["an hour", 60 * minute, 30_000],
  ["a day", 24 * 60 * minute, 12 * minute],
])("in %s a site is looked at often enough, and not too often", (_, wholeMs, everyMs) => {
  expect(lookEveryMs({ until: after(wholeMs) }, since)).toBe(everyMs);
});

const look = fc.oneof(
  fc.constant({ kind: "well" } as const),
  fc.constant({ kind: "unseen" } as const),
  fc.constant({ kind: "worse", what: "its state is Stopped" } as const),
);

test("every watch ends, whatever is seen: as worse only after two worse looks, as well only when it was seen", () => {
  fc.assert(
    fc.property(fc.array(look, { minLength: 400, maxLength: 400 }), (looks) => {
      let care: Aftercare = {
        of: "CR-1",
        number: 1,
        revision: 1,
        since,
        watch: { state: "watching", until: after(10 * minute), nextAt: after(30_000), looks: 0 },
      };
      const taken: string[] = [];
      for (const one of looks) {
        const due = aftercareDueAt(care);
        if (!due) break;
        care = looked(care, one, due);
        taken.push(one.kind);
      }
      expect(aftercareDueAt(care)).toBeUndefined();
      const seen = taken.filter((kind) => kind !== "unseen");
      if (care.watch?.state === "worse") expect(seen.slice(-2)).toEqual(["worse", "worse"]);
      else expect(seen.join(" ")).not.toContain("worse worse");
      if (care.watch?.state === "well") expect(seen.at(-1)).toBe("well");
    }),
  );
});

const well: SiteHealth = {
  state: "Running",
  availability: "Normal",
  probe: { url: "https://app-x.example/health?key=secret", result: { kind: "answered", status: 200 } },
};

test.each<[string, SiteHealth, string | undefined]>([
  ["nothing", well, undefined],
  ["a stopped site", { ...well, state: "Stopped" }, "its state was Running and is Stopped"],
  [
    "limited availability",
    { ...well, availability: "Limited" },
    "its availability was Normal and is Limited",
  ],
  [
    "an error",
    { ...well, probe: { url: well.probe?.url ?? "", result: { kind: "answered", status: 502 } } },
    "https://app-x.example/health answered 200 before and answered 502 now",
  ],
  ["what is no longer asked", { state: "Running" }, undefined],
])("%s is told as it is", (_, now, words) => {
  expect(worsening(well, now)).toBe(words);
});

test("what was not well before is not worse, and neither is what is better", () => {
  const ill: SiteHealth = {
    state: "Stopped",
    availability: "Limited",
    probe: { url: "https://app-x.example/", result: { kind: "failed", why: "no answer" } },
  };
  expect(worsening(ill, ill)).toBeUndefined();
  expect(worsening(ill, well)).toBeUndefined();
});
