import { describe, expect, test } from "vitest";
import { channel, FlowWorld, type Who } from "../support/flow-world.ts";

async function answer(world: FlowWorld, who: Who, text: string): Promise<string> {
  await world.say(who, text);
  return world.latest;
}

async function opened(): Promise<FlowWorld> {
  const world = new FlowWorld();
  await world.say("robin", "route all traffic for app-x");
  return world;
}

describe("who can approve", () => {
  test("names them by the policy now in force, who already has, and the rule", async () => {
    const world = await opened();
    world.rule = { ...world.rule, quorum: 2, approve: ["ana", "ben"] };
    expect(await answer(world, "robin", "who can approve CR-1?")).toBe(
      'CR-1 can be approved by Ana Alvarez or Ben Becker. Rule "shop".',
    );
    await world.click("ana", "approve", "CR-1");
    expect(await answer(world, "ben", "who can approve CR-1?")).toContain("Ana Alvarez already has.");
    world.rule = { ...world.rule, approve: [] };
    expect(await answer(world, "robin", "who can approve CR-1?")).toContain("can be approved by nobody");
  });

  test("says when nobody can any more, or no rule is left", async () => {
    const world = await opened();
    const { sites } = world.rule;
    world.rule = { ...world.rule, sites: { ...sites, names: ["other"] } };
    expect(await answer(world, "robin", "who can approve CR-1?")).toContain(
      "no rule of the policy now in force",
    );
    world.rule = { ...world.rule, sites };
    await world.click("robin", "cancel", "CR-1");
    await world.run();
    expect(await answer(world, "robin", "who can approve CR-1?")).toContain("has ended (cancelled)");
  });

  test("is told of a site to whoever may see it, and to nobody else", async () => {
    const world = new FlowWorld();
    expect(await answer(world, "ben", "who can approve changes for app-x?")).toContain(
      "can be approved by Ana Alvarez or Ben Becker",
    );
    expect(await answer(world, "olga", "who can approve changes for app-x?")).not.toContain("Ana");
    world.rule = { ...world.rule, see: ["olga"] };
    expect(await answer(world, "olga", "who can approve changes for app-x?")).toContain("Ana Alvarez");
    expect(await answer(world, "ben", "who can approve changes for no-such-site?")).toContain(
      "I know no site",
    );
  });

  test('of "this" is told of the one open request of the thread, and nothing is guessed of several', async () => {
    const world = await opened();
    expect(await answer(world, "ben", "who can approve this?")).toMatch(/^CR-1 can be approved by Ana/);
    expect(await answer(world, "olga", "who can approve this?")).toContain('"who can approve CR-3"');
    await world.say("ben", "who can approve this?", { ...channel, thread: "2" });
    expect(world.latest).toContain('"who can approve CR-3"');
    await world.say("robin", "turn on image pull for app-x");
    expect(await answer(world, "ben", "who can approve this?")).toContain('"who can approve CR-1"');
  });

  test("is not told of a request to whoever may see nothing of it", async () => {
    const world = await opened();
    expect(await answer(world, "olga", "who can approve CR-1?")).toContain("I know no change request CR-1");
    expect(await answer(world, "olga", "why can't I approve CR-1?")).toContain(
      "I know no change request CR-1",
    );
  });
});

describe("why somebody cannot approve", () => {
  test("is what the click would say, with the rule", async () => {
    const world = await opened();
    expect(await answer(world, "robin", "why can't I approve CR-1?")).toMatch(
      /You asked for CR-1 yourself.*rule "shop"/,
    );
    expect(await answer(world, "ben", "why can't I approve CR-1?")).toContain("you can approve CR-1");
    world.rule = { ...world.rule, see: ["olga"], unreadable: ["network"] };
    expect(await answer(world, "olga", "why can't I approve CR-1?")).toMatch(
      /You are not an approver.*could not read who is in network/,
    );
    expect((await world.store.requests.get("CR-1"))?.approvals).toEqual([]);
  });

  test("tells whose approval no longer counts, and why", async () => {
    const world = await opened();
    world.rule = { ...world.rule, quorum: 2 };
    await world.click("ana", "approve", "CR-1");
    expect(await answer(world, "ana", "why can't I approve CR-1?")).toContain("already approved CR-1");
    world.rule = { ...world.rule, approve: ["ben"] };
    expect(await answer(world, "ana", "why can't I approve CR-1?")).toContain(
      "Your approval of CR-1 no longer counts",
    );
  });

  test("of what is decided says how it stands, and what it waits for", async () => {
    const world = await opened();
    await world.say("ana", "freeze all because of the sale");
    await world.click("ana", "approve", "CR-1");
    await world.run();
    const waiting = await answer(world, "robin", "why is CR-1 stuck?");
    expect(waiting).toMatch(/^CR-1: Approved\. It waits: all changes are stopped by Ana Alvarez.*the sale/);
    await world.say("ana", "unfreeze");
    world.clock.advance(60_000);
    await world.run();
    expect(await answer(world, "robin", "why can't I approve CR-1?")).toBe(
      "CR-1 has ended: it was applied and confirmed.",
    );
  });

  test("the same for a site", async () => {
    const world = new FlowWorld();
    expect(await answer(world, "robin", "why can't I approve changes of app-x?")).toContain(
      "you may ask for changes of app-x, and you are not among the approvers",
    );
  });
});

test("own requests count where the rule says so, once", async () => {
  const world = new FlowWorld();
  world.rule = { ...world.rule, selfApproval: true, quorum: 2 };
  await world.say("ana", "route all traffic for app-x");
  await world.click("ana", "approve", "CR-1");
  await world.click("ana", "approve", "CR-1");
  expect((await world.store.requests.get("CR-1"))?.approvals).toHaveLength(1);
  expect(await world.click("robin", "approve", "CR-1")).toMatchObject({ kind: "notice" });
  await world.click("ben", "approve", "CR-1");
  await world.run();
  expect((await world.store.requests.get("CR-1"))?.state).toBe("confirmed");
});
