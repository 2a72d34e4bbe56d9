import { type Kysely, sql } from "kysely";
import type { Tables } from "../tables.ts";

/**
 * `audit_append` answers with the record's place in the chain and its hash. Programs that do not know it go on working: they do not look
 * at the answer.
 */
export async function up(db: Kysely<Tables>): Promise<void> {
  await sql`DROP FUNCTION routebot.audit_append(timestamptz, text)`.execute(db);
  await sql`
    CREATE FUNCTION routebot.audit_append(event_at timestamptz, event_payload text, OUT seq bigint, OUT hash text)
    LANGUAGE plpgsql AS $$
    DECLARE
      head routebot.audit_head%ROWTYPE;
    BEGIN
      SELECT * INTO STRICT head FROM routebot.audit_head FOR UPDATE;
      seq := head.seq + 1;
      hash := encode(sha256(convert_to(head.hash || chr(10) || seq::text || chr(10) || event_payload, 'UTF8')), 'hex');
      INSERT INTO routebot.audit_event AS record (seq, at, previous, payload, hash)
        VALUES (audit_append.seq, event_at, head.hash, event_payload, audit_append.hash);
      UPDATE routebot.audit_head AS kept SET seq = audit_append.seq, hash = audit_append.hash;
    END $$`.execute(db);
}
