import { type Kysely, sql } from "kysely";
import { ownSchema, type Tables } from "../tables.ts";

/** The first schema. SQL for PostgreSQL 15 and later. */
export async function up(db: Kysely<Tables>): Promise<void> {
  const tables = db.withSchema(ownSchema).schema;

  await tables
    .createTable("change_request")
    .addColumn("number", "integer", (column) => column.primaryKey())
    .addColumn("id", "text", (column) => column.notNull().unique())
    .addColumn("revision", "integer", (column) => column.notNull())
    .addColumn("state", "text", (column) => column.notNull())
    .addColumn("open", "boolean", (column) => column.notNull())
    .addColumn("requester", "text", (column) => column.notNull())
    .addColumn("due_at", "timestamptz")
    .addColumn("record", "text", (column) => column.notNull())
    .execute();
  await sql`CREATE INDEX change_request_open ON routebot.change_request (number) WHERE open`.execute(db);
  await sql`CREATE SEQUENCE routebot.request_number`.execute(db);

  await tables
    .createTable("change_request_site")
    .addColumn("site", "text", (column) => column.notNull())
    .addColumn("number", "integer", (column) =>
      column.notNull().references(`${ownSchema}.change_request.number`),
    )
    .addPrimaryKeyConstraint("change_request_site_key", ["site", "number"])
    .execute();

  await tables
    .createTable("inbox")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("message", "text", (column) => column.notNull())
    .addColumn("received_at", "timestamptz", (column) => column.notNull().defaultTo(sql`now()`))
    .addColumn("handled_at", "timestamptz")
    .execute();

  await tables
    .createTable("delivery")
    .addColumn("key", "text", (column) => column.primaryKey())
    .addColumn("number", "integer", (column) => column.notNull().unique().generatedAlwaysAsIdentity())
    .addColumn("request", "text")
    .addColumn("owed", "text", (column) => column.notNull())
    .addColumn("want", "integer", (column) => column.notNull())
    .addColumn("sent", "integer", (column) => column.notNull())
    .addColumn("ref", "text")
    .addColumn("trying", "boolean", (column) => column.notNull())
    .addColumn("attempts", "integer", (column) => column.notNull())
    .addColumn("dead_why", "text")
    .addColumn("changed_at", "timestamptz", (column) => column.notNull().defaultTo(sql`now()`))
    .execute();
  await tables
    .createIndex("delivery_request")
    .on("delivery")
    .column("request")
    .where("request", "is not", null)
    .execute();

  await tables
    .createTable("prompt")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("record", "text", (column) => column.notNull())
    .addColumn("expires_at", "timestamptz", (column) => column.notNull())
    .execute();

  await createAudit(db);
}

/**
 * The audit: a chain in which each record's hash covers the hash before it, so that a record that is changed or taken away
 * shows. The payload is hashed as the text that is stored, so that anybody can check the chain with SHA-256 alone.
 */
async function createAudit(db: Kysely<Tables>): Promise<void> {
  await sql`
    CREATE TABLE routebot.audit_event (
      seq bigint PRIMARY KEY,
      at timestamptz NOT NULL,
      previous text NOT NULL,
      payload text NOT NULL,
      hash text NOT NULL
    )`.execute(db);
  await sql`
    CREATE TABLE routebot.audit_head (
      single boolean PRIMARY KEY DEFAULT true CHECK (single),
      seq bigint NOT NULL,
      hash text NOT NULL
    )`.execute(db);
  await sql`INSERT INTO routebot.audit_head (seq, hash) VALUES (0, repeat('0', 64))`.execute(db);

  // The lock on the head makes one chain of all writers' records; it is held to the end of the transaction, which is why
  // callers append last.
  await sql`
    CREATE FUNCTION routebot.audit_append(event_at timestamptz, event_payload text) RETURNS void LANGUAGE plpgsql AS $$
    DECLARE
      head routebot.audit_head%ROWTYPE;
      next_hash text;
    BEGIN
      SELECT * INTO STRICT head FROM routebot.audit_head FOR UPDATE;
      next_hash := encode(
        sha256(convert_to(head.hash || chr(10) || (head.seq + 1)::text || chr(10) || event_payload, 'UTF8')), 'hex');
      INSERT INTO routebot.audit_event (seq, at, previous, payload, hash)
        VALUES (head.seq + 1, event_at, head.hash, event_payload, next_hash);
      UPDATE routebot.audit_head SET seq = head.seq + 1, hash = next_hash;
    END $$`.execute(db);

  await sql`
    CREATE FUNCTION routebot.audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION 'audit records are never changed or removed (%)', TG_OP USING ERRCODE = 'insufficient_privilege';
    END $$`.execute(db);
  await sql`
    CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON routebot.audit_event
      FOR EACH STATEMENT EXECUTE FUNCTION routebot.audit_refuse()`.execute(db);
  await sql`
    CREATE TRIGGER audit_head_kept BEFORE DELETE OR TRUNCATE ON routebot.audit_head
      FOR EACH STATEMENT EXECUTE FUNCTION routebot.audit_refuse()`.execute(db);
}
