import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readPolicy } from "../../src/config/read-policy.ts";
import { ids } from "./complete-environment.ts";

const context = { teamsTenant: ids.tenant, teamsTenants: [ids.tenant], slackTeams: ["T0CONTOSO"] };
const read = (rule: string, rest = "") =>
  readPolicy(
    `
people:
  - { id: ana, name: Ana, teams: ${ids.ana}, slack: T0CONTOSO/U0ANA }
  - { id: ben, name: Ben, teams: ${ids.ben}, slack: T0CONTOSO/U0BEN }
rules:
  - { name: everything, request: ["*"], approve: [ana, ben]${rule} }
${rest}`,
    context,
  );
const policyOf = (result: ReturnType<typeof read>) => {
  if (result.kind === "policy") return result.policy;
  throw new Error(JSON.stringify(result.problems));
};
const problemsOf = (result: ReturnType<typeof read>) =>
  result.kind === "policy" ? [] : result.problems.map(({ name, message }) => `${name}: ${message}`);
const day = 24 * 60;

describe("freezes in the policy file", () => {
  test("are times of the week, times of days, or dates; a rule names those that hold for it", () => {
    const policy = policyOf(
      read(
        ", freeze: [weekend, nights, year end]",
        `freezes:
  - { name: weekend, zone: Europe/Berlin, from: fri 16:00, to: mon 08:00 }
  - { name: nights, zone: UTC, days: [mon, tue], from: "22:00", to: "06:00", stopsBreakGlass: true }
  - { name: year end, zone: America/New_York, from: 2026-12-18 18:00, to: 2027-01-04T08:00 }
  - { name: of nobody, zone: UTC, days: [sun], from: 0:00, to: "24:00" }`,
      ),
    );
    expect(policy.rules[0]?.freeze).toEqual([
      {
        name: "weekend",
        zone: "Europe/Berlin",
        stopsBreakGlass: false,
        spans: [{ kind: "weekly", from: 4 * day + 960, to: 7 * day + 480 }],
      },
      {
        name: "nights",
        zone: "UTC",
        stopsBreakGlass: true,
        spans: [
          { kind: "weekly", from: 1320, to: day + 360 },
          { kind: "weekly", from: day + 1320, to: 2 * day + 360 },
        ],
      },
      {
        name: "year end",
        zone: "America/New_York",
        stopsBreakGlass: false,
        spans: [{ kind: "once", from: Date.UTC(2026, 11, 18, 18), to: Date.UTC(2027, 0, 4, 8) }],
      },
    ]);
  });

  test.each([
    ["zone: Berlin, from: fri 16:00, to: mon 08:00", "freezes[0].zone: is not a time zone"],
    ["zone: UTC, from: friday 16:00, to: mon 08:00", "freezes[0].from: is no time; write fri 16:00"],
    ["zone: UTC, from: fri 16:00, to: 2026-12-18 18:00", "freezes[0].to: does not go with from: fri 16:00"],
    ["zone: UTC, from: fri 25:00, to: mon 08:00", "freezes[0].from: is no time"],
    ["zone: UTC, from: 2026-02-30 10:00, to: 2026-03-02 10:00", "freezes[0].from: is no time"],
    [
      "zone: UTC, from: 2026-03-02 10:00, to: 2026-03-02 10:00",
      "freezes[0].to: is not after 2026-03-02 10:00",
    ],
    ["zone: UTC, days: [noday], from: '1:00', to: '2:00'", "freezes[0].days[0]: is not a day; write mon"],
    ["zone: UTC, days: [mon], from: '22', to: '2:00'", "freezes[0].from: is no time of day"],
    ["zone: UTC, days: [mon], from: '22:00', to: mon 2:00", "freezes[0].to: is no time of day"],
    ["zone: UTC, days: [], from: '1:00', to: '2:00'", "freezes[0].days: is empty"],
  ])("%s is refused", (entry, problem) => {
    expect(problemsOf(read("", `freezes: [{ name: w, ${entry} }]`))).toEqual([
      expect.stringContaining(problem),
    ]);
  });

  test("have names of their own, and a rule names no other", () => {
    const weekend = "zone: UTC, from: fri 16:00, to: mon 08:00";
    expect(
      problemsOf(
        read(", freeze: weekends", `freezes: [{ name: weekend, ${weekend} }, { name: Weekend, ${weekend} }]`),
      ),
    ).toEqual([
      expect.stringContaining("freezes[1].name: is the name of freezes[0] too"),
      'rules[0].freeze[0]: names "weekends", which is not under freezes (did you mean weekend?); add it there or mend the name',
    ]);
  });
});

describe("stop, break glass and reminders in the policy file", () => {
  test("name people, and nobody unless they are named", () => {
    const rule = ", breakGlass: [ben], remind: { after: 15m, escalate: ana, escalateAfter: 1h }";
    const policy = policyOf(read(rule, "stop: [ana, ben]"));
    expect(policy.stop).toEqual(["ana", "ben"]);
    expect(policy.rules[0]).toMatchObject({
      breakGlass: ["ben"],
      remind: { afterMs: 900_000, escalate: ["ana"], escalateAfterMs: 3_600_000 },
    });
    const none = policyOf(read(""));
    expect(none.stop).toBeUndefined();
    expect(none.rules[0]?.breakGlass).toBeUndefined();
  });

  test("name people who are there; everybody is not among them", () => {
    const rule = ", breakGlass: cleo, remind: { after: 15m, escalate: [cleo] }";
    expect(problemsOf(read(rule, "stop: [cleo]"))).toEqual([
      expect.stringContaining("stop[0]: names cleo, who is not under people"),
      expect.stringContaining("rules[0].breakGlass[0]: names cleo"),
      expect.stringContaining("rules[0].remind.escalate[0]: names cleo"),
    ]);
    expect(problemsOf(read(', breakGlass: ["*"]'))).toEqual([
      expect.stringContaining("rules[0].breakGlass[0]: is not an id"),
    ]);
    expect(problemsOf(read("", 'stop: ["*"]'))[0]).toContain("stop[0]: is not an id");
  });

  test("warn of a break glass that nobody else could review, and of an escalation to nobody", () => {
    const result = read(
      "",
      `
freezes: []`,
    );
    const told = result.kind === "policy" ? result.warnings : ["no policy"];
    expect(told.filter((warning) => /no policy|break-glass|remind/.test(warning))).toEqual([]);
    const alone = readPolicy(
      `
people: [{ id: ana, name: Ana, teams: ${ids.ana} }, { id: ben, name: Ben, slack: T0CONTOSO/U0BEN }]
rules:
  - { name: all, request: [ben], approve: [ana], breakGlass: [ana], remind: { after: 15m, escalateAfter: 1h } }`,
      context,
    );
    expect(alone).toMatchObject({
      warnings: [
        'Rule "all": a break-glass change by ana can be reviewed by nobody else.',
        'Rule "all": remind.escalateAfter is given, but nobody under remind.escalate.',
      ],
    });
  });
});

test("the example in the guide is a policy without problems and warnings", () => {
  const guide = readFileSync(new URL("../../docs/policy.md", import.meta.url), "utf8");
  const [, example = ""] = /```yaml\n([\s\S]*?)```/.exec(guide) ?? [];
  const result = readPolicy(example, { teamsTenants: [], slackTeams: ["T0123ABCD"] });
  expect(result).toMatchObject({ kind: "policy", warnings: [] });
  expect(policyOf(result).rules[0]?.freeze?.map(({ name }) => name)).toEqual(["weekend", "year end"]);
});
