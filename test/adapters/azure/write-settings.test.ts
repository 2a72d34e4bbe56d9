import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ArmRequest, ResourceManager } from "../../../src/adapters/azure/resource-manager.ts";
import { createSettingsWriter } from "../../../src/adapters/azure/write-settings.ts";
import type { SettingEdit } from "../../../src/domain/change/plan.ts";
import { legacySettings } from "../../../src/domain/routing/legacy-setting.ts";
import { createFastClock } from "../../support/fast-clock.ts";
import { createMemoryLog } from "../../support/memory-log.ts";
import { sampleSite } from "../../support/observations.ts";
import { armAnswer } from "./peers.ts";

type Settings = Readonly<Record<string, string>>;

/** App settings as Azure keeps them: replaced as a whole, without an ETag. `meanwhile` runs before each request. */
function settingsOf(initial: Settings, meanwhile: (request: number, settings: Settings) => Settings) {
  let settings = initial;
  const requests: ArmRequest[] = [];
  const manager: ResourceManager = {
    origin: "https://arm.test",
    sitesOf: () => Promise.reject(new Error("the typed client was not expected here")),
    signIn: async () => {},
    async send(request) {
      settings = meanwhile(requests.length, settings);
      requests.push(request);
      if (request.method === "PUT") settings = propertiesOf(request.body);
      return armAnswer(200, { properties: settings });
    },
  };
  return {
    manager,
    requests,
    now: () => settings,
    /** Somebody else's edit; `null` takes it out. */
    set(name: string, value: string | null): void {
      const { [name]: _, ...others } = settings;
      settings = value === null ? others : { ...others, [name]: value };
    },
  };
}

function propertiesOf(body: unknown): Settings {
  const { properties } = JSON.parse(JSON.stringify(body));
  return properties;
}

const names = fc.oneof(fc.constantFrom(...legacySettings), fc.string({ minLength: 1, maxLength: 8 }));
const settings: fc.Arbitrary<Settings> = fc
  .dictionary(names, fc.string({ maxLength: 12 }), { noNullPrototype: true })
  .map((all) => ({ ...all }));
const edits: fc.Arbitrary<SettingEdit> = fc.record({
  setting: fc.constantFrom(...legacySettings),
  to: fc.constantFrom("on", "absent"),
});

function run(manager: ResourceManager, edit: SettingEdit, log = createMemoryLog()) {
  const write = createSettingsWriter(manager, { clock: createFastClock(), log });
  return write({ observation: sampleSite("app-x"), edit, timeoutMs: 5_000 });
}

describe("editing one app setting", () => {
  test("changes exactly that one, whatever the others are", async () => {
    await fc.assert(
      fc.asyncProperty(settings, edits, async (before, edit) => {
        const azure = settingsOf(before, (_request, current) => current);
        expect(await run(azure.manager, edit)).toMatchObject({ kind: "accepted", receipt: { status: 200 } });
        const { [edit.setting]: _, ...others } = before;
        const wanted = {
          WEBSITE_VNET_ROUTE_ALL: "1",
          WEBSITE_PULL_IMAGE_OVER_VNET: "true",
          WEBSITE_CONTENTOVERVNET: "1",
        };
        const after = edit.to === "on" ? { ...others, [edit.setting]: wanted[edit.setting] } : others;
        expect(azure.now()).toEqual(after);
      }),
    );
  });

  test("never loses what somebody else writes, before the second reading or after the write, and says so", async () => {
    await fc.assert(
      fc.asyncProperty(
        settings,
        edits,
        fc.constantFrom(0, 1, 3),
        fc.string({ minLength: 1, maxLength: 8 }).filter((name) => !(name in {})),
        async (before, edit, when, value) => {
          const azure = settingsOf(before, (request, current) =>
            request === when ? { ...current, SOMEBODY_ELSES: value } : current,
          );
          const result = await run(azure.manager, edit);
          expect(azure.now().SOMEBODY_ELSES).toBe(value);
          if (when === 1) {
            expect(result).toMatchObject({ kind: "refused", failure: { code: "azure-busy" } });
            expect(azure.requests.every(({ method }) => method === "POST")).toBe(true);
          } else {
            expect(result.kind).toBe("accepted");
            const told = result.kind === "accepted" && result.receipt.othersChanged === true;
            expect(told).toBe(when === 3);
          }
        },
      ),
    );
  });

  test("edits of others in any order: only one in the moment between reading and writing can be overwritten", async () => {
    const edit = { setting: "WEBSITE_VNET_ROUTE_ALL", to: "absent" } as const;
    const moments = new Set<string>();
    const others = fc.array(
      fc.record({
        name: fc.constantFrom("A", "B", "C", "PASSWORD"),
        value: fc.option(fc.string({ maxLength: 4 })),
      }),
      { maxLength: 6 },
    );
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), settings, others, async (scheduler, before, edits) => {
        const azure = settingsOf({ ...before, WEBSITE_VNET_ROUTE_ALL: "1" }, (_request, now) => now);
        let reads = 0;
        /** A request arrives and its answer comes back when the scheduler lets it; in between it is one action. */
        const manager: ResourceManager = {
          ...azure.manager,
          send: async (request) => {
            await scheduler.schedule(Promise.resolve(), `${request.method} arrives`);
            if (request.method === "POST") reads += 1;
            const answer = await azure.manager.send(request);
            await scheduler.schedule(Promise.resolve(), `${request.method} is answered`);
            return answer;
          },
        };
        const made: { readonly name: string; readonly value: string | null; readonly exposed: boolean }[] =
          [];
        const makeEdit = async (one: (typeof edits)[number]) => {
          await scheduler.schedule(Promise.resolve(), `edit of ${one.name}`);
          const isWritten = azure.requests.some(({ method }) => method === "PUT");
          made.push({ ...one, exposed: reads === 2 && !isWritten });
          azure.set(one.name, one.value);
        };
        const result = run(manager, edit);
        const all = edits.map((one) => makeEdit(one));
        await scheduler.waitFor(Promise.all([result, ...all]));

        // What each key has to be in the end: what was done to it last, unless that was in the exposed moment.
        const last = new Map(made.map((one) => [one.name, one]));
        const now = azure.now();
        for (const [name, one] of last) {
          if (!one.exposed) expect({ name, value: now[name] ?? null }).toEqual({ name, value: one.value });
        }
        for (const [name, value] of Object.entries(before)) {
          if (!last.has(name) && name !== edit.setting) expect(now[name]).toBe(value);
        }
        // Nothing comes out of nowhere, and our own key is out or nothing was sent.
        const known = new Set([...Object.keys(before), ...last.keys(), edit.setting]);
        expect(Object.keys(now).filter((name) => !known.has(name))).toEqual([]);
        expect(azure.requests.filter(({ method }) => method === "PUT").length).toBeLessThanOrEqual(1);
        const outcome = await result;
        expect(edit.setting in now).toBe(outcome.kind === "refused");
        if (outcome.kind === "refused") expect(outcome.failure.code).toBe("azure-busy");
        moments.add(outcome.kind);
        for (const { exposed } of made) moments.add(exposed ? "exposed" : "safe");
      }),
      { numRuns: 500 },
    );
    expect(moments).toEqual(new Set(["accepted", "refused", "exposed", "safe"]));
  });

  test("what is refused or not answered is told as that, and no value is logged", async () => {
    const secret = "s3cret-value";
    for (const [answer, kind] of [
      [armAnswer(403, { error: { code: "AuthorizationFailed", message: "no" } }), "refused"],
      [armAnswer(500, {}), "unclear"],
      [new Error("reset"), "unclear"],
    ] as const) {
      const log = createMemoryLog();
      const azure = settingsOf({ PASSWORD: secret }, (_request, current) => current);
      const manager: ResourceManager = {
        ...azure.manager,
        send: async (request) => {
          if (request.method !== "PUT") return azure.manager.send(request);
          if (answer instanceof Error) throw answer;
          return answer;
        },
      };
      const result = await run(manager, { setting: "WEBSITE_VNET_ROUTE_ALL", to: "on" }, log);
      expect(result.kind).toBe(kind);
      expect(JSON.stringify([result, log.lines])).not.toContain(secret);
    }
  });

  test("without the right to read them nothing is written", async () => {
    const requests: string[] = [];
    const manager: ResourceManager = {
      ...settingsOf({}, (_request, current) => current).manager,
      send: async ({ method }) => {
        requests.push(method);
        return armAnswer(403, { error: { code: "AuthorizationFailed", message: "no" } });
      },
    };
    const result = await run(manager, { setting: "WEBSITE_VNET_ROUTE_ALL", to: "on" });
    expect(result).toMatchObject({ kind: "refused", failure: { code: "azure-denied" } });
    expect(requests).toEqual(["POST"]);
  });
});
