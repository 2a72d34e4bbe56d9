import { expect, test } from "vitest";
import { createAgingCache } from "../../../src/adapters/azure/aging-cache.ts";
import { createMemoryLog } from "../../support/memory-log.ts";
import { createSteppingClock } from "../../support/stepping-clock.ts";

function openCache(capacity = 10) {
  const clock = createSteppingClock();
  const loads: string[] = [];
  const held: { answer: Promise<void> } = { answer: Promise.resolve() };
  const cache = createAgingCache<number>(
    {
      name: "test",
      freshMs: 60_000,
      staleMs: 300_000,
      capacity,
      load: async (key) => {
        loads.push(key);
        const count = loads.length;
        await held.answer;
        return count;
      },
    },
    { clock, log: createMemoryLog() },
  );
  const value = async (key = "a", maxAgeMs?: number) => (await cache.get(key, maxAgeMs)).value;
  return { clock, loads, held, value };
}

test("a fresh value is given without loading", async () => {
  const { clock, loads, value } = openCache();
  await value();
  clock.advance(60_000);
  expect([await value(), loads.length]).toEqual([1, 1]);
});

test("an ageing value is given at once and refreshed behind it", async () => {
  const { clock, loads, value } = openCache();
  await value();
  clock.advance(61_000);
  expect(await value()).toBe(1);
  expect(loads).toHaveLength(2);
  await expect.poll(() => value()).toBe(2);
});

test("a stale value is not given", async () => {
  const { clock, value } = openCache();
  await value();
  clock.advance(300_001);
  expect(await value()).toBe(2);
});

test("a younger value than fresh can be demanded", async () => {
  const { clock, value } = openCache();
  await value();
  clock.advance(10_000);
  expect([await value("a", 5_000), await value("a", 5_000)]).toEqual([2, 2]);
});

test("one load serves all who ask", async () => {
  const { loads, value } = openCache();
  expect(await Promise.all([value(), value(), value("b"), value()])).toEqual([1, 1, 2, 1]);
  expect(loads).toEqual(["a", "b"]);
});

test("a failure is thrown to those who wait, is not kept, and spoils no value", async () => {
  const { clock, held, value } = openCache();
  await value();
  clock.advance(61_000);
  held.answer = Promise.reject(new Error("down"));
  expect(await value()).toBe(1);
  await expect(value("b")).rejects.toThrow("down");
  held.answer = Promise.resolve();
  expect(await value("b")).toBe(4);
});

test("the value that was loaded longest ago makes room", async () => {
  const { loads, value } = openCache(2);
  await value("a");
  await value("b");
  await value("c");
  await value("b");
  await value("a");
  expect(loads).toEqual(["a", "b", "c", "a"]);
});
