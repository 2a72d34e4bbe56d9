import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sealHead } from "../../../src/domain/audit/seal.ts";
import { verifyAudit } from "../../../src/domain/audit/verify-audit.ts";
import { event, nothing } from "../../contract/change-requests-samples.ts";
import { newSealingKey } from "../../support/audit-samples.ts";
import { collect, type TestStore } from "./store-for-tests.ts";

/** The audit is a chain that shows every change, and its database lets nothing be changed. */
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
    const key = newSealingKey();
    const keys = new Map([[key.id, key.publicKey]]);

    test("holds every event of every transaction, in one chain that can be checked", async () => {
      const records = await collect(store.audit.recordsAfter(0));
      expect(records.map((record) => record.seq)).toEqual(
        Array.from({ length: 60 }, (_, index) => index + 1),
      );
      const head = await store.audit.head();
      expect(await verifyAudit(store.audit.recordsAfter(0), { anchors: [], keys })).toEqual({
        kind: "whole",
        head,
        anchored: 0,
      });
      const numbers = records.map((record) => JSON.parse(record.payload).details.number).filter(Boolean);
      expect(new Set(numbers).size).toBe(30);
      expect(JSON.parse(records[0]?.payload ?? "")).toMatchObject({
        version: 1,
        kind: "moved",
        at: event().at.toISOString(),
      });
    });

    test("each record is a line of the log, with its place and its hash and without the people", async () => {
      const told = store.log.lines.filter((line) => line.event === "recorded").map(({ fields }) => fields);
      const records = await collect(store.audit.recordsAfter(0));
      expect(told.toSorted((a, b) => Number(a?.seq) - Number(b?.seq))).toEqual(
        records.map(({ seq, hash, payload }) => {
          const { kind, request, from, to } = JSON.parse(payload);
          return { kind, request, from, to, seq, hash };
        }),
      );
    });

    test("the records after one are those after it", async () => {
      const records = await collect(store.audit.recordsAfter(57));
      expect(records.map(({ seq }) => seq)).toEqual([58, 59, 60]);
      expect(await collect(store.audit.recordsAfter(60))).toEqual([]);
    });

    test("keeps seals: the longest is the last, and the first of one length stays", async () => {
      const head = await store.audit.head();
      const [early] = await collect(store.audit.recordsAfter(29));
      expect(await store.audit.lastSeal()).toBeUndefined();
      const seal = sealHead(head, key, new Date("2026-11-22T12:00:00.001Z"));
      await store.audit.keep(seal);
      await store.audit.keep(sealHead(head, key, new Date("2026-11-22T13:00:00.000Z")));
      if (early) await store.audit.keep(sealHead(early, key, new Date()));
      expect(await store.audit.lastSeal()).toEqual(seal);
      expect(await verifyAudit(store.audit.recordsAfter(0), { anchors: [seal], keys })).toMatchObject({
        anchored: 60,
      });
    });

    test.for([
      "UPDATE routebot.audit_event SET payload = '{}'",
      "DELETE FROM routebot.audit_event",
      "TRUNCATE routebot.audit_event",
      "DELETE FROM routebot.audit_head",
      "UPDATE routebot.audit_head SET seq = 10, hash = (SELECT hash FROM routebot.audit_event WHERE seq = 10)",
      "UPDATE routebot.audit_head SET hash = repeat('0', 64)",
      "UPDATE routebot.audit_seal SET signature = ''",
      "DELETE FROM routebot.audit_seal",
    ])("the database refuses: %s", async (statement) => {
      await expect(sql.raw(statement).execute(store.database.sql)).rejects.toThrow(
        /never changed or removed/,
      );
    });
  });
}
