import { describe, expect, test } from "vitest";
import type { ChangeRequest } from "../../src/domain/change/change-request.ts";
import { FlowWorld } from "../support/flow-world.ts";
import { sampleSite, sampleTarget, unreadableLegacySettings } from "../support/observations.ts";
import { approved, appX, failure, toTheEnd } from "./approved-world.ts";

/**
 * What somebody else does to a site in the moments in which a change of it is under way. Azure knows no ETag, so what happens
 * between the last look and the write cannot be seen: that look has to be a recent one.
 */

const appZ = sampleTarget("app-z").resourceId;
const stateOf = async (world: FlowWorld) => (await world.store.requests.get("CR-1"))?.state;
const outcomesOf = (request: ChangeRequest | undefined) =>
  request && "outcomes" in request ? request.outcomes.map(({ kind }) => kind) : [];

describe("the last look before a write", () => {
  test("is taken again when a probe took its time after it", async () => {
    const world = new FlowWorld();
    world.rule = { ...world.rule, watch: { forMs: 600_000, probe: "/health" } };
    await world.say("robin", "route all traffic for app-x");
    await world.click("ana", "approve", "CR-1");
    const { flow } = world;
    Object.assign(flow, {
      probe: async () => {
        world.clock.advance(9_000);
        world.routing.setFlags(appX, { contentShareTraffic: true });
        return { kind: "answered", status: 200 };
      },
    });
    await toTheEnd(world);
    expect(world.writes).toBe(0);
    expect(world.routing.site(appX).flags.contentShareTraffic).toBe(true);
    expect(await stateOf(world)).toBe("stale");
    expect(world.latest).toContain("contentShareTraffic was false and is true");
  });

  test("is taken again when reading the other sites of the request took its time", async () => {
    const world = new FlowWorld([sampleSite("app-x"), sampleSite("app-z")]);
    await world.say("robin", "route all traffic for app-x and app-z");
    await world.click("ana", "approve", "CR-1");
    const { observe } = world.routing;
    world.routing.observe = async (target, options) => {
      const read = await observe(target, options);
      if (target.resourceId === appZ && world.writes === 0) {
        world.clock.advance(20_000);
        world.routing.setFlags(appX, { contentShareTraffic: true });
      }
      return read;
    };
    await toTheEnd(world);
    expect(await stateOf(world)).toBe("stale");
    expect(world.writes).toBe(0);
    expect(world.latest).toContain("app-x changed after the plan was made: contentShareTraffic was false");
  });

  test("is not taken twice when nothing came between", async () => {
    const world = await approved();
    const before = world.routing.calls.length;
    await toTheEnd(world);
    expect(world.routing.calls.slice(before).map(({ method }) => method)).toEqual([
      "observe",
      "write",
      "verify",
    ]);
    expect(await stateOf(world)).toBe("confirmed");
  });
});

describe("app settings that cannot be read for a moment", () => {
  const unread = (world: FlowWorld, times: number) => {
    for (let time = 0; time < times; time++) {
      world.routing.order.observe({
        kind: "observed",
        observation: {
          ...world.routing.site(appX),
          observedAt: world.clock.now(),
          legacy: unreadableLegacySettings,
        },
      });
    }
  };

  test("end no approval: it waits, says so, and goes on once they can be read", async () => {
    const world = await approved();
    unread(world, 2);
    await world.run();
    expect(await stateOf(world)).toBe("approved");
    expect(world.latest).toContain(
      "CR-1 is approved and waits: The app settings of app-x could not be read.",
    );
    await toTheEnd(world);
    expect(await stateOf(world)).toBe("confirmed");
    expect(world.writes).toBe(1);
  });

  test("are no excuse for anything else that changed", async () => {
    const world = await approved();
    world.routing.setFlags(appX, { contentShareTraffic: true });
    unread(world, 1);
    await toTheEnd(world);
    expect(await stateOf(world)).toBe("stale");
  });

  test("for good: the approval ends with its time, and nothing is written", async () => {
    const world = new FlowWorld();
    world.rule = { ...world.rule, applyWithinMs: 600_000 };
    await world.say("robin", "route all traffic for app-x");
    await world.click("ana", "approve", "CR-1");
    world.routing.change(appX, { legacy: unreadableLegacySettings });
    await toTheEnd(world);
    expect(await stateOf(world)).toBe("expired");
    expect(world.writes).toBe(0);
  });
});

describe("somebody else at the very moment of the write", () => {
  test("who changes another flag after it: what was asked for is said to be there, and what is not as it was", async () => {
    const world = await approved();
    world.routing.order.write(() => {
      world.routing.setFlags(appX, { applicationTraffic: true, imagePullTraffic: true });
      return { result: { kind: "accepted", receipt: { status: 200 } }, apply: "nothing" };
    });
    await toTheEnd(world);
    expect(outcomesOf(await world.store.requests.get("CR-1"))).toEqual(["partly-applied"]);
    expect(world.latest).toContain("What was asked for reads as wanted.");
    expect(world.latest).toContain("changed something at the same moment: imagePullTraffic.");
  });

  test("who makes the very change while Azure was busy for us: it is not told as ours", async () => {
    const world = await approved();
    world.routing.order.write(() => {
      world.routing.setFlags(appX, { applicationTraffic: true });
      return { result: { kind: "refused", failure: failure("azure-busy", "Busy.") } };
    });
    await toTheEnd(world);
    expect(outcomesOf(await world.store.requests.get("CR-1"))).toEqual(["skipped"]);
    expect(world.latest).toContain("applicationTraffic was false and is true");
  });
});

describe("an operation that Azure does not report as done", () => {
  test("although the site reads as wanted: confirmed by the reading, and that is said beside it", async () => {
    const world = await approved();
    world.routing.order.verify(() => ({
      kind: "equal",
      observation: { ...world.routing.site(appX), observedAt: world.clock.now() },
      unfinished: failure("azure-busy", "Azure accepted the change and is still working on it."),
    }));
    await toTheEnd(world);
    expect(await stateOf(world)).toBe("confirmed");
    expect(world.latest).toContain("Azure's own report of the operation says otherwise");
    expect(world.latest).toContain("is still working on it. Ask for the status again");
  });
});
