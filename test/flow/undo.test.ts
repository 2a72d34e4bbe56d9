import { describe, expect, test } from "vitest";
import { FlowWorld } from "../support/flow-world.ts";
import { allFlagsOff, noLegacySettings, sampleSite, sampleTarget } from "../support/observations.ts";

const appX = sampleTarget("app-x").resourceId;
const appY = sampleTarget("app-y").resourceId;

/** CR-1 is confirmed: application traffic of app-x is on. */
async function changed(world = new FlowWorld()): Promise<FlowWorld> {
  await world.say("robin", "route all traffic for app-x");
  await world.click("ana", "approve", "CR-1");
  await world.run();
  expect((await world.store.requests.get("CR-1"))?.state).toBe("confirmed");
  return world;
}

const flagsOf = (world: FlowWorld, site = appX) => world.routing.site(site).flags;

describe("undo of a request", () => {
  test("is a request of its own, linked to the old one, and brings back what was there before", async () => {
    const world = await changed();
    await world.say("robin", "undo CR-1");
    expect(world.card("CR-2")).toMatchObject({
      title: "CR-2: Undo of CR-1, Application traffic (Route All) off for app-x",
    });
    expect(await world.store.requests.get("CR-2")).toMatchObject({
      state: "pending",
      follows: { kind: "undo", of: "CR-1" },
    });
    expect(flagsOf(world).applicationTraffic).toBe(true);
    await world.click("robin", "approve", "CR-2");
    expect((await world.store.requests.get("CR-2"))?.state).toBe("pending");
    await world.click("ana", "approve", "CR-2");
    await world.run();
    expect((await world.store.requests.get("CR-2"))?.state).toBe("confirmed");
    expect(flagsOf(world)).toEqual(allFlagsOff);
    expect(world.store.events.find(({ request }) => request === "CR-2")).toMatchObject({
      kind: "opened",
      person: { id: "robin" },
      details: { undo: "CR-1" },
    });
  });

  test("of an undo does it again, and of that, too", async () => {
    const world = await changed();
    for (const [number, on] of [
      [2, false],
      [3, true],
      [4, false],
    ] as const) {
      await world.say("robin", `undo CR-${number - 1}`);
      await world.click("ana", "approve", `CR-${number}`);
      await world.run();
      expect(flagsOf(world).applicationTraffic).toBe(on);
    }
  });

  test("restores only what the request changed, and shows what somebody else changed since", async () => {
    const world = await changed();
    world.routing.setFlags(appX, { contentShareTraffic: true });
    await world.say("robin", "undo CR-1");
    expect(JSON.stringify(world.card("CR-2").blocks)).toContain("contentShareTraffic was false and is true");
    await world.click("ana", "approve", "CR-2");
    await world.run();
    expect(flagsOf(world)).toEqual({ ...allFlagsOff, contentShareTraffic: true });
  });

  test("says when somebody has put it back already, and asks nobody", async () => {
    const world = await changed();
    world.routing.setFlags(appX, { applicationTraffic: false });
    await world.say("robin", "undo CR-1");
    expect(world.latest).toContain("Nothing of CR-1 can be undone. app-x no longer says what was changed.");
    expect(await world.store.requests.get("CR-2")).toBeUndefined();
  });

  test("puts a legacy setting back that had its documented value, and says when it had another", async () => {
    for (const [state, answer] of [
      ["on", "WEBSITE_VNET_ROUTE_ALL set"],
      ["on-likely", "had another value than the documented one"],
    ] as const) {
      const legacy = { ...noLegacySettings, WEBSITE_VNET_ROUTE_ALL: state };
      const flags = { ...allFlagsOff, applicationTraffic: true };
      const world = new FlowWorld([sampleSite("app-x", { flags, legacy })]);
      await world.say("robin", "stop routing all traffic for app-x");
      await world.click("ana", "approve", "CR-1");
      await world.run();
      expect(world.routing.site(appX).legacy.WEBSITE_VNET_ROUTE_ALL).toBe("absent");
      await world.say("robin", "undo CR-1");
      expect(JSON.stringify(world.card("CR-2"))).toContain(answer);
      await world.click("ana", "approve", "CR-2");
      await world.run();
      expect((await world.store.requests.get("CR-2"))?.state).toBe("confirmed");
      expect(flagsOf(world).applicationTraffic).toBe(true);
      expect(world.routing.site(appX).legacy.WEBSITE_VNET_ROUTE_ALL).toBe(state === "on" ? "on" : "absent");
    }
  });

  test("a flag that was not reported before cannot be put back", async () => {
    const { applicationTraffic: _, ...others } = allFlagsOff;
    const world = await changed(new FlowWorld([sampleSite("app-x", { flags: others })]));
    await world.say("robin", "undo CR-1");
    expect(world.latest).toContain("applicationTraffic was not reported before the change");
  });

  test("a site that is gone is said", async () => {
    const world = await changed();
    world.routing.remove(appX);
    await world.say("robin", "undo CR-1");
    expect(world.latest).toContain("app-x is no longer there");
  });

  test("of a request that was partly done undoes what was done", async () => {
    const world = new FlowWorld();
    world.routing.order.write({ result: { kind: "accepted", receipt: { status: 200 } } });
    world.routing.order.write({
      result: { kind: "refused", failure: { code: "azure-denied", message: "No." } },
    });
    await world.say("robin", "route all traffic for app-x and app-y");
    await world.click("ana", "approve", "CR-1");
    await world.run();
    expect((await world.store.requests.get("CR-1"))?.state).toBe("failed");
    await world.say("robin", "undo CR-1");
    expect((await world.store.requests.get("CR-2"))?.plan.entries).toHaveLength(1);
    await world.click("ana", "approve", "CR-2");
    await world.run();
    expect(flagsOf(world)).toEqual(allFlagsOff);
    expect(flagsOf(world, appY)).toEqual(allFlagsOff);
  });

  test("asked for twice is refused while the first is open", async () => {
    const world = await changed();
    await world.say("robin", "undo CR-1");
    await world.say("ana", "undo CR-1");
    expect(world.latest).toContain("CR-2 for app-x is open and asks for the same");
  });

  test("of a request that is open, changed nothing, or is unknown is refused", async () => {
    const world = new FlowWorld();
    await world.say("robin", "route all traffic for app-x");
    await world.say("robin", "undo CR-1");
    expect(world.latest).toContain("CR-1 has not ended");
    await world.click("robin", "cancel", "CR-1");
    await world.run();
    await world.say("robin", "undo CR-1");
    expect(world.latest).toContain("CR-1 ended without a change");
    await world.say("robin", "undo CR-9");
    expect(world.latest).toContain("I know no change request CR-9");
  });

  test("is not for those who may not ask, and who do not see the site do not learn of it", async () => {
    const world = await changed();
    await world.say("olga", "undo CR-1");
    expect(world.latest).toContain("I know no change request CR-1");
    await world.say("ben", "undo CR-1");
    expect(world.latest).toContain("You are not among those who may ask for changes of app-x");
  });

  test("of the site that Routebot runs on needs a rule that says so", async () => {
    const world = await changed();
    world.ownSite = { site: "app-x" };
    await world.say("robin", "undo CR-1");
    expect(world.latest).toContain("app-x is the site that I run on");
  });

  test("that finds the site changed before it is applied is out of date", async () => {
    const world = await changed();
    await world.say("robin", "undo CR-1");
    await world.click("ana", "approve", "CR-2");
    world.routing.setFlags(appX, { imagePullTraffic: true });
    await world.run();
    expect((await world.store.requests.get("CR-2"))?.state).toBe("stale");
    expect(flagsOf(world).applicationTraffic).toBe(true);
  });
});

describe("undo of a site", () => {
  test("takes the last change of that site that wrote something", async () => {
    const world = await changed();
    await world.say("robin", "enable backup/restore over vnet for app-x");
    await world.click("ana", "approve", "CR-2");
    await world.run();
    await world.say("robin", "route content share for app-x");
    await world.click("robin", "cancel", "CR-3");
    await world.run();
    await world.say("robin", "undo app-x");
    expect(world.card("CR-4").title).toBe("CR-4: Undo of CR-2, Backup and restore off for app-x");
  });

  test("of a change of several sites takes back that site alone", async () => {
    const world = new FlowWorld();
    await world.say("robin", "route all traffic for app-x and app-y");
    await world.click("ana", "approve", "CR-1");
    await world.run();
    await world.say("robin", "undo app-y");
    await world.click("ana", "approve", "CR-2");
    await world.run();
    expect(flagsOf(world, appY).applicationTraffic).toBe(false);
    expect(flagsOf(world).applicationTraffic).toBe(true);
  });

  test("without a change is said", async () => {
    const world = new FlowWorld();
    await world.say("robin", "undo app-x");
    expect(world.latest).toContain("I know of no change of app-x that could be undone");
  });

  test("whose name fits two is asked back, and the choice undoes", async () => {
    const other = { resourceGroup: "rg-shop-2" };
    const twice = new FlowWorld([sampleSite("app-x"), sampleSite("app-x", { place: other })]);
    twice.rule = { ...twice.rule, sites: { ...twice.rule.sites, resourceGroups: ["*"] } };
    await twice.say("robin", "route all traffic for app-x in rg-shop");
    await twice.click("ana", "approve", "CR-1");
    await twice.run();
    await twice.say("robin", "undo app-x");
    const question = twice.shown.at(-1);
    const pick = question?.actions.find(({ title }) => /in rg-shop$/.test(title));
    await twice.click("robin", "pick", pick?.id ?? "");
    await twice.run();
    expect(twice.card("CR-2").title).toContain("Undo of CR-1");
  });
});
