import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Database } from "../../../src/adapters/store/database.ts";
import { queueSchema } from "../../../src/adapters/store/job-queues.ts";
import type { Effects } from "../../../src/ports/change-requests.ts";
import {
  approved,
  card,
  event,
  message,
  nothing,
  pending,
  prompt,
  said,
} from "../../contract/change-requests-samples.ts";
import { collect, type TestStore } from "./store-for-tests.ts";

/** Transactions do all or nothing, and cannot get in their own way. */
export function testTransactions(open: () => Promise<TestStore>): void {
  describe("transactions", () => {
    let store: TestStore;
    beforeAll(async () => {
      store = await open();
    });
    afterAll(() => store.close());

    /** How many rows there are of everything. */
    const counts = async () => {
      const { rows } = await sql`
        SELECT (SELECT count(*) FROM routebot.change_request) AS requests,
          (SELECT count(*) FROM routebot.change_request_site) AS sites,
          (SELECT sum(want) FROM routebot.delivery) AS deliveries,
          (SELECT count(*) FROM routebot.prompt) AS prompts,
          (SELECT count(*) FROM routebot.inbox WHERE handled_at IS NULL) AS messages,
          (SELECT seq FROM routebot.audit_head) AS events,
          (SELECT count(*) FROM ${sql.raw(queueSchema)}.job) AS jobs`.execute(store.database.sql);
      return rows[0];
    };

    test("one that fails at its very end leaves nothing", async () => {
      const request = pending(await store.requests.nextNumber());
      const setUp = { ...nothing, owed: [card(request.id)], events: [event()] };
      await store.requests.open({ request, check: () => undefined, effects: setUp });
      await store.inbox.receive(message("m1"));
      const before = await counts();
      const effects: Effects = {
        owed: [card(request.id), said("said")],
        prompts: [prompt("p1")],
        jobs: [
          { kind: "apply", request: request.id, site: "shop-web" },
          { kind: "deadline", request: request.id, at: new Date() },
        ],
        answers: "m1",
        // No time can be written for the last event.
        events: [event(), { ...event(), at: new Date(Number.NaN) }],
      };
      await expect(store.requests.transition({ from: 1, to: approved(request), effects })).rejects.toThrow();
      await expect(store.requests.record(effects)).rejects.toThrow();
      const another = pending(await store.requests.nextNumber());
      await expect(
        store.requests.open({ request: another, check: () => undefined, effects }),
      ).rejects.toThrow();
      expect(await counts()).toEqual(before);
      expect(await store.requests.get(request.id)).toEqual(request);
      expect(await store.inbox.get("m1")).toBeDefined();
    });

    test("nothing but the transaction can be used inside one", async () => {
      const inside: (() => Promise<unknown>)[] = [
        () => store.requests.get("CR-1"),
        () => store.requests.record(nothing),
        () => store.outbox.get("key"),
        async () => await collect(store.audit.recordsAfter(0)),
      ];
      for (const step of inside) {
        await expect(store.database.transaction(step)).rejects.toThrow(/beside a transaction/);
      }
      await expect(store.requests.ping()).resolves.toBeUndefined();
    });

    test("one that the database gave up for another is run again", async () => {
      const number = await store.requests.nextNumber();
      let runs = 0;
      await store.database.transaction(async (unit) => {
        await unit.sql
          .insertInto("change_request_site")
          .values({ site: "again", number: await firstNumber() })
          .execute();
        runs += 1;
        if (runs < 3) throw Object.assign(new Error("deadlock detected"), { code: "40P01" });
        async function firstNumber(): Promise<number> {
          const row = await unit.sql.selectFrom("change_request").select("number").executeTakeFirstOrThrow();
          return row.number;
        }
      });
      expect(runs).toBe(3);
      expect(number).toBeGreaterThan(0);
      const rows = await store.database.sql
        .selectFrom("change_request_site")
        .selectAll()
        .where("site", "=", "again")
        .execute();
      expect(rows).toHaveLength(1);
    });

    test("one that takes too long is rolled back, and the others go on", async () => {
      const impatient = new Database(store.database.sql, undefined, 50);
      let committed = false;
      const stuck = impatient.transaction(async (unit) => {
        unit.afterCommit(() => {
          committed = true;
        });
        await unit.sql.deleteFrom("change_request_site").execute();
        await new Promise(() => {});
      });
      await expect(stuck).rejects.toThrow(/longer than 50 ms/);
      expect(committed).toBe(false);
      expect(await store.database.sql.selectFrom("change_request_site").selectAll().execute()).not.toEqual(
        [],
      );
    });
  });
}
