import fc from "fast-check";
import { expect, test } from "vitest";
import { createProcessBuckets } from "../../../src/adapters/azure/process-buckets.ts";
import { createRequestBudget, type Urgency } from "../../../src/adapters/azure/request-budget.ts";
import type { TokenBuckets } from "../../../src/ports/token-buckets.ts";
import { createMemoryLog } from "../../support/memory-log.ts";
import { createSteppingClock } from "../../support/stepping-clock.ts";

const url = "https://management.example/subscriptions/S-1/providers/Microsoft.Web/sites";

/** A budget on a clock that only waiting moves, and what Azure would have counted. */
function setUp() {
  const clock = createSteppingClock();
  const began = clock.now().getTime();
  const budget = createRequestBudget(createProcessBuckets(clock), { clock, log: createMemoryLog() });
  const seconds = () => (clock.now().getTime() - began) / 1000;
  const spend = async (count: number, urgency: Urgency, method = "GET", at = url) => {
    for (let sent = 0; sent < count; sent++) await budget.spend({ method, url: at, urgency });
  };
  return { clock, budget, spend, seconds };
}

test("a change does not wait as long as there are tokens, on credit if need be", async () => {
  const { spend, seconds } = setUp();
  await spend(100, "change");
  expect(seconds()).toBe(0);
});

test("a change never waits for the buckets themselves", async () => {
  const never: TokenBuckets = { take: () => new Promise(() => {}) };
  const clock = createSteppingClock();
  const budget = createRequestBudget(never, { clock, log: createMemoryLog() });
  for (let sent = 0; sent < 10; sent++) await budget.spend({ method: "GET", url, urgency: "change" });
});

test("a survey leaves what a change may need, and takes its own time", async () => {
  const { clock, spend, seconds } = setUp();
  clock.advance(60_000);
  await spend(90, "survey");
  expect(seconds()).toBeCloseTo(60, 0);
  await spend(45, "survey");
  expect(seconds()).toBeGreaterThan(61);
  const before = seconds();
  await spend(90, "change");
  expect(seconds()).toBe(before);
});

test("a process that has just begun does not trust in a full bucket", async () => {
  const { spend, seconds } = setUp();
  await spend(45, "survey");
  expect(seconds()).toBeGreaterThan(1.5);
});

test("reads and writes, and subscriptions, are counted apart; a POST is a write", async () => {
  const { clock, spend, seconds } = setUp();
  clock.advance(60_000);
  await spend(70, "survey", "POST");
  await spend(90, "survey");
  await spend(90, "survey", "GET", url.replace("S-1", "S-2"));
  await spend(90, "survey", "GET", "https://management.example/subscriptions?api-version=1");
  expect(seconds()).toBeCloseTo(60, 0);
  await spend(9, "survey", "POST");
  expect(seconds()).toBeGreaterThan(60.5);
});

test("the id of a subscription is one however it is written", async () => {
  const { spend, seconds } = setUp();
  await spend(80, "change");
  await spend(60, "change", "GET", url.replace("S-1", "s-1"));
  expect(seconds()).toBeGreaterThan(0);
});

test("without the buckets a change goes on and a survey does not", async () => {
  const away: TokenBuckets = { take: () => Promise.reject(new Error("the database is away")) };
  const log = createMemoryLog();
  const budget = createRequestBudget(away, { clock: createSteppingClock(), log });
  for (let sent = 0; sent < 50; sent++) await budget.spend({ method: "PATCH", url, urgency: "change" });
  await expect(budget.spend({ method: "GET", url, urgency: "survey" })).rejects.toThrow("away");
  expect(log.lines.some(({ event }) => event === "request-budget-unreachable")).toBe(true);
});

test("who is not wanted any more does not wait on", async () => {
  const { budget } = setUp();
  const signal = AbortSignal.abort(new Error("stopped"));
  await expect(budget.spend({ method: "GET", url, urgency: "change", signal })).rejects.toThrow("stopped");
});

test("whatever comes when, Azure's own bucket never runs dry", async () => {
  const step = fc.record({
    urgency: fc.constantFrom<Urgency>("change", "survey"),
    count: fc.integer({ min: 1, max: 120 }),
    pauseMs: fc.integer({ min: 0, max: 8_000 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 15 }), async (steps) => {
      const { clock, budget } = setUp();
      // As documented: 250 at most, 25 more a second.
      let left = 250;
      let at = clock.now().getTime();
      for (const { urgency, count, pauseMs } of steps) {
        clock.advance(pauseMs);
        for (let sent = 0; sent < count; sent++) {
          await budget.spend({ method: "GET", url, urgency });
          const now = clock.now().getTime();
          left = Math.min(250, left + ((now - at) / 1000) * 25) - 1;
          at = now;
          expect(left).toBeGreaterThanOrEqual(0);
        }
      }
    }),
    { numRuns: 100 },
  );
});
