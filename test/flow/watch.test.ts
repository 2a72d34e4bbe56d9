import { describe, expect, test } from "vitest";
import { FlowWorld } from "../support/flow-world.ts";
import { allFlagsOff, sampleTarget } from "../support/observations.ts";

const appX = sampleTarget("app-x").resourceId;
const minutes = 60_000;
const well = { state: "Running", availabilityState: "Normal" } as const;

type Settings = { readonly probe?: string; readonly quickUndo?: readonly ("requester" | "approver")[] };

/** CR-1 is confirmed at 14:00, and app-x is watched for ten minutes. */
async function watched({ probe, quickUndo }: Settings = {}): Promise<FlowWorld> {
  const world = new FlowWorld();
  world.rule = {
    ...world.rule,
    watch: { forMs: 10 * minutes, ...(probe === undefined ? {} : { probe }) },
    ...(quickUndo ? { quickUndo } : {}),
  };
  world.routing.change(appX, well);
  await world.say("robin", "route all traffic for app-x");
  await world.click("ana", "approve", "CR-1");
  await world.run();
  expect((await world.store.requests.get("CR-1"))?.state).toBe("confirmed");
  return world;
}

const said = (world: FlowWorld) => world.shown.map(({ summary }) => summary).join("\n");
const cardOf = (world: FlowWorld, id: string) => JSON.stringify(world.card(id));

describe("the watch after a change", () => {
  test("that ends well says so on the card, and nothing else", async () => {
    const world = await watched();
    const before = world.shown.length;
    await world.pass(11 * minutes);
    expect(cardOf(world, "CR-1")).toContain("Watched 10 minutes: no change for the worse.");
    expect(world.shown).toHaveLength(before);
    expect(world.store.work.waiting).toEqual([]);
    expect(world.store.events.at(-1)).toMatchObject({ kind: "watched", details: { result: "well" } });
    expect((await world.store.requests.get("CR-1"))?.state).toBe("confirmed");
  });

  test.each([
    [{ state: "Stopped" }, "its state was Running and is Stopped"],
    [{ availabilityState: "Limited" }, "its availability was Normal and is Limited"],
  ])("tells requester and approvers at once when %o", async (change, words) => {
    const world = await watched();
    await world.pass(2 * minutes);
    world.routing.change(appX, change);
    await world.pass(1 * minutes);
    expect(world.latest).toContain("Robin Reyes and Ana Alvarez: since CR-1");
    expect(world.latest).toContain(words);
    expect(world.shown.at(-1)?.actions).toMatchObject([{ verb: "undo", id: "CR-1" }]);
    await world.pass(30 * minutes);
    const told = world.chat.posted.filter(({ key }) => key.startsWith("CR-1:worse"));
    expect(told.map(({ key, place }) => [key, place.kind])).toEqual([
      ["CR-1:worse", "channel"],
      ["CR-1:worse:to:robin", "direct"],
      ["CR-1:worse:to:ana", "direct"],
    ]);
    expect(cardOf(world, "CR-1")).toContain(`Worse since: app-x: ${words}.`);
  });

  test("takes two looks: a short restart is no news", async () => {
    const world = await watched();
    world.routing.change(appX, { state: "Stopped" });
    await world.pass(30_000);
    world.routing.change(appX, { state: "Running" });
    await world.pass(10 * minutes);
    expect(said(world)).not.toContain("something is worse");
    expect(cardOf(world, "CR-1")).toContain("no change for the worse");
  });

  test("does not hold against the change what was so before it", async () => {
    const world = new FlowWorld();
    world.rule = { ...world.rule, watch: { forMs: 10 * minutes, probe: "/health" } };
    world.routing.change(appX, { state: "Stopped", availabilityState: "Limited" });
    world.probeAnswer = { kind: "answered", status: 503 };
    await world.say("robin", "route all traffic for app-x");
    await world.click("ana", "approve", "CR-1");
    await world.run();
    await world.pass(11 * minutes);
    expect(cardOf(world, "CR-1")).toContain("no change for the worse");
  });

  test("says when the sites could not be read", async () => {
    const world = await watched();
    const failure = { code: "azure-unreachable", message: "No." } as const;
    for (let look = 0; look < 30; look++) world.routing.order.observe({ kind: "failed", failure });
    await world.pass(11 * minutes);
    expect(cardOf(world, "CR-1")).toContain("could not be read well enough");
  });

  test("a site that is gone is worse", async () => {
    const world = await watched();
    world.routing.remove(appX);
    await world.pass(2 * minutes);
    expect(world.latest).toContain("it is no longer there");
  });

  test("of a request that changed nothing does not take place", async () => {
    const world = new FlowWorld();
    world.rule = { ...world.rule, watch: { forMs: 10 * minutes } };
    world.routing.order.write({
      result: { kind: "refused", failure: { code: "azure-denied", message: "" } },
    });
    await world.say("robin", "route all traffic for app-x");
    await world.click("ana", "approve", "CR-1");
    await world.run();
    await world.pass(11 * minutes);
    expect(world.store.work.waiting).toEqual([]);
    expect(cardOf(world, "CR-1")).not.toContain("Watched");
  });
});

test("after a break glass, those who were skipped are told as well", async () => {
  const world = new FlowWorld();
  world.rule = { ...world.rule, watch: { forMs: 10 * minutes }, breakGlass: ["robin"] };
  world.routing.change(appX, well);
  await world.say("robin", "break glass: route all traffic for app-x because checkout is down");
  const asked = world.shown.flatMap(({ actions }) => actions).find(({ verb }) => verb === "confirm");
  await world.click("robin", "confirm", asked?.id ?? "");
  await world.run();
  world.routing.change(appX, { state: "Stopped" });
  await world.pass(2 * minutes);
  const told = world.chat.posted.filter(({ views }) => views[0]?.title === "Worse since CR-1");
  expect(told.map(({ place }) => place.conversation)).toEqual([
    "19:on-call",
    "direct:robin",
    "direct:ana",
    "direct:ben",
  ]);
});

describe("a site that no longer says what was read back of it", () => {
  test("is told, with what it said and says", async () => {
    const world = await watched();
    world.routing.setFlags(appX, { applicationTraffic: false });
    await world.pass(2 * minutes);
    expect(said(world)).toContain(
      "app-x: applicationTraffic was read back as true and is false, and no other request did that.",
    );
    expect(world.store.events.at(-1)).toMatchObject({ kind: "watched", details: { result: "worse" } });
  });

  test("for one look alone is no news: Azure may answer from two places", async () => {
    const world = await watched();
    const site = world.routing.site(appX);
    world.routing.order.observe({
      kind: "observed",
      observation: { ...site, observedAt: world.clock.now(), flags: allFlagsOff, storedMap: allFlagsOff },
    });
    await world.pass(11 * minutes);
    expect(cardOf(world, "CR-1")).toContain("Watched 10 minutes: no change for the worse.");
  });

  test("because another request changed it is no news", async () => {
    const world = await watched();
    await world.say("robin", "stop routing application traffic for app-x");
    await world.click("ana", "approve", "CR-2");
    await world.pass(11 * minutes);
    expect(world.routing.site(appX).flags.applicationTraffic).toBe(false);
    expect(cardOf(world, "CR-1")).toContain("Watched 10 minutes: no change for the worse.");
  });

  test("in another flag than those of the request is no matter of its watch", async () => {
    const world = await watched();
    world.routing.setFlags(appX, { imagePullTraffic: true });
    await world.pass(11 * minutes);
    expect(cardOf(world, "CR-1")).toContain("no change for the worse");
  });
});

describe("a probe", () => {
  test("is taken before the write and after, on the site's own host", async () => {
    const world = await watched({ probe: "/health?full=1" });
    expect(world.probed).toEqual(["https://app-x.azurewebsites.net/health?full=1"]);
    expect((await world.store.requests.get("CR-1"))?.baseline).toMatchObject([
      { state: "Running", probe: { result: { kind: "answered", status: 200 } } },
    ]);
    world.probeAnswer = { kind: "failed", why: "no answer in 10 seconds" };
    await world.pass(1 * minutes);
    expect(world.latest).toContain(
      "https://app-x.azurewebsites.net/health answered 200 before and did not answer (no answer in 10 seconds) now",
    );
  });

  test("of a host that is not the site's own is never asked", async () => {
    const world = await watched({ probe: "https://internal.example/secret" });
    await world.pass(11 * minutes);
    expect(world.probed).toEqual([]);
    expect(cardOf(world, "CR-1")).toContain("no change for the worse");
  });

  test("of a host that is no longer the site's own is not asked any more", async () => {
    const world = new FlowWorld();
    const probe = "https://shop.example/health";
    world.rule = { ...world.rule, watch: { forMs: 10 * minutes, probe } };
    world.routing.change(appX, { ...well, hostNames: ["shop.example"] });
    await world.say("robin", "route all traffic for app-x");
    await world.click("ana", "approve", "CR-1");
    await world.run();
    expect(world.probed).toEqual([probe]);
    world.routing.change(appX, { hostNames: [] });
    await world.pass(11 * minutes);
    expect(world.probed).toEqual([probe]);
  });
});

describe("a quick undo", () => {
  const both = ["requester", "approver"] as const;

  test.each(["robin", "ana", "ben"] as const)(
    "by %s needs no new quorum, and is audited as such",
    async (who) => {
      const world = await watched({ quickUndo: both });
      expect(world.card("CR-1").actions).toMatchObject([{ verb: "undo", id: "CR-1" }]);
      await world.click(who, "undo", "CR-1");
      await world.run();
      const as = who === "robin" ? "requester" : "approver";
      expect(await world.store.requests.get("CR-2")).toMatchObject({
        state: "confirmed",
        approvals: [],
        permit: { kind: "quick-undo", person: { id: who }, as },
      });
      expect(world.routing.site(appX).flags).toEqual(allFlagsOff);
      expect(world.store.events.find(({ request }) => request === "CR-2")).toMatchObject({
        kind: "opened",
        person: { id: who },
        surface: "button",
        details: { permit: "quick-undo", as },
      });
      expect(world.card("CR-2").summary).toContain("Undone at once by");
    },
  );

  test("is off unless the rule says so: the button then asks for an approval", async () => {
    const world = await watched();
    await world.click("robin", "undo", "CR-1");
    await world.run();
    expect((await world.store.requests.get("CR-2"))?.state).toBe("pending");
    expect(world.writes).toBe(1);
  });

  test("is only for the role that the rule names", async () => {
    const world = await watched({ quickUndo: ["approver"] });
    await world.click("robin", "undo", "CR-1");
    await world.run();
    expect((await world.store.requests.get("CR-2"))?.state).toBe("pending");
    expect(await world.click("olga", "undo", "CR-1")).toMatchObject({ kind: "notice" });
    expect(world.store.events.at(-1)).toMatchObject({ kind: "refused", details: { wanted: "undo" } });
  });

  test("ends with the watch", async () => {
    const world = await watched({ quickUndo: both });
    await world.pass(11 * minutes);
    expect(world.card("CR-1").actions).toEqual([]);
    await world.click("robin", "undo", "CR-1");
    await world.run();
    expect((await world.store.requests.get("CR-2"))?.state).toBe("pending");
  });

  test("is asked of the policy at the click and before the write", async () => {
    const world = await watched({ quickUndo: both });
    const { quickUndo: _, ...rule } = world.rule;
    await world.click("robin", "undo", "CR-1");
    await world.store.work.runNext("handle-message");
    expect((await world.store.requests.get("CR-2"))?.state).toBe("approved");
    world.rule = rule;
    await world.run();
    expect((await world.store.requests.get("CR-2"))?.state).toBe("stale");
    expect(world.writes).toBe(1);
  });

  test("still finds a site that changed out of date", async () => {
    const world = await watched({ quickUndo: both });
    await world.click("robin", "undo", "CR-1");
    await world.store.work.runNext("handle-message");
    world.routing.setFlags(appX, { contentShareTraffic: true });
    await world.run();
    expect((await world.store.requests.get("CR-2"))?.state).toBe("stale");
  });

  test("by words is offered as a button first", async () => {
    const world = await watched({ quickUndo: both });
    await world.say("robin", "undo CR-1");
    expect(world.latest).toContain("lets you undo CR-1 at once");
    expect(world.shown.at(-1)?.actions).toMatchObject([{ verb: "undo", id: "CR-1" }]);
    expect(world.writes).toBe(1);
  });

  test("is not itself undone quickly: that would bring back without approval what somebody ended", async () => {
    const world = await watched({ quickUndo: both });
    await world.click("robin", "undo", "CR-1");
    await world.run();
    await world.click("robin", "undo", "CR-2");
    await world.run();
    expect((await world.store.requests.get("CR-3"))?.state).toBe("pending");
  });

  test("clicked twice at once is done once", async () => {
    const world = await watched({ quickUndo: both });
    await Promise.all([world.click("robin", "undo", "CR-1"), world.click("ana", "undo", "CR-1")]);
    await world.run();
    await world.pass(2 * minutes);
    expect(world.writes).toBe(2);
    expect(world.routing.site(appX).flags).toEqual(allFlagsOff);
  });
});

test("with a rule that says so, a site that fails does not stop those after it", async () => {
  const world = new FlowWorld();
  world.rule = { ...world.rule, onFailure: "continue" };
  world.routing.order.write({
    result: { kind: "refused", failure: { code: "azure-denied", message: "No." } },
  });
  await world.say("robin", "route all traffic for app-x and app-y");
  expect(cardOf(world, "CR-1")).toContain("One that fails does not stop the others.");
  await world.click("ana", "approve", "CR-1");
  await world.run();
  expect(await world.store.requests.get("CR-1")).toMatchObject({
    state: "failed",
    outcomes: [{ kind: "not-applied" }, { kind: "confirmed" }],
  });
  expect(world.latest).toContain("1 of 2 steps done");
});
