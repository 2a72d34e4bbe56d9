import { createHash } from "node:crypto";
import { sql } from "kysely";
import type { AuditEvent } from "../../domain/change/audit-event.ts";
import { canonicalJson } from "./canonical-json.ts";
import type { Database, Unit } from "./database.ts";

/** One record of the audit, as it is stored. */
export type AuditRecord = {
  /** From 1, without gaps. */
  readonly seq: number;
  readonly at: Date;
  /** Hash of the record before it; 64 zeros for the first. */
  readonly previous: string;
  /** Canonical JSON of the event, with `version`. */
  readonly payload: string;
  /** SHA-256, in hex, of `previous`, `seq` and `payload` with a line feed between each two of them. */
  readonly hash: string;
};

/** Where the chain ends. Kept somewhere else, it proves that nothing was cut off or written anew. */
export type AuditHead = { readonly seq: number; readonly hash: string };

/** What is wrong with a chain: the first record that does not fit, and how. */
export type AuditBreak = { readonly seq: number; readonly why: string };

const payloadVersion = 1;
const pageSize = 500;
export const emptyHead: AuditHead = { seq: 0, hash: "0".repeat(64) };

/** Appends events. To be done last in a transaction: from here to its end, no other transaction can append. */
export async function appendAudit(unit: Unit, events: readonly AuditEvent[]): Promise<void> {
  for (const event of events) {
    const payload = canonicalJson({ ...event, version: payloadVersion });
    await sql`SELECT routebot.audit_append(${event.at.toISOString()}::timestamptz, ${payload}::text)`.execute(
      unit.sql,
    );
  }
}

/** All records, oldest first. */
export async function* readAudit(database: Database): AsyncIterable<AuditRecord> {
  for (let after = 0; ; ) {
    const page = await database.sql
      .selectFrom("audit_event")
      .selectAll()
      .where("seq", ">", after)
      .orderBy("seq")
      .limit(pageSize)
      .execute();
    yield* page;
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.seq;
  }
}

export async function readAuditHead(database: Database): Promise<AuditHead> {
  return await database.sql.selectFrom("audit_head").select(["seq", "hash"]).executeTakeFirstOrThrow();
}

/**
 * Checks a whole chain, and that it goes through `head`. `undefined` means that every record is as it was written. Somebody
 * who owns the database can write all of it anew; only a head that was kept elsewhere shows that.
 */
export async function verifyAudit(
  records: AsyncIterable<AuditRecord>,
  head: AuditHead,
): Promise<AuditBreak | undefined> {
  let last = emptyHead;
  for await (const record of records) {
    const { seq, previous, payload, hash } = record;
    if (seq !== last.seq + 1) return { seq: last.seq + 1, why: "the record is missing" };
    if (previous !== last.hash) return { seq, why: "it does not follow the record before it" };
    if (hash !== hashOf(record)) return { seq, why: "it is not what was written" };
    if (record.at.toISOString() !== timeIn(payload)) return { seq, why: "its time is not what was written" };
    if (seq === head.seq && hash !== head.hash) return { seq, why: "the given head has another hash" };
    last = { seq, hash };
  }
  return last.seq >= head.seq
    ? undefined
    : { seq: last.seq + 1, why: "the chain ends before the given head" };
}

function hashOf({ previous, seq, payload }: AuditRecord): string {
  return createHash("sha256").update(`${previous}\n${seq}\n${payload}`, "utf8").digest("hex");
}

function timeIn(payload: string): unknown {
  const event: unknown = JSON.parse(payload);
  return typeof event === "object" && event !== null && "at" in event ? event.at : undefined;
}
