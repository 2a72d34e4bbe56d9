import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { queueSchema } from "../../../src/adapters/store/job-queues.ts";
import { openPostgres } from "../../../src/adapters/store/postgres/open-postgres.ts";
import type { JobContext } from "../../../src/ports/work.ts";
import { message, nothing, pending } from "../../contract/change-requests-samples.ts";
import { done, TestHandlers, waitUntil } from "../../contract/work-harness.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";
import { openTestStore, type TestStore } from "./store-for-tests.ts";

describe("replicas on one PostgreSQL database", () => {
  let server: TestPostgres;
  let replicas: readonly TestStore[] = [];
  const handlers = [new TestHandlers(), new TestHandlers(), new TestHandlers()] as const;
  beforeAll(async () => {
    server = await startPostgres();
    const url = await server.createDatabase();
    // All at once, on an empty database: they make the tables together.
    replicas = await Promise.all(handlers.map(() => openTestStore({ kind: "postgres", url })));
    await Promise.all(
      replicas.map((replica, index) => replica.work.start((handlers[index] ?? handlers[0]).handlers)),
    );
  });
  afterAll(async () => {
    await Promise.all(replicas.map((replica) => replica.close()));
    await server?.stop();
  });
  const at = (index: number): TestStore => {
    const replica = replicas[index];
    if (replica === undefined) throw new Error(`there is no replica ${index}`);
    return replica;
  };

  test("one message that reaches all of them is handled once", async () => {
    const calls: string[] = [];
    const ids = Array.from({ length: 30 }, (_, index) => `message-${index}`);
    for (const one of handlers) {
      for (const id of ids) {
        one.onMessage(id, async (job) => {
          calls.push(job.message);
          return done;
        });
      }
    }
    const results = await Promise.all(
      ids.flatMap((id) => replicas.map((replica) => replica.inbox.receive(message(id)))),
    );
    expect(results.filter((result) => result === "stored")).toHaveLength(30);
    await waitUntil(() => calls.length >= 30);
    expect(calls.toSorted()).toEqual(ids.toSorted());
  });

  test("messages that reach all of them at once, in different orders, are stored once each", async () => {
    const ids = Array.from({ length: 60 }, (_, index) => `crossing-${index}`);
    for (const one of handlers) for (const id of ids) one.onMessage(id, async () => done);
    const results = await Promise.all(
      replicas.map((replica, index) => {
        const order = index === 1 ? ids.toReversed() : ids;
        return Promise.all(order.map((id) => replica.inbox.receive(message(id))));
      }),
    );
    expect(results.flat().filter((result) => result === "stored")).toHaveLength(ids.length);
    expect(results.flat().filter((result) => result === "seen")).toHaveLength(2 * ids.length);
  });

  test("of openings for one site on all of them, one passes", async () => {
    const results = await Promise.all(
      Array.from({ length: 30 }, async (_, index) => {
        const { requests } = at(index % 3);
        return await requests.open({
          request: pending(await requests.nextNumber(), "contested"),
          check: (open) => (open.length > 0 ? { code: "opposite-request-open", message: "No." } : undefined),
          effects: nothing,
        });
      }),
    );
    expect(results.filter((result) => result.kind === "opened")).toHaveLength(1);
  });

  test("all of them together take no more from a bucket than is in it", async () => {
    const bucket = { name: "reads contested", size: 100, perSecond: 0.001, start: 80 };
    const takes = await Promise.all(
      Array.from({ length: 30 }, (_, index) => at(index % 3).buckets?.take({ bucket, tokens: 7, keep: 10 })),
    );
    expect(takes.reduce((sum, taken) => sum + (taken?.granted ?? 0), 0)).toBe(70);
    expect(takes.filter((taken) => taken?.granted === 7)).toHaveLength(10);
    const none = await at(0).buckets?.take({ bucket, tokens: 1, keep: 10 });
    expect(none).toMatchObject({ granted: 0 });
    expect(none?.waitMs).toBeGreaterThan(900_000);
    expect(await at(1).buckets?.take({ bucket, tokens: 99, keep: 0 })).toMatchObject({ granted: 10 });
  });

  test("a bucket fills up again by itself, up to its size", async () => {
    const bucket = { name: "writes refilled", size: 20, perSecond: 1_000_000, start: 0 };
    await at(0).buckets?.take({ bucket, tokens: 20, keep: 0 });
    expect(await at(2).buckets?.take({ bucket, tokens: 50, keep: 0 })).toMatchObject({ granted: 20 });
  });

  test("jobs of one site run one at a time, on whichever replica", async () => {
    let running = 0;
    let most = 0;
    let ended = 0;
    const ids = Array.from({ length: 20 }, (_, index) => `CR-${5000 + index}` as const);
    for (const one of handlers) {
      for (const id of ids) {
        one.onApply(id, async () => {
          most = Math.max(most, ++running);
          await new Promise((resolve) => setImmediate(resolve));
          running -= 1;
          ended += 1;
          return done;
        });
      }
    }
    await Promise.all(
      ids.map((request, index) =>
        at(index % 3).requests.record({ ...nothing, jobs: [{ kind: "apply", request, site: "one-site" }] }),
      ),
    );
    await waitUntil(() => ended === 20);
    expect(most).toBe(1);
  });

  test("the job of a replica that shows no more signs of life is taken over, and the late one cannot end it", async () => {
    const calls: { replica: number; context: JobContext }[] = [];
    const never = Promise.withResolvers<typeof done>();
    for (const [replica, one] of handlers.entries()) {
      one.onApply("CR-6000", async (_job, context) => {
        calls.push({ replica, context });
        return calls.length === 1 ? await never.promise : done;
      });
    }
    await at(0).requests.record({
      ...nothing,
      jobs: [{ kind: "apply", request: "CR-6000", site: "stalled" }],
    });
    await waitUntil(() => calls.length === 1);
    // As if its last sign of life were long ago.
    const since = performance.now();
    while (calls.length === 1 && performance.now() - since < 15_000) {
      await sql`
        UPDATE ${sql.raw(queueSchema)}.job SET heartbeat_on = now() - interval '1 minute'
        WHERE singleton_key = 'stalled' AND state = 'active' AND retry_count = 0`.execute(at(0).database.sql);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(calls.map((call) => call.context.attempt)).toEqual([1, 2]);
    await waitUntil(() => calls[0]?.context.signal.aborted === true);
    never.resolve(done);
  });

  test("a password may come from elsewhere, anew for each connection", async () => {
    const url = new URL(await server.createDatabase());
    const { password } = url;
    url.password = "";
    let asked = 0;
    const store = await openTestStore({
      kind: "postgres",
      url: url.href,
      password: async () => {
        asked++;
        return decodeURIComponent(password);
      },
    });
    try {
      await store.work.start(new TestHandlers().handlers);
      await store.requests.ping();
      // The tables and the job queues have a pool each.
      expect(asked).toBeGreaterThanOrEqual(2);
    } finally {
      await store.close();
    }
    const wrong = { url: url.href, password: async () => "an expired token" };
    await expect(openPostgres(wrong, () => {})).rejects.toThrow(/password authentication failed/);
  });

  test("a server that is not there rejects, and nothing hangs", async () => {
    await expect(openPostgres({ url: "postgres://nobody:x@127.0.0.1:1/none" }, () => {})).rejects.toThrow(
      /ECONNREFUSED/,
    );
  });
});
