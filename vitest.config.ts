import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Journeys start real processes and servers; a slow machine must not turn into a false alarm.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Two cores are what we count on: more workers only make real processes wait for each other.
    maxWorkers: 2,
  },
});
