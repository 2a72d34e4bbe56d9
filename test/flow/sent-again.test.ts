import { describe, expect, test } from "vitest";
import type { Failure } from "../../src/domain/failure.ts";
import type { FlowWorld } from "../support/flow-world.ts";
import { allFlagsOff } from "../support/observations.ts";
import { approved, appX, failure, toTheEnd } from "./approved-world.ts";

/** A write whose end is not known, and what is said once the same step was tried again. */

const unavailable: Failure = {
  ...failure("azure-unexpected", "Azure answered with status 503."),
  status: 503,
  retryAfterMs: 20_000,
};
const denied = failure("azure-denied", "The permission is missing.");
const wanted = { ...allFlagsOff, applicationTraffic: true };

const ended = async (world: FlowWorld) => {
  const request = await world.store.requests.get("CR-1");
  return request && "outcomes" in request
    ? { state: request.state, outcomes: request.outcomes.map(({ kind }) => kind) }
    : { state: request?.state };
};

describe("503: Azure asks to come again", () => {
  test("the site is looked at after the time that Azure asked for, and then the identical write is sent again", async () => {
    const world = await approved();
    const started = world.clock.now().getTime();
    world.routing.order.write({ result: { kind: "unclear", failure: unavailable } });
    await toTheEnd(world);
    expect(await ended(world)).toEqual({ state: "confirmed", outcomes: ["confirmed"] });
    expect(world.clock.now().getTime() - started).toBeGreaterThanOrEqual(20_000);
    const calls = world.routing.calls.map((call) => (call.method === "write" ? call.wanted : call.method));
    expect(calls.slice(-5)).toEqual(["observe", wanted, "observe", wanted, "verify"]);
  });

  test("what was done all the same is not sent again", async () => {
    const world = await approved();
    world.routing.order.write({ result: { kind: "unclear", failure: unavailable }, apply: "all" });
    await toTheEnd(world);
    expect(await ended(world)).toEqual({ state: "confirmed", outcomes: ["confirmed"] });
    expect(world.writes).toBe(1);
  });

  test("without end: unknown when the time for it is over, and nothing is claimed", async () => {
    const world = await approved();
    for (let time = 0; time < 30; time++) {
      world.routing.order.write({ result: { kind: "unclear", failure: unavailable } });
    }
    await toTheEnd(world);
    expect(await ended(world)).toEqual({ state: "failed", outcomes: ["unknown"] });
    expect(world.writes).toBeGreaterThan(10);
    expect(world.writes).toBeLessThanOrEqual(15);
    expect(world.latest).toContain("Outcome unknown.");
  });

  test("and then a refusal: the first one may still come, so that nothing was changed is not said", async () => {
    const world = await approved();
    world.routing.order.write({ result: { kind: "unclear", failure: unavailable } });
    world.routing.order.write({ result: { kind: "refused", failure: denied } });
    await toTheEnd(world);
    expect(await ended(world)).toEqual({ state: "failed", outcomes: ["unknown"] });
    expect(world.latest).not.toContain("Nothing was changed");
  });

  test("and then an approver who is none any more: it is not sent again", async () => {
    const world = await approved();
    world.routing.order.write(() => {
      world.rule = { ...world.rule, approve: ["ben"] };
      return { result: { kind: "unclear", failure: unavailable } };
    });
    await toTheEnd(world);
    expect(await ended(world)).toEqual({ state: "failed", outcomes: ["unknown"] });
    expect(world.writes).toBe(1);
  });
});

describe("a write whose end could not be recorded", () => {
  test("and then a refusal of the second: what the first one did is not known", async () => {
    const world = await approved();
    const { transition } = world.store.requests;
    world.routing.order.write(() => {
      // The database is away for the moment in which the answer comes.
      Object.assign(world.store.requests, {
        transition: () => {
          Object.assign(world.store.requests, { transition });
          return Promise.reject(new Error("away"));
        },
      });
      return { result: { kind: "accepted", receipt: { status: 200 } }, apply: "nothing" };
    });
    world.routing.order.write(() => {
      world.clock.advance(1);
      return { result: { kind: "refused", failure: denied } };
    });
    await expect(world.run()).rejects.toThrow("apply failed");
    await toTheEnd(world);
    expect(world.writes).toBe(2);
    expect(await ended(world)).toEqual({ state: "failed", outcomes: ["unknown"] });
  });
});

describe("a write that was refused for certain", () => {
  test("because Azure was busy, and then a site that somebody changed: nothing of ours is under way, and that is said", async () => {
    const world = await approved();
    world.routing.order.write(() => {
      world.routing.setFlags(appX, { contentShareTraffic: true });
      return { result: { kind: "refused", failure: failure("azure-busy", "Busy.") } };
    });
    await toTheEnd(world);
    expect(await ended(world)).toEqual({ state: "failed", outcomes: ["skipped"] });
    expect(world.latest).toContain("Skipped. app-x changed after the plan was made");
  });
});
