import fc from "fast-check";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AuditRecord, verifyAudit } from "../../../src/adapters/store/audit-chain.ts";
import { event, nothing } from "../../contract/change-requests-samples.ts";
import { collect, type TestStore } from "./store-for-tests.ts";

async function* from(records: readonly AuditRecord[]): AsyncIterable<AuditRecord> {
  yield* records;
}

/** The audit is a chain that shows every change. */
export function testAudit(open: () => Promise<TestStore>): void {
  describe("audit", () => {
    let store: TestStore;
    beforeAll(async () => {
      store = await open();
      await Promise.all(
        Array.from({ length: 30 }, (_, number) =>
          store.requests.record({
            ...nothing,
            events: [event({ number: `${number}` }), event({ odd: "\u0000\ud800 ü" })],
          }),
        ),
      );
    });
    afterAll(() => store.close());

    test("holds every event of every transaction, in one chain that can be checked", async () => {
      const records = await collect(store.auditRecords());
      expect(records.map((record) => record.seq)).toEqual(
        Array.from({ length: 60 }, (_, index) => index + 1),
      );
      expect(await verifyAudit(store.auditRecords(), await store.auditHead())).toBeUndefined();
      const numbers = records.map((record) => JSON.parse(record.payload).details.number).filter(Boolean);
      expect(new Set(numbers).size).toBe(30);
      expect(JSON.parse(records[0]?.payload ?? "")).toMatchObject({
        version: 1,
        kind: "moved",
        at: event().at.toISOString(),
      });
    });

    test("any record that is changed, left out or moved is found, and where", async () => {
      const records = await collect(store.auditRecords());
      const head = await store.auditHead();
      const place = fc.integer({ min: 0, max: records.length - 1 });
      const harm = fc.oneof(
        place.map((at) => ({
          at,
          name: "payload",
          to: (r: AuditRecord) => [{ ...r, payload: r.payload.replace("moved", "opened") }],
        })),
        place.map((at) => ({
          at,
          name: "time",
          to: (r: AuditRecord) => [{ ...r, at: new Date(r.at.getTime() + 1) }],
        })),
        place.map((at) => ({
          at,
          name: "hash",
          to: (r: AuditRecord) => [{ ...r, hash: r.hash.replace(/.$/, (end) => (end === "0" ? "1" : "0")) }],
        })),
        place.map((at) => ({ at, name: "left out", to: () => [] })),
        place.map((at) => ({ at, name: "twice", to: (r: AuditRecord) => [r, r] })),
      );
      await fc.assert(
        fc.asyncProperty(harm, async ({ at, to }) => {
          const harmed = records.flatMap((record, index) => (index === at ? to(record) : [record]));
          const found = await verifyAudit(from(harmed), head);
          expect(found).toBeDefined();
          expect(Math.abs((found?.seq ?? 0) - (at + 1))).toBeLessThanOrEqual(1);
        }),
      );
    });

    test("a chain that was cut off, or is another one, does not lead to its head", async () => {
      const records = await collect(store.auditRecords());
      const head = await store.auditHead();
      expect(await verifyAudit(from(records.slice(0, -1)), head)).toMatchObject({ seq: 60 });
      expect(await verifyAudit(from(records), { ...head, hash: "0".repeat(64) })).toBeDefined();
    });

    test.for([
      "UPDATE routebot.audit_event SET payload = '{}'",
      "DELETE FROM routebot.audit_event",
      "TRUNCATE routebot.audit_event",
      "DELETE FROM routebot.audit_head",
    ])("the database refuses: %s", async (statement) => {
      await expect(sql.raw(statement).execute(store.database.sql)).rejects.toThrow(
        /never changed or removed/,
      );
    });
  });
}
