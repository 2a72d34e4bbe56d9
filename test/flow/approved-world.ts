import type { Failure } from "../../src/domain/failure.ts";
import { FlowWorld } from "../support/flow-world.ts";
import { sampleTarget } from "../support/observations.ts";

/** A request that Ana has approved and nobody has applied yet, and the way to its end. */

export const appX = sampleTarget("app-x").resourceId;

export async function approved(): Promise<FlowWorld> {
  const world = new FlowWorld();
  await world.say("robin", "route all traffic for app-x");
  await world.click("ana", "approve", "CR-1");
  return world;
}

/** Runs everything, moving the clock to whatever is due next, until the request has ended. */
export async function toTheEnd(world: FlowWorld): Promise<void> {
  for (let round = 0; round < 50; round++) {
    await world.run();
    const request = await world.store.requests.get("CR-1");
    if (request && !["pending", "approved", "applying", "verifying"].includes(request.state)) return;
    const due = world.store.work.nextDue;
    if (!due) throw new Error(`stuck in ${request?.state}`);
    world.clock.advance(Math.max(due.getTime() - world.clock.now().getTime(), 1));
  }
  throw new Error("does not end");
}

export const failure = (code: Failure["code"], message: string): Failure => ({ code, message });
