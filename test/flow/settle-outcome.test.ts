import { describe, expect, test } from "vitest";
import { FlowWorld } from "../support/flow-world.ts";
import { allFlagsOff, noLegacySettings, sampleSite } from "../support/observations.ts";
import { approved, appX, failure, toTheEnd } from "./approved-world.ts";

const minutes = 60_000;
const unanswered = { kind: "unclear", failure: failure("azure-unreachable", "No answer.") } as const;
const accepted = { kind: "accepted", receipt: { status: 202 } } as const;

const outcomeOf = async (world: FlowWorld) => {
  const request = await world.store.requests.get("CR-1");
  return request && "outcomes" in request ? request.outcomes.map(({ kind }) => kind) : [];
};
const settled = (world: FlowWorld) => world.shown.filter(({ title }) => title === "CR-1: settled later");

/** CR-1 was sent, no answer came, and the site read as before when the time to read back was over. */
async function unknown(): Promise<FlowWorld> {
  const world = await approved();
  world.routing.order.write({ result: unanswered });
  await toTheEnd(world);
  await world.run();
  expect(await outcomeOf(world)).toEqual(["unknown"]);
  return world;
}

describe("an outcome that was not clear", () => {
  test("is looked into: what came late is told, with a button for an undo, and the request stays as it ended", async () => {
    const world = await unknown();
    const ended = await world.store.requests.get("CR-1");
    expect(JSON.stringify(world.card("CR-1").blocks)).toContain("I look at it again until");
    await world.pass(5 * minutes);
    expect(settled(world)).toEqual([]);
    world.routing.setFlags(appX, { applicationTraffic: true });
    await world.pass(10 * minutes);
    expect(settled(world)).toMatchObject([
      {
        summary:
          "What became of CR-1 (Application traffic (Route All) on for app-x): app-x reads as wanted by now: the write has taken effect.",
        actions: [{ verb: "undo", id: "CR-1" }],
      },
    ]);
    expect(JSON.stringify(world.card("CR-1").blocks)).toContain("Settled later. ");
    expect(await world.store.requests.get("CR-1")).toEqual(ended);
    expect(world.store.events.at(-1)).toMatchObject({ kind: "settled", request: "CR-1" });
    expect(world.store.work.waiting).toEqual([]);
    expect(world.writes).toBe(1);
    await world.say("robin", "history of CR-1");
    expect(world.latest).toContain("what was not clear was settled: app-x reads as wanted by now");

    await world.click("robin", "undo", "CR-1");
    await world.run();
    expect((await world.store.requests.get("CR-2"))?.state).toBe("pending");
  });

  test("that still reads as before after an hour is told as that", async () => {
    const world = await unknown();
    const looks = world.routing.calls.length;
    await world.pass(61 * minutes);
    expect(settled(world)[0]?.summary).toContain("app-x still reads as before: the write had no effect");
    expect(settled(world)[0]?.actions).toEqual([]);
    expect(world.routing.calls.length - looks).toBeLessThan(15);
    expect(world.store.work.waiting).toEqual([]);
  });

  test("of a site that somebody changed, or another request, can no longer be told", async () => {
    const world = await unknown();
    await world.say("robin", "enable backup/restore over vnet for app-x");
    await world.click("ana", "approve", "CR-2");
    await world.pass(5 * minutes);
    expect(settled(world)[0]?.summary).toContain("app-x says something else by now");
    expect(settled(world)).toHaveLength(1);
  });

  test("of a site that cannot be read is told as that, and once it can be, as what it is", async () => {
    const world = await unknown();
    const { observe } = world.routing;
    world.routing.observe = async () => ({ kind: "failed", failure: failure("azure-unreachable", "Away.") });
    await world.pass(30 * minutes);
    expect(settled(world)).toEqual([]);
    world.routing.observe = observe;
    world.routing.setFlags(appX, { applicationTraffic: true, imagePullTraffic: true });
    await world.pass(15 * minutes);
    expect(settled(world)[0]?.summary).toContain("app-x reads as wanted by now");

    const other = await unknown();
    other.routing.observe = async () => ({ kind: "failed", failure: failure("azure-unreachable", "Away.") });
    await other.pass(61 * minutes);
    expect(settled(other)[0]?.summary).toContain("app-x could not be read to the end");
  });

  test("of an edit of a legacy setting is settled by the setting", async () => {
    const legacy = { ...noLegacySettings, WEBSITE_VNET_ROUTE_ALL: "on" } as const;
    const world = new FlowWorld([sampleSite("app-x", { legacy, flags: allFlagsOff })]);
    await world.say("robin", "stop routing application traffic for app-x");
    await world.click("ana", "approve", "CR-1");
    world.routing.order.edit({ result: unanswered });
    await toTheEnd(world);
    expect(await outcomeOf(world)).toEqual(["unknown"]);
    world.routing.editSettings(appX, { setting: "WEBSITE_VNET_ROUTE_ALL", to: "absent" });
    await world.pass(2 * minutes);
    expect(settled(world)[0]?.summary).toContain("WEBSITE_VNET_ROUTE_ALL of app-x reads as wanted by now");
  });

  test("after a crash is settled once", async () => {
    const world = await unknown();
    world.routing.setFlags(appX, { applicationTraffic: true });
    const { record } = world.store.requests;
    Object.assign(world.store.requests, {
      record: async (effects: Parameters<typeof record>[0]) => {
        Object.assign(world.store.requests, { record });
        await record(effects);
        throw new Error("killed");
      },
    });
    world.clock.advance(1 * minutes);
    await expect(world.run()).rejects.toThrow("aftercare failed");
    await world.pass(61 * minutes);
    expect(settled(world)).toHaveLength(1);
    expect(world.store.events.filter(({ kind }) => kind === "settled")).toHaveLength(1);
  });
});

describe("what Azure accepted without effect", () => {
  test("and does late is told", async () => {
    const world = await approved();
    world.routing.order.write({ result: accepted, apply: "nothing" });
    await toTheEnd(world);
    expect(await outcomeOf(world)).toEqual(["accepted-not-applied"]);
    world.routing.setFlags(appX, { applicationTraffic: true });
    await world.pass(2 * minutes);
    expect(settled(world)[0]?.summary).toContain("the write has taken effect");
  });

  test("and never does is no news", async () => {
    const world = await approved();
    world.routing.order.write({ result: accepted, apply: "nothing" });
    await toTheEnd(world);
    await world.run();
    const before = world.shown.length;
    await world.pass(61 * minutes);
    expect(world.shown).toHaveLength(before);
    expect(world.store.work.waiting).toEqual([]);
  });
});

test("a clear outcome is not looked into", async () => {
  const world = await approved();
  world.routing.order.write({ result: { kind: "refused", failure: failure("azure-denied", "No.") } });
  await toTheEnd(world);
  expect(await outcomeOf(world)).toEqual(["not-applied"]);
  expect(await world.store.requests.aftercareOf("CR-1")).toBeUndefined();
});
