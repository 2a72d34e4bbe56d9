import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { queueSchema } from "../../../src/adapters/store/job-queues.ts";
import type { RequestId } from "../../../src/domain/change/change-request.ts";
import type { JobResult } from "../../../src/ports/work.ts";
import { approved, card, message, nothing, pending } from "../../contract/change-requests-samples.ts";
import { again, done, TestHandlers } from "../../contract/work-harness.ts";
import { openTestStore, type TestStore } from "./store-for-tests.ts";

/** What the worker does beyond the port's promises: speed, nothing blocked, lost and left-over jobs, start and stop. */
export function testWorker(open: () => Promise<TestStore>): void {
  describe("worker", () => {
    let store: TestStore;
    const on = new TestHandlers();
    let numbers = 1000;
    const unique = (): RequestId => `CR-${++numbers}`;
    beforeAll(async () => {
      store = await open();
      const overdue = {
        ...pending(await store.requests.nextNumber()),
        decideBy: new Date("2020-01-01T00:00:00.000Z"),
      };
      await store.requests.open({ request: overdue, check: () => undefined, effects: nothing });
      on.onDeadline(overdue.id, async () => {
        lookedAt.push(overdue.id);
        return done;
      });
      await store.work.start(on.handlers);
    });
    afterAll(() => store.close());
    const lookedAt: RequestId[] = [];

    const jobsNotDone = async () => {
      const { rows } = await sql<{ state: string }>`
        SELECT state FROM ${sql.raw(queueSchema)}.job WHERE state <> 'completed'`.execute(store.database.sql);
      return rows.map((row) => row.state);
    };

    test("a request whose deadline job was lost is found", async () => {
      await store.until(() => lookedAt.length > 0);
    });

    test("no polling stands between a transition and its jobs", async () => {
      const waits: number[] = [];
      for (let round = 0; round < 21; round++) {
        const request = pending(await store.requests.nextNumber(), `fast-${round}`);
        await store.requests.open({ request, check: () => undefined, effects: nothing });
        const applied = Promise.withResolvers<number>();
        on.onApply(request.id, async () => {
          applied.resolve(performance.now());
          return done;
        });
        const delivered = Promise.withResolvers<number>();
        on.onDeliver(`${request.id}/card`, async () => {
          delivered.resolve(performance.now());
          return done;
        });
        const effects = {
          ...nothing,
          owed: [card(request.id)],
          jobs: [{ kind: "apply", request: request.id, site: request.id } as const],
        };
        await store.requests.transition({ from: 1, to: approved(request), effects });
        const committed = performance.now();
        waits.push(Math.max(await applied.promise, await delivered.promise) - committed);
      }
      // 2 to 8 ms on a quiet machine; a poll would be 1000 ms on average.
      expect(waits.toSorted((a, b) => a - b)[10]).toBeLessThan(150);
    });

    test("no polling stands between the jobs of one site", async () => {
      const requests = Array.from({ length: 10 }, unique);
      const ends: number[] = [];
      for (const request of requests) {
        on.onApply(request, async () => {
          ends.push(performance.now());
          return done;
        });
      }
      const jobs = requests.map((request) => ({ kind: "apply", request, site: "line" }) as const);
      await store.requests.record({ ...nothing, jobs });
      await store.until(() => ends.length === 10);
      expect((ends.at(-1) ?? 0) - (ends[0] ?? 0)).toBeLessThan(1500);
    });

    test("sites do not wait for each other", async () => {
      const gate = Promise.withResolvers<JobResult>();
      const [slow, quick] = [unique(), unique()];
      let passed = false;
      on.onApply(slow, () => gate.promise);
      on.onApply(quick, async () => {
        passed = true;
        return done;
      });
      await store.requests.record({ ...nothing, jobs: [{ kind: "apply", request: slow, site: "slow" }] });
      await store.requests.record({ ...nothing, jobs: [{ kind: "apply", request: quick, site: "quick" }] });
      await store.until(() => passed);
      gate.resolve(done);
    });

    test("whatever handlers do, every job ends and none is given up", async () => {
      const outcomes: readonly (JobResult | "rejects")[] = [done, again(1), "rejects", again(20), again(0)];
      let ended = 0;
      const jobs = Array.from({ length: 40 }, (_, index) => {
        const request = unique();
        let calls = 0;
        on.onApply(request, async () => {
          calls += 1;
          // Each job goes another way through the outcomes; at most one of them costs the pause after a rejection.
          const outcome = calls > 3 ? done : (outcomes[(index + calls * 2) % outcomes.length] ?? done);
          if (outcome === "rejects") throw new Error("broken on purpose");
          if (outcome.kind === "done") ended += 1;
          return outcome;
        });
        return { kind: "apply", request, site: `site-${index % 13}` } as const;
      });
      await store.requests.record({ ...nothing, jobs });
      await store.until(() => ended === jobs.length);
      await store.until(async () => (await jobsNotDone()).length === 0);
      expect(store.log.named("job-failed").length).toBeGreaterThan(5);
    });

    test("a job that somebody marked as failed is tried again, and what is behind it runs", async () => {
      const [first, second] = [unique(), unique()];
      const calls: string[] = [];
      for (const request of [first, second]) {
        on.onApply(request, async () => {
          calls.push(request);
          return done;
        });
      }
      await store.requests.record({
        ...nothing,
        jobs: [{ kind: "deadline", request: first, at: new Date("2999-01-01") }],
      });
      await sql`UPDATE ${sql.raw(queueSchema)}.job SET state = 'failed', name = 'deadline' WHERE singleton_key = ${first}`.execute(
        store.database.sql,
      );
      on.onDeadline(first, async () => {
        calls.push("deadline");
        return done;
      });
      await sql`UPDATE ${sql.raw(queueSchema)}.job SET start_after = now() WHERE singleton_key = ${first}`.execute(
        store.database.sql,
      );
      expect(await store.queues.reviveFailed()).toBe(1);
      await store.until(() => calls.includes("deadline"));
    });

    test("a look that is due now is not kept waiting by one that was put off while it came", async () => {
      const request = unique();
      const look = { kind: "aftercare", request, at: new Date() } as const;
      let calls = 0;
      on.onAftercare(request, async () => {
        calls += 1;
        if (calls > 1) return done;
        // Somebody ends the change right after this look has seen when the next one is due.
        await store.requests.record({ ...nothing, jobs: [look] });
        return again(3_600_000);
      });
      await store.requests.record({ ...nothing, jobs: [look] });
      await store.until(async () => (await jobsNotDone()).includes("retry"));
      expect(calls).toBe(1);
      // As the sweep does.
      await store.requests.record({ ...nothing, jobs: [look] });
      await store.until(async () => (await jobsNotDone()).length === 0);
      expect(calls).toBe(3);
    });

    test("a worker that lost its job is told, and cannot end it any more", async () => {
      const request = unique();
      const told: boolean[] = [];
      on.onApply(request, async (_job, { attempt, signal }) => {
        if (attempt === 1) {
          await sql`UPDATE ${sql.raw(queueSchema)}.job SET retry_count = 1 WHERE singleton_key = 'lost'`.execute(
            store.database.sql,
          );
          await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
          told.push(signal.aborted);
        }
        return done;
      });
      await store.requests.record({ ...nothing, jobs: [{ kind: "apply", request, site: "lost" }] });
      await store.until(() => told.length === 1);
      expect(await jobsNotDone()).toEqual(["active"]);
      // Its new owner does not show any signs of life either.
      await sql`UPDATE ${sql.raw(queueSchema)}.job SET state = 'completed' WHERE singleton_key = 'lost'`.execute(
        store.database.sql,
      );
    });
  });

  describe("worker, start and stop", () => {
    let first: TestStore;
    let second: TestStore | undefined;
    afterEach(async () => {
      await first?.close();
      await second?.close();
    });

    test("what does not end in time is aborted, and what does not end then is handed on", async () => {
      first = await open();
      const calls: string[] = [];
      const before = new TestHandlers();
      before.onMessage("polite", async (_job, { signal }) => {
        calls.push("polite begins");
        await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
        return again(60_000);
      });
      before.onMessage("stubborn", () => {
        calls.push("stubborn begins");
        return new Promise(() => {});
      });
      await first.work.start(before.handlers);
      await expect(first.work.start(before.handlers)).rejects.toThrow(/once/);
      const { actor, place } = {
        actor: { account: { platform: "slack", tenant: "T", user: "U" }, displayName: "U" },
        place: card("CR-1").place,
      } as const;
      for (const id of ["polite", "stubborn"])
        await first.inbox.receive({ kind: "message", id, actor, place, text: "x" });
      await first.until(() => calls.length === 2);
      await Promise.all([first.work.stop(20), first.work.stop(20)]);
      await first.inbox.receive({ kind: "message", id: "late", actor, place, text: "x" });
      await Promise.all([first.close(), first.close()]);
      await first.close();
      expect(calls).toHaveLength(2);

      const after = new TestHandlers();
      for (const id of ["polite", "stubborn", "late"]) {
        after.onMessage(id, async (job, { attempt }) => {
          calls.push(`${job.message} again, ${attempt}`);
          return done;
        });
      }
      second = await openTestStore(first.settings);
      await second.work.start(after.handlers);
      await second.until(() => calls.length === 5);
      expect(calls.slice(2).toSorted()).toEqual(["late again, 1", "polite again, 2", "stubborn again, 2"]);
    });

    test("in a rush messages are answered two at a time, and afterwards all of them", async () => {
      first = await open();
      let rushed = true;
      const gate = Promise.withResolvers<void>();
      const running = new Set<string>();
      const ended: string[] = [];
      const on = new TestHandlers();
      const ids = Array.from({ length: 40 }, (_, index) => `rush-${index}`);
      for (const id of ids) {
        on.onMessage(id, async () => {
          running.add(id);
          await gate.promise;
          running.delete(id);
          ended.push(id);
          return done;
        });
      }
      await first.work.start(on.handlers, () => rushed);
      await Promise.all(ids.map((id) => first.inbox.receive(message(id))));
      await first.until(() => running.size === 2);
      // Whatever wakes the worker, it takes no third one.
      await first.inbox.receive(message("another"));
      expect(running.size).toBe(2);
      rushed = false;
      gate.resolve();
      await first.until(() => ended.length === ids.length);
      expect(ended.toSorted()).toEqual(ids.toSorted());
    });

    test("a store that never started is stopped and closed like any other", async () => {
      first = await open();
      await first.work.stop(1000);
      await expect(first.work.start(new TestHandlers().handlers)).rejects.toThrow(/once/);
      await first.close();
    });
  });
}
