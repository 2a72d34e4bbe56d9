import { expect } from "vitest";
import { FlowWorld } from "./flow-world.ts";
import { sampleTarget } from "./observations.ts";

export const appX = sampleTarget("app-x").resourceId;
export const minutes = 60_000;

/** CR-1 is confirmed at 14:00: application traffic of app-x is on for two hours. */
export async function temporary(text = "route all traffic for app-x for 2 hours"): Promise<FlowWorld> {
  const world = new FlowWorld();
  await world.say("robin", text);
  await world.click("ana", "approve", "CR-1");
  await world.run();
  expect((await world.store.requests.get("CR-1"))?.state).toBe("confirmed");
  return world;
}

export async function pass(world: FlowWorld, ms: number): Promise<void> {
  world.clock.advance(ms);
  await world.run();
}

export const flagsOf = (world: FlowWorld, site = appX) => world.routing.site(site).flags;
export const stateOf = async (world: FlowWorld, id: `CR-${number}`) =>
  (await world.store.requests.get(id))?.state;
export const said = (world: FlowWorld) => world.shown.map(({ summary }) => summary).join("\n");
