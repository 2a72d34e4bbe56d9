import { sql } from "kysely";
import { type AuditHead, type AuditRecord, emptyHead, misfit } from "../../../domain/audit/audit-record.ts";
import { readAudit, readAuditHead } from "../audit-chain.ts";
import type { Database, Unit } from "../database.ts";
import { StoreUnusable } from "../store-unusable.ts";

const pageSize = 500;

/**
 * Appends all records of one audit to another, empty one. Each hash is computed anew there; the two chains end alike, or nothing is
 * kept. Where it ends.
 *
 * @throws StoreUnusable if the first one is not whole.
 */
export async function copyAudit(from: Database, to: Unit): Promise<AuditHead> {
  let last = emptyHead;
  let page: AuditRecord[] = [];
  for await (const record of readAudit(from)) {
    const wrong = misfit(last, record);
    if (wrong) throw broken(wrong.seq, wrong.why);
    last = { seq: record.seq, hash: record.hash };
    page.push(record);
    if (page.length === pageSize) {
      await append(to, page);
      page = [];
    }
  }
  await append(to, page);
  const stored = await readAuditHead(from);
  if (stored.seq !== last.seq || stored.hash !== last.hash)
    throw broken(last.seq + 1, "the last records are gone");
  const copied = await to.sql.selectFrom("audit_head").select(["seq", "hash"]).executeTakeFirstOrThrow();
  if (copied.seq !== last.seq || copied.hash !== last.hash)
    throw new Error(
      `the copy of the audit ends with record ${copied.seq}, and not as the one that was copied`,
    );
  return last;
}

async function append(to: Unit, page: readonly AuditRecord[]): Promise<void> {
  if (page.length === 0) return;
  const times = page.map(({ at }) => at.toISOString());
  const payloads = page.map(({ payload }) => payload);
  await sql`
    SELECT routebot.audit_append(r.at::timestamptz, r.payload) FROM (
      SELECT at, payload FROM unnest(${times}::text[], ${payloads}::text[]) WITH ORDINALITY AS v(at, payload, place)
      ORDER BY place) AS r`.execute(to.sql);
}

function broken(seq: number, why: string): StoreUnusable {
  return new StoreUnusable(
    `The audit is broken at record ${seq}: ${why}. Nothing was moved; "routebot audit export" and "routebot audit verify" (docs/audit.md) show more.`,
  );
}
