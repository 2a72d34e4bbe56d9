import { defineConfig } from "vitest/config";

/** Folders whose tests start nothing and change nothing outside themselves: they share a process, which halves their time. */
const plain = ["command", "config", "domain", "flow", "reply", "repository"].map(
  (folder) => `test/${folder}/**/*.test.ts`,
);

export default defineConfig({
  test: {
    projects: [
      { extends: true, test: { name: "plain", include: plain, isolate: false } },
      { extends: true, test: { name: "processes", include: ["test/**/*.test.ts"], exclude: plain } },
    ],
    // Journeys start real processes and servers; a slow machine must not turn into a false alarm.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Two cores are what we count on. Real processes and browsers wait for much of their time: a third worker uses it.
    maxWorkers: 3,
  },
});
