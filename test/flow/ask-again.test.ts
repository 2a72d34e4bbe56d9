import { describe, expect, test } from "vitest";
import { FlowWorld } from "../support/flow-world.ts";
import { approved, appX } from "./approved-world.ts";

const offered = ({ actions }: { readonly actions: readonly { readonly verb: string }[] }) =>
  actions.map(({ verb }) => verb);

async function stale(): Promise<FlowWorld> {
  const world = await approved();
  world.routing.setFlags(appX, { imagePullTraffic: true });
  await world.run();
  return world;
}

describe("a request that went out of date", () => {
  test("shows what is different now and offers a new request, on the card and in the thread", async () => {
    const world = await stale();
    expect(world.card("CR-1").summary).toContain("imagePullTraffic was false and is true");
    expect(world.shown.at(-1)?.title).toBe("CR-1: out of date");
    expect(offered(world.card("CR-1"))).toEqual(["again"]);
    expect(world.shown.at(-1)?.actions).toEqual(world.card("CR-1").actions);
  });

  test("is followed by a request with a new plan, linked to it, that nobody has approved", async () => {
    const world = await stale();
    expect(await world.click("robin", "again", "CR-1")).toMatchObject({
      kind: "notice",
      text: expect.stringContaining("to be approved anew"),
    });
    await world.run();
    const [old, next] = await Promise.all(
      (["CR-1", "CR-2"] as const).map((id) => world.store.requests.get(id)),
    );
    expect(old?.state).toBe("stale");
    expect(next).toMatchObject({
      state: "pending",
      approvals: [],
      follows: { kind: "again", of: "CR-1" },
      wish: { set: { applicationTraffic: true }, via: "property" },
    });
    expect(next?.plan.fingerprint).not.toBe(old?.plan.fingerprint);
    expect(next?.plan.entries[0].wanted).toMatchObject({ applicationTraffic: true, imagePullTraffic: true });
    expect(JSON.stringify(world.card("CR-2").blocks)).toContain('"Asked again after","value":"CR-1"');
    expect(
      world.store.events.find(({ kind, request }) => kind === "opened" && request === "CR-2"),
    ).toMatchObject({
      details: { again: "CR-1" },
    });
    expect(world.writes).toBe(0);

    await world.click("ana", "approve", "CR-2");
    await world.run();
    expect(world.writes).toBe(1);
    expect((await world.store.requests.get("CR-2"))?.state).toBe("confirmed");
  });

  test("two clicks, also of two people at once, open one request", async () => {
    const world = await stale();
    await Promise.all([
      world.click("robin", "again", "CR-1"),
      world.click("robin", "again", "CR-1"),
      world.click("ana", "again", "CR-1"),
    ]);
    await world.run();
    expect(await world.store.requests.listOpen({ limit: 5 })).toHaveLength(1);
    expect(
      world.shown.filter(({ summary }) => summary.includes("is open and asks for the same")),
    ).toHaveLength(2);
  });

  test("is not asked for again by somebody who may not ask, nor once it is as wanted", async () => {
    const world = await stale();
    expect(await world.click("olga", "again", "CR-1")).toMatchObject({
      text: expect.stringContaining("not among those who may ask"),
    });
    world.routing.setFlags(appX, { applicationTraffic: true });
    await world.click("robin", "again", "CR-1");
    await world.run();
    expect(world.latest).toContain("Nothing to change");
    expect(await world.store.requests.listOpen({ limit: 5 })).toEqual([]);
  });

  test("because an approver was taken off the list, after the approval and before the write, is offered anew as well", async () => {
    const world = await approved();
    world.rule = { ...world.rule, approve: ["ben"] };
    await world.run();
    expect(world.writes).toBe(0);
    expect(world.card("CR-1").summary).toContain("no longer count under the policy now in force");
    await world.click("robin", "again", "CR-1");
    await world.run();
    expect(await world.click("ana", "approve", "CR-2")).toMatchObject({
      text: expect.stringContaining("You are not an approver"),
    });
    await world.click("ben", "approve", "CR-2");
    await world.run();
    expect((await world.store.requests.get("CR-2"))?.state).toBe("confirmed");
  });

  test("only then can be asked for again", async () => {
    const world = await approved();
    expect(await world.click("robin", "again", "CR-1")).toMatchObject({
      text: expect.stringContaining("CR-1 is not out of date"),
    });
    expect(await world.click("robin", "again", "CR-7")).toMatchObject({
      text: expect.stringContaining("no change request CR-7"),
    });
  });

  test("under rules that are for some flags, or one direction, is asked for by whoever may ask for those", async () => {
    const world = await approved();
    const on = {
      ...world.rule,
      name: "on",
      direction: "on" as const,
      flags: ["applicationTraffic"] as const,
    };
    world.policyInForce = {
      ...world.policy,
      rules: [on, { ...world.rule, name: "others", request: ["ana"] }],
    };
    world.routing.setFlags(appX, { imagePullTraffic: true });
    await world.run();
    expect(await world.click("robin", "again", "CR-1")).toMatchObject({
      text: expect.stringContaining("to be approved anew"),
    });
    await world.run();
    expect((await world.store.requests.get("CR-2"))?.state).toBe("pending");
  });

  test("for a temporary change is asked for as one, for the same time", async () => {
    const world = new FlowWorld();
    await world.say("robin", "route all traffic for app-x for 90 minutes");
    await world.click("ana", "approve", "CR-1");
    world.routing.setFlags(appX, { imagePullTraffic: true });
    await world.run();
    expect(offered(world.card("CR-1"))).toEqual(["again"]);
    await world.click("robin", "again", "CR-1");
    await world.run();
    expect(await world.store.requests.get("CR-2")).toMatchObject({
      state: "pending",
      lastsMs: 90 * 60_000,
      follows: { kind: "again", of: "CR-1" },
    });
  });

  test("for an undo offers that undo, which is asked for and approved anew", async () => {
    const world = await approved();
    await world.run();
    await world.say("robin", "undo CR-1");
    await world.click("ana", "approve", "CR-2");
    world.routing.setFlags(appX, { imagePullTraffic: true });
    await world.run();
    expect((await world.store.requests.get("CR-2"))?.state).toBe("stale");
    expect(world.card("CR-2").actions).toMatchObject([{ verb: "undo", id: "CR-1" }]);
    await world.click("robin", "undo", "CR-1");
    await world.run();
    expect(await world.store.requests.get("CR-3")).toMatchObject({
      state: "pending",
      approvals: [],
      follows: { kind: "undo", of: "CR-1" },
    });
    await world.click("ana", "approve", "CR-3");
    await world.run();
    expect(world.routing.site(appX).flags).toMatchObject({
      applicationTraffic: false,
      imagePullTraffic: true,
    });
  });
});
