import { sql } from "kysely";
import type { AuditHead, AuditRecord } from "../../domain/audit/audit-record.ts";
import type { AuditEvent } from "../../domain/change/audit-event.ts";
import { canonicalJson } from "./canonical-json.ts";
import type { Database, Unit } from "./database.ts";

const payloadVersion = 1;
const pageSize = 500;
const columns = ["seq", "at", "previous", "payload", "hash"] as const;

/**
 * Appends events. To be done last in a transaction: from here to its end, no other transaction can append. Each is a line of the log as
 * well, without the people: there it is found beside what led to it, and a log that is kept elsewhere knows the chain's hashes.
 */
export async function appendAudit(unit: Unit, events: readonly AuditEvent[]): Promise<void> {
  for (const event of events) {
    const payload = canonicalJson({ ...event, version: payloadVersion });
    const { rows } = await sql<AuditHead>`
      SELECT seq, hash FROM routebot.audit_append(${event.at.toISOString()}::timestamptz, ${payload}::text)`.execute(
      unit.sql,
    );
    const { kind, request, from, to } = event;
    unit.afterCommit(() => unit.log.info("recorded", { kind, request, from, to, ...rows[0] }));
  }
}

/** The records after `after`, oldest first; a page at a time, so that memory stays flat. */
export async function* readAudit(database: Database, after = 0): AsyncIterable<AuditRecord> {
  for (let last = after; ; ) {
    const page = await database.sql
      .selectFrom("audit_event")
      .select(columns)
      .where("seq", ">", last)
      .orderBy("seq")
      .limit(pageSize)
      .execute();
    yield* page;
    const end = page.at(-1);
    if (end === undefined) return;
    last = end.seq;
  }
}

export async function readAuditHead(database: Database): Promise<AuditHead> {
  return await database.sql.selectFrom("audit_head").select(["seq", "hash"]).executeTakeFirstOrThrow();
}
