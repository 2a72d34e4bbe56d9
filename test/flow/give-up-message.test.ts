import { expect, test } from "vitest";
import { handlers } from "../../src/flow/handlers.ts";
import { FlowWorld } from "../support/flow-world.ts";

const signal = new AbortController().signal;

/** A world whose policy cannot be read. */
function withoutPolicy() {
  const world = new FlowWorld();
  const broken = async () => {
    throw new Error("the policy file cannot be read");
  };
  return { world, jobs: handlers({ ...world.flow, directory: { personOf: broken, policy: broken } }) };
}

test("a message that cannot be handled is tried again, and then its author is told instead of nothing", async () => {
  const { world, jobs } = withoutPolicy();
  const message = await world.send("robin", "route all traffic for app-x");
  const job = { kind: "handle-message", message } as const;
  for (const attempt of [1, 2]) {
    await expect(jobs["handle-message"](job, { signal, attempt })).rejects.toThrow("policy file");
  }
  expect(await jobs["handle-message"](job, { signal, attempt: 3 })).toEqual({ kind: "done" });
  await world.run();
  expect(world.shown).toHaveLength(1);
  expect(world.latest).toContain("could not deal with your message");
  expect(await world.store.requests.listOpen({ limit: 5 })).toEqual([]);
});

test("a worker that is being stopped gives nothing up: the next one goes on", async () => {
  const { world, jobs } = withoutPolicy();
  const message = await world.send("robin", "route all traffic for app-x");
  const job = { kind: "handle-message", message } as const;
  const context = { signal: AbortSignal.abort(new Error("stopping")), attempt: 9 };
  await expect(jobs["handle-message"](job, context)).rejects.toThrow();
  await world.run();
  expect(world.latest).toContain("Waiting for approval");
});
