import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { heartbeatSeconds } from "../../../src/adapters/store/job-queues.ts";
import { Lane, type LaneTools } from "../../../src/adapters/store/lane.ts";
import { noTelemetry } from "../../../src/ports/telemetry.ts";
import { createMemoryLog } from "../../support/memory-log.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A lane with one job in work, over a queue that takes its signs of life as `touch` says. */
async function working(touch: LaneTools["queues"]["touch"]) {
  const log = createMemoryLog();
  const job = { kind: "apply", request: "CR-1", site: "app-x" } as const;
  let isTaken = false;
  const queues = {
    claim: async () => {
      if (isTaken) return [];
      isTaken = true;
      return [{ id: "1", attempt: 1, job }];
    },
    touch,
    complete: async () => {},
    retry: async () => {},
  };
  const database = { transaction: () => Promise.reject(new Error("no database")) };
  const seen = Promise.withResolvers<AbortSignal>();
  const lane = new Lane(
    "apply",
    {
      limit: () => 1,
      handler: (_job, { signal }) => {
        seen.resolve(signal);
        return new Promise(() => {});
      },
    },
    // One lane has one kind, and this queue has jobs of that one only.
    { database, queues: queues as unknown as LaneTools["queues"], log, telemetry: noTelemetry },
  );
  lane.wake();
  return { lane, signal: await seen.promise, log };
}

test("a job stays ours as long as its signs of life are taken", async () => {
  const { lane, signal } = await working(async () => new Set(["1"]));
  for (let second = 0; second < 60; second += 3) {
    await vi.advanceTimersByTimeAsync(3_000);
    await lane.beat();
  }
  expect(signal.aborted).toBe(false);
});

test.each<[string, LaneTools["queues"]["touch"]]>([
  ["refuses them", () => Promise.reject(new Error("connection lost"))],
  ["never answers", () => new Promise(() => {})],
])("a job is let go before anybody else may have it, also when the database %s", async (_how, touch) => {
  const { lane, signal, log } = await working(touch);
  // Signs of life at times that leave a long while between the last one and the end of the lease.
  for (const ms of [100, 3_400, 3_400]) {
    await vi.advanceTimersByTimeAsync(ms);
    void lane.beat();
  }
  expect(signal.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(heartbeatSeconds * 1000 - 6_900 - 900);
  expect(signal.aborted).toBe(true);
  expect(log.named("job-lost")).toHaveLength(1);
});

test("a sign of life counts from when it was sent", async () => {
  const answer = Promise.withResolvers<ReadonlySet<string>>();
  const { lane, signal } = await working(() => answer.promise);
  void lane.beat();
  await vi.advanceTimersByTimeAsync(8_000);
  answer.resolve(new Set(["1"]));
  await vi.advanceTimersByTimeAsync(1_100);
  expect(signal.aborted).toBe(true);
});

test("a job that ends in the very moment in which a full lane was looked at makes room for the next one", async () => {
  for (let moment = 0; moment < 12; moment++) {
    const waiting = ["1", "2"];
    const begun: string[] = [];
    const gate = Promise.withResolvers<void>();
    const tools = {
      database: { transaction: () => Promise.reject(new Error("no database")) },
      queues: {
        claim: async () =>
          waiting
            .splice(0, 1)
            .map((id) => ({ id, attempt: 1, job: { kind: "apply", request: "CR-1", site: id } })),
        touch: async () => new Set<string>(),
        complete: async () => {
          // A commit somewhere else in this process.
          void (async () => {
            for (let tick = 0; tick < moment; tick++) await undefined;
            lane.wake();
          })();
        },
        retry: async () => {},
      } as unknown as LaneTools["queues"],
      log: createMemoryLog(),
      telemetry: noTelemetry,
    };
    const lane: Lane<"apply"> = new Lane(
      "apply",
      {
        limit: () => 1,
        handler: async ({ site }) => {
          begun.push(site);
          if (site === "1") await gate.promise;
          return { kind: "done" };
        },
      },
      tools,
    );
    lane.wake();
    await vi.advanceTimersByTimeAsync(1);
    expect(begun).toEqual(["1"]);
    gate.resolve();
    await vi.advanceTimersByTimeAsync(50);
    expect(begun).toEqual(["1", "2"]);
  }
});
