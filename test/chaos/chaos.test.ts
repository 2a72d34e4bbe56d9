import { expect, test } from "vitest";
import { runChaos } from "./run-chaos.ts";

test.each([
  ["three replicas on PostgreSQL", "postgres", 24, 3],
  ["one host with the embedded store", "embedded", 12, 2],
] as const)("%s keep every promise under trouble", async (_, store, requests, kills) => {
  const seed = process.env.CHAOS_SEED ?? "continuous";
  const result = await runChaos({
    store,
    requests,
    kills,
    replicas: 3,
    seed,
    temporary: false,
    say: () => {},
  });
  expect(result.violations).toEqual([]);
  expect(result.kills).toBeGreaterThan(0);
  expect(result.requests).toBeGreaterThanOrEqual(requests / 2);
  expect(result.outcomes.confirmed).toBeGreaterThan(0);
  expect(result.armWrites).toBeGreaterThan(0);
});
