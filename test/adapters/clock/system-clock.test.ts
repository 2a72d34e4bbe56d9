import { expect, test } from "vitest";
import { newId } from "../../../src/adapters/clock/new-id.ts";
import { systemClock } from "../../../src/adapters/clock/system-clock.ts";

test("sleeps at least as long as asked", async () => {
  const before = performance.now();
  await systemClock.sleep(20);
  // Timers count whole milliseconds.
  expect(performance.now() - before).toBeGreaterThanOrEqual(19);
});

test("a sleep of nought lets what is due run first", async () => {
  for (let round = 0; round < 50; round++) {
    let hasRun = false;
    setTimeout(() => {
      hasRun = true;
    }, 1);
    for (const until = performance.now() + 3; performance.now() < until; );
    await systemClock.sleep(0);
    expect(hasRun).toBe(true);
  }
});

test("wakes with the reason when it is aborted, before or during the sleep", async () => {
  const reason = new Error("told to stop");
  await expect(systemClock.sleep(60_000, AbortSignal.abort(reason))).rejects.toBe(reason);
  await expect(systemClock.sleep(0, AbortSignal.abort(reason))).rejects.toBe(reason);
  const controller = new AbortController();
  const sleeping = systemClock.sleep(60_000, controller.signal);
  controller.abort(reason);
  await expect(sleeping).rejects.toBe(reason);
});

test("ids are URL-safe, long and different", () => {
  const ids = Array.from({ length: 1_000 }, newId);
  expect(new Set(ids).size).toBe(1_000);
  for (const id of ids) expect(id).toMatch(/^[\w-]{24}$/);
});
