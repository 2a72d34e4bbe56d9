import { expect, test } from "vitest";
import { tellIfSlow } from "../../src/flow/tell-if-slow.ts";
import { FlowWorld } from "../support/flow-world.ts";

test("cards that cannot be drawn now harm neither the work nor the process, while it goes on and after it", async () => {
  const world = new FlowWorld();
  await world.say("robin", "route all traffic for app-x");
  const unhandled: unknown[] = [];
  const listen = (reason: unknown) => unhandled.push(reason);
  process.on("unhandledRejection", listen);
  const requests = {
    ...world.flow.requests,
    cardsOf: () => Promise.reject(new Error("read ECONNRESET")),
  };
  const work = Promise.withResolvers<string>();
  const told = tellIfSlow({ ...world.flow, requests }, "CR-1", work.promise);
  // Node tells of a rejection that nobody heard once everything that was ready has run.
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
  work.resolve("done");
  expect(await told).toBe("done");
  process.off("unhandledRejection", listen);
  expect(unhandled).toEqual([]);
  expect(world.log.named("redraw-failed")).toHaveLength(1);
});
