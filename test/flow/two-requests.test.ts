import { expect, test } from "vitest";
import { FlowWorld } from "../support/flow-world.ts";
import { sampleTarget } from "../support/observations.ts";

/** Two open requests for one site; docs/adr/0006. Those for the same flag are in decide.test.ts. */

test("everything on while something off is open, or the other way round, is opposite as well", async () => {
  const world = new FlowWorld();
  await world.say("robin", "route everything for app-x");
  world.routing.setFlags(sampleTarget("app-x").resourceId, { contentShareTraffic: true });
  await world.say("robin", "stop routing content share for app-x");
  expect(world.latest).toContain("CR-1 for app-x is open and asks for the opposite");
  world.routing.setFlags(sampleTarget("app-y").resourceId, { contentShareTraffic: true });
  await world.say("robin", "stop routing content share for app-y");
  await world.say("robin", "route everything for app-y");
  expect(world.latest).toMatch(/CR-\d+ for app-y is open and asks for the opposite/);
  expect(await world.store.requests.listOpen({ limit: 5 })).toHaveLength(2);
});

test("two that were approved by replicas whose clocks differ do not wait for each other", async () => {
  const world = new FlowWorld();
  await world.say("robin", "route all traffic for app-x");
  await world.say("robin", "enable backup/restore over vnet for app-x");
  world.clock.advance(60_000);
  await world.click("ana", "approve", "CR-1");
  world.clock.advance(-50_000);
  await world.click("ana", "approve", "CR-2");
  world.clock.advance(60_000);
  await world.run();
  expect((await world.store.requests.get("CR-1"))?.state).toBe("confirmed");
  // It was made from the state before.
  expect((await world.store.requests.get("CR-2"))?.state).toBe("stale");
});
