import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RequestId } from "../../src/domain/change/change-request.ts";
import type { Job } from "../../src/ports/work.ts";
import { card, message, nothing, said } from "./change-requests-samples.ts";
import { again, done, type StoreUnderTest, TestHandlers } from "./work-harness.ts";

/** The promises of the port Work, checked on one implementation. */
export function testWork(open: () => Promise<StoreUnderTest>): void {
  describe("work", () => {
    let store: StoreUnderTest;
    const on = new TestHandlers();
    let numbers = 0;
    beforeAll(async () => {
      store = await open();
      await store.work.start(on.handlers);
    });
    afterAll(() => store.close());

    const unique = (): RequestId => `CR-${++numbers}`;
    const begin = (...jobs: Job[]) => store.requests.record({ ...nothing, jobs });

    test("a message that was stored is handled, once", async () => {
      const calls: string[] = [];
      on.onMessage("m1", async (job, { attempt, signal }) => {
        calls.push(`${job.message} ${attempt} ${signal.aborted}`);
        return done;
      });
      await store.inbox.receive(message("m1"));
      await store.inbox.receive(message("m1"));
      await store.until(() => calls.length > 0);
      await pass();
      expect(calls).toEqual(["m1 1 false"]);
    });

    test("what is owed is delivered, without a job being asked for", async () => {
      const calls: string[] = [];
      for (const key of ["d1", "d2"]) {
        on.onDeliver(key, async (job) => {
          calls.push(job.key);
          return done;
        });
      }
      await store.requests.record({ ...nothing, owed: [said("d1"), card("CR-1", "d2")] });
      await store.until(() => calls.length === 2);
      expect(calls.toSorted()).toEqual(["d1", "d2"]);
    });

    test("a handler that rejects is called again", async () => {
      const attempts: number[] = [];
      const request = unique();
      on.onApply(request, async (_job, { attempt }) => {
        attempts.push(attempt);
        if (attempt === 1) throw new Error("broken on purpose");
        return done;
      });
      await begin({ kind: "apply", request, site: "broken" });
      await store.until(() => attempts.length === 2);
      await pass();
      expect(attempts).toEqual([1, 2]);
    });

    test("a job that asks to be called again is, not before its time", async () => {
      const calls: number[] = [];
      const request = unique();
      on.onApply(request, async () => {
        calls.push(store.clock.now().getTime());
        return calls.length < 3 ? again(150) : done;
      });
      await begin({ kind: "apply", request, site: "again" });
      await store.until(() => calls.length === 3);
      const [first = 0, second = 0, third = 0] = calls;
      expect(second - first).toBeGreaterThanOrEqual(149);
      expect(third - second).toBeGreaterThanOrEqual(149);
    });

    test("jobs of one site run one after the other in their order, even past one that waits or fails", async () => {
      const log: string[] = [];
      const requests = [unique(), unique(), unique(), unique()];
      for (const [index, request] of requests.entries()) {
        on.onApply(request, async (_job, { attempt }) => {
          log.push(`${index} begins`);
          await Promise.resolve();
          if (index === 0 && attempt < 3) {
            log.push("0 waits");
            return again(30);
          }
          if (index === 1 && attempt < 2) {
            log.push("1 fails");
            throw new Error("broken on purpose");
          }
          log.push(`${index} ends`);
          return done;
        });
      }
      for (const request of requests) await begin({ kind: "apply", request, site: "one-site" });
      await store.until(() => log.includes("3 ends"));
      expect(log).toEqual([
        ...["0 begins", "0 waits", "0 begins", "0 waits", "0 begins", "0 ends"],
        ...["1 begins", "1 fails", "1 begins", "1 ends"],
        ...["2 begins", "2 ends", "3 begins", "3 ends"],
      ]);
    });

    test("messages of one line are handled in the order in which they were stored, others meanwhile", async () => {
      const log: string[] = [];
      on.onMessage("l1", async (_job, { attempt }) => {
        if (attempt === 1) throw new Error("broken on purpose");
        log.push("l1");
        return done;
      });
      for (const id of ["l2", "l3", "alone"]) {
        on.onMessage(id, async () => {
          log.push(id);
          return done;
        });
      }
      for (const id of ["l1", "l2", "l3"]) await store.inbox.receive(message(id), "one thread");
      await store.inbox.receive(message("alone"));
      await store.until(() => log.includes("l3"));
      expect(log).toEqual(["alone", "l1", "l2", "l3"]);
    });

    test("so are those that come at the same moment, and each is handled once", async () => {
      const log: string[] = [];
      const ids = Array.from({ length: 24 }, (_, index) => `at-once-${index}`);
      for (const id of ids) {
        on.onMessage(id, async () => {
          log.push(id);
          return done;
        });
      }
      const lineOf = (id: string) => `line ${Number(id.split("-")[2]) % 3}`;
      await Promise.all([...ids, ...ids].map((id) => store.inbox.receive(message(id), lineOf(id))));
      await store.until(() => log.length >= ids.length);
      for (const line of ["line 0", "line 1", "line 2"]) {
        expect(log.filter((id) => lineOf(id) === line)).toEqual(ids.filter((id) => lineOf(id) === line));
      }
    });

    test("a card that is owed many times is sent in its last state, and not many times", async () => {
      const sent: number[] = [];
      on.onDeliver("busy-card", async () => {
        const delivery = await store.outbox.get("busy-card");
        // More becomes due while the first one is being sent.
        if (sent.length === 0) for (let n = 0; n < 5; n++) await oweCard("busy-card");
        sent.push(delivery?.want ?? 0);
        return done;
      });
      await oweCard("busy-card");
      await store.until(() => sent.includes(6));
      await pass();
      expect(sent).toEqual([1, 6]);
    });

    test.each(["deadline", "remind"] as const)(
      "a %s comes at its time, and the last one that was set counts",
      async (kind) => {
        const calls: number[] = [];
        const [moved, kept] = [unique(), unique()];
        for (const request of [moved, kept]) {
          const called = async ({ at }: { readonly at: Date }) => {
            calls.push(store.clock.now().getTime() - at.getTime());
            return done;
          };
          if (kind === "deadline") on.onDeadline(request, called);
          else on.onRemind(request, called);
        }
        const now = store.clock.now().getTime();
        await begin({ kind, request: moved, at: new Date(now + 3600_000) });
        await begin({ kind, request: moved, at: new Date(now + 100) });
        // In one transaction: nobody can see the first alone.
        await begin(
          { kind, request: kept, at: new Date(now) },
          { kind, request: kept, at: new Date(now + 48 * 3600_000) },
        );
        await store.until(() => calls.length > 0);
        await pass();
        expect(calls).toHaveLength(1);
        expect(calls[0]).toBeGreaterThanOrEqual(-1);
      },
    );

    const oweCard = (key: string) => store.requests.record({ ...nothing, owed: [card("CR-1", key)] });
    /** Another job has been through, after everything that was there before. */
    const pass = async () => {
      const key = `pass-${++numbers}`;
      let passed = false;
      on.onDeliver(key, async () => {
        passed = true;
        return done;
      });
      await store.requests.record({ ...nothing, owed: [said(key)] });
      await store.until(() => passed);
    };
  });
}
