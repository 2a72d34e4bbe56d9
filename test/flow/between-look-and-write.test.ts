import { describe, expect, test } from "vitest";
import { FlowWorld } from "../support/flow-world.ts";
import { sampleSite, sampleTarget } from "../support/observations.ts";
import { approved, appX, toTheEnd } from "./approved-world.ts";

/**
 * What somebody else does to a site in the moments in which a change of it is under way. Azure knows no ETag, so what happens
 * between the last look and the write cannot be seen: that look has to be a recent one.
 */

const appZ = sampleTarget("app-z").resourceId;
const stateOf = async (world: FlowWorld) => (await world.store.requests.get("CR-1"))?.state;
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
