import { describe, expect, test } from "vitest";
import type { FreezeWindow } from "../../src/domain/change/freeze-window.ts";
import { handlers } from "../../src/flow/handlers.ts";
import { FlowWorld } from "../support/flow-world.ts";
import { toTheEnd } from "./approved-world.ts";

const day = 24 * 60;
/** The world's clock begins on a Sunday, 14:00 UTC. */
const window = (fromHour: number, toHour: number, more: Partial<FreezeWindow> = {}): FreezeWindow => ({
  name: "sunday",
  zone: "UTC",
  stopsBreakGlass: false,
  spans: [{ kind: "weekly", from: 6 * day + fromHour * 60, to: 6 * day + toHour * 60 }],
  ...more,
});
const stateOf = async (world: FlowWorld) => (await world.store.requests.get("CR-1"))?.state;
const minutes = (count: number) => count * 60_000;

async function requested(freeze: readonly FreezeWindow[]): Promise<FlowWorld> {
  const world = new FlowWorld();
  world.rule = { ...world.rule, freeze };
  await world.say("robin", "route all traffic for app-x");
  return world;
}

/** Runs what is due until the clock shows the time. */
async function runUntil(world: FlowWorld, time: string): Promise<void> {
  const end = Date.parse(`2026-11-22T${time}:00Z`);
  for (;;) {
    await world.run();
    const due = world.store.work.nextDue?.getTime() ?? end;
    if (due >= end) break;
    world.clock.advance(Math.max(due - world.clock.now().getTime(), 1));
  }
  world.clock.advance(end - world.clock.now().getTime());
  await world.run();
}

describe("in a freeze of the policy", () => {
  test("a new request says so on its card, and an approved one waits and says until when", async () => {
    const world = await requested([window(13, 14.5)]);
    const note = 'The freeze "sunday" is on until 2026-11-22 14:30 UTC. Once approved, the change waits';
    expect(JSON.stringify(world.card("CR-1").blocks)).toContain(JSON.stringify(note).slice(1, -1));
    await world.click("ana", "approve", "CR-1");
    await runUntil(world, "14:29");
    expect(world.writes).toBe(0);
    expect(world.card("CR-1").summary).toContain(
      'Approved. It waits: the freeze "sunday" is on until 2026-11-22 14:30 UTC. When that ends it is applied, if that is before 2026-11-22 15:00 UTC.',
    );
    const told = world.shown.filter(({ summary }) => summary.includes("is approved and waits"));
    expect(told).toHaveLength(1);
    await runUntil(world, "14:31");
    expect(await stateOf(world)).toBe("confirmed");
    expect(world.writes).toBe(1);
  });

  test("the card says that it was approved and waits, also when a worker died while it was to draw that", async () => {
    const world = await requested([window(13, 14.5)]);
    await world.click("ana", "approve", "CR-1");
    const deadline = () => Promise.reject(new Error("killed"));
    await world.store.work.start({ ...handlers(world.flow), deadline });
    world.clock.advance(1_500);
    await world.store.work.runAll();
    expect(world.card("CR-1").summary).not.toContain("Approved. It waits");
    await runUntil(world, "14:05");
    expect(world.card("CR-1").summary).toContain("Approved. It waits");
  });

  test("holds a change under a rule that is for some flags or one direction alone", async () => {
    const world = new FlowWorld();
    const held = { ...world.rule, name: "on", direction: "on" as const, freeze: [window(13, 20)] };
    world.policyInForce = { ...world.policy, rules: [held, { ...world.rule, name: "others" }] };
    await world.say("robin", "route all traffic for app-x");
    await world.click("ana", "approve", "CR-1");
    await runUntil(world, "14:30");
    expect(world.writes).toBe(0);
    await world.say("robin", "status of app-x");
    expect(JSON.stringify(world.shown.at(-1)?.blocks)).toContain("sunday");
  });

  test("that ends after the time to apply, the request expires visibly and nothing is written", async () => {
    const world = await requested([window(13, 20)]);
    await world.click("ana", "approve", "CR-1");
    await runUntil(world, "15:00");
    expect(await stateOf(world)).toBe("expired");
    expect(world.writes).toBe(0);
    expect(world.latest).toContain("could not be applied in time");
  });

  test("that is put into the policy after the approval, the write waits; taken out of it, it goes on", async () => {
    const world = await requested([]);
    await world.click("ana", "approve", "CR-1");
    world.rule = { ...world.rule, freeze: [window(0, 24)] };
    await runUntil(world, "14:10");
    expect(world.writes).toBe(0);
    world.rule = { ...world.rule, freeze: [] };
    await runUntil(world, "14:11");
    expect(await stateOf(world)).toBe("confirmed");
  });

  test("status says that a change would have to wait", async () => {
    const world = await requested([window(13, 20)]);
    await world.say("robin", "status of app-x");
    expect(JSON.stringify(world.shown.at(-1)?.blocks[0])).toContain('The freeze \\"sunday\\" is on until');
  });
});

describe("freeze and unfreeze", () => {
  test("stop every write until somebody lets them go on; the cards, status and help say so", async () => {
    const world = await requested([]);
    await world.say("ana", "freeze all changes because of the sale");
    expect(world.latest).toContain("Stopped: all changes.");
    expect(JSON.stringify(world.card("CR-1").blocks)).toContain(
      "All changes are stopped by Ana Alvarez since 2026-11-22 14:00 UTC",
    );
    await world.click("ana", "approve", "CR-1");
    await runUntil(world, "14:20");
    expect(world.writes).toBe(0);
    expect(world.card("CR-1").summary).toContain(
      "Approved. It waits: all changes are stopped by Ana Alvarez",
    );
    for (const text of ["status of app-x", "help"]) {
      await world.say("robin", text);
      expect(JSON.stringify(world.shown.at(-1)?.blocks[0])).toContain(
        "All changes are stopped by Ana Alvarez",
      );
    }
    await world.say("ana", "unfreeze");
    expect(world.latest).toContain("No longer stopped: all changes.");
    await runUntil(world, "14:21");
    expect(await stateOf(world)).toBe("confirmed");
    expect(world.store.events.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(["stopped", "let-go-on"]),
    );
    expect(world.store.events.find(({ kind }) => kind === "stopped")).toMatchObject({
      person: { id: "ana" },
      account: { user: "ana" },
      policyVersion: "policy-1",
      details: { scope: "all changes" },
    });
  });

  test("are for those whom the policy names, and a refused attempt is in the audit", async () => {
    const world = await requested([]);
    for (const text of ["freeze all changes", "unfreeze"]) {
      await world.say("robin", text);
      expect(world.latest).toContain("not among those who may stop changes");
      expect(world.latest).toContain("Ana Alvarez may.");
      expect(world.store.events.at(-1)).toMatchObject({
        kind: "refused",
        person: { id: "robin" },
        details: { code: "not-allowed-to-stop" },
      });
    }
    world.stop = [];
    await world.say("ana", "freeze all changes");
    expect(world.latest).toContain("the policy names nobody under stop");
    expect(await world.store.stops.active()).toEqual([]);
    await world.say("robin", "help");
    expect(world.latest).not.toContain("freeze");
  });

  test.each([
    ["freeze app-x", true],
    ["freeze app-y", false],
    ["freeze changes for all apps in rg-shop", true],
    ["freeze all changes", true],
  ])("%s stops the write to app-x: %s", async (text, isHeld) => {
    const world = await requested([]);
    await world.say("ana", text);
    await world.click("ana", "approve", "CR-1");
    await runUntil(world, "14:05");
    expect(world.writes).toBe(isHeld ? 0 : 1);
  });

  test("of a name that is nowhere stops nothing and says so; when Azure cannot be asked, it stops", async () => {
    const world = await requested([]);
    await world.say("ana", "freeze app-z");
    expect(world.latest).toContain("nothing was stopped");
    expect(await world.store.stops.active()).toEqual([]);
    world.routing.order.find({ kind: "failed", failure: { code: "azure-unreachable", message: "Away." } });
    await world.say("ana", "freeze app-z");
    expect(world.latest).toContain("Stopped: changes of app-z.");
  });

  test("one lifts exactly what is named, or everything", async () => {
    const world = await requested([]);
    await world.say("ana", "freeze app-x");
    await world.say("ana", "freeze all changes");
    await world.say("ana", "unfreeze app-y");
    expect(world.latest).toContain("nothing was lifted");
    await world.say("ana", "unfreeze app-x");
    expect(world.latest).toContain("No longer stopped: changes of app-x.");
    expect(world.latest).toContain("Still on: All changes are stopped by Ana Alvarez");
    await world.say("ana", "unfreeze");
    expect(await world.store.stops.active()).toEqual([]);
    await world.say("ana", "unfreeze");
    expect(world.latest).toContain("No freeze is on");
  });

  test("a change in the middle of its steps begins no further one, and goes on afterwards", async () => {
    const world = new FlowWorld();
    world.rule = { ...world.rule, applyWithinMs: minutes(120) };
    await world.say("robin", "route all traffic for app-x and app-y");
    await world.click("ben", "approve", "CR-1");
    let stopped: Promise<void> | undefined;
    world.routing.order.write(() => {
      stopped = (async () => {
        await world.store.stops.begin(
          {
            id: "s",
            scope: {},
            by: { id: "ana", name: "Ana Alvarez" },
            account: { platform: "teams", tenant: "tenant-1", user: "ana" },
            at: world.clock.now(),
          },
          { events: [], owed: [], jobs: [] },
        );
      })();
      return { result: { kind: "accepted", receipt: { status: 200 } }, apply: "all" };
    });
    await world.run();
    await stopped;
    expect(world.writes).toBe(1);
    expect(await stateOf(world)).toBe("applying");
    expect(world.latest).toContain("CR-1 waits in the middle: all changes are stopped by Ana Alvarez");
    await runUntil(world, "14:30");
    expect(world.writes).toBe(1);
    await world.say("ana", "unfreeze");
    await runUntil(world, "14:31");
    expect(world.writes).toBe(2);
    expect(await stateOf(world)).toBe("confirmed");
  });

  test("a change in the middle that stays stopped past its time to apply ends, and says what was done", async () => {
    const world = new FlowWorld();
    await world.say("robin", "route all traffic for app-x and app-y");
    await world.click("ben", "approve", "CR-1");
    world.routing.order.write(() => {
      void world.store.stops.begin(
        {
          id: "s",
          scope: {},
          by: { id: "ana", name: "Ana Alvarez" },
          account: { platform: "teams", tenant: "tenant-1", user: "ana" },
          at: world.clock.now(),
        },
        { events: [], owed: [], jobs: [] },
      );
      return { result: { kind: "accepted", receipt: { status: 200 } }, apply: "all" };
    });
    await runUntil(world, "15:02");
    expect(world.writes).toBe(1);
    expect(await stateOf(world)).toBe("failed");
    expect(world.latest).toContain("1 of 2 steps done");
    expect(world.latest).toContain("The time to apply it was over");
  });

  test("the same freeze twice is one, and a crash between the stop and its answer loses neither", async () => {
    const world = await requested([]);
    const { record } = world.store.requests;
    const lost = new Error("lost");
    let failures = 1;
    Object.assign(world.store.requests, {
      record: (effects: Parameters<typeof record>[0]) =>
        effects.answers !== undefined && failures-- > 0 ? Promise.reject(lost) : record(effects),
    });
    await world.send("ana", "freeze all changes");
    await expect(world.run()).rejects.toThrow("handle-message failed");
    expect(await world.store.stops.active()).toHaveLength(1);
    world.clock.advance(minutes(1));
    await world.run();
    expect(await world.store.stops.active()).toHaveLength(1);
    expect(world.latest).toContain("Stopped: all changes.");
    expect(world.store.events.filter(({ kind }) => kind === "stopped")).toHaveLength(1);
  });

  test("while the stops cannot be read nothing is written", async () => {
    const world = await requested([]);
    await world.click("ana", "approve", "CR-1");
    const { active } = world.store.stops;
    Object.assign(world.store.stops, { active: () => Promise.reject(new Error("away")) });
    await expect(world.run()).rejects.toThrow("apply failed");
    expect(world.writes).toBe(0);
    Object.assign(world.store.stops, { active });
    await toTheEnd(world);
    expect(await stateOf(world)).toBe("confirmed");
  });
});
