import { type Kysely, sql } from "kysely";
import type { Tables } from "../tables.ts";

/**
 * Seals of the audit, and what the questions about open requests and about the past look for. Programs that do not know it go on
 * working: the new columns of the audit are computed by the database from what is hashed.
 */
export async function up(db: Kysely<Tables>): Promise<void> {
  await sql`
    CREATE TABLE routebot.audit_seal (
      seq bigint PRIMARY KEY,
      hash text NOT NULL,
      at timestamptz NOT NULL,
      key_id text NOT NULL,
      signature text NOT NULL
    )`.execute(db);
  await sql`
    CREATE TRIGGER audit_seal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON routebot.audit_seal
      FOR EACH STATEMENT EXECUTE FUNCTION routebot.audit_refuse()`.execute(db);

  // The head only ever goes forward, record by record, as audit_append moves it.
  await sql`
    CREATE FUNCTION routebot.audit_head_forward() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.seq <> OLD.seq + 1 OR NOT EXISTS (
        SELECT FROM routebot.audit_event WHERE seq = NEW.seq AND hash = NEW.hash AND previous = OLD.hash
      ) THEN
        RAISE EXCEPTION 'audit records are never changed or removed (head)' USING ERRCODE = 'insufficient_privilege';
      END IF;
      RETURN NEW;
    END $$`.execute(db);
  await sql`
    CREATE TRIGGER audit_head_forward BEFORE UPDATE ON routebot.audit_head
      FOR EACH ROW EXECUTE FUNCTION routebot.audit_head_forward()`.execute(db);

  // The payload is canonical JSON: a quotation mark inside a text is escaped, so these are found only where they are keys. The
  // id of a person is compared in the form that JSON gives it.
  await sql`
    ALTER TABLE routebot.audit_event
      ADD COLUMN request text GENERATED ALWAYS AS (substring(payload from '"request":"(CR-[0-9]+)"')) STORED,
      ADD COLUMN person text GENERATED ALWAYS AS (
        CASE WHEN payload LIKE '%"kind":"refused"%' THEN NULL
          ELSE substring(payload from '"person":\\{"id":"((?:[^"\\\\]|\\\\.)*)"') END) STORED`.execute(db);
  await sql`CREATE INDEX audit_event_request ON routebot.audit_event (request, seq) WHERE request IS NOT NULL`.execute(
    db,
  );
  await sql`CREATE INDEX audit_event_person ON routebot.audit_event (person, request) WHERE person IS NOT NULL`.execute(
    db,
  );

  // Where a request was made. Of those that are there already it is not known.
  await sql`ALTER TABLE routebot.change_request ADD COLUMN origin text`.execute(db);
  await sql`CREATE INDEX change_request_origin ON routebot.change_request (origin, number) WHERE open`.execute(
    db,
  );
  await sql`CREATE INDEX change_request_requester ON routebot.change_request (requester, number) WHERE open`.execute(
    db,
  );
  // A site is asked for by the parts of its ARM id, which is kept in lower case.
  await sql`
    CREATE INDEX change_request_site_name
      ON routebot.change_request_site (substring(site from '/sites/([^/]+)'), number)`.execute(db);
  await sql`
    CREATE INDEX change_request_site_group
      ON routebot.change_request_site (substring(site from '/resourcegroups/([^/]+)'), number)`.execute(db);
  await sql`CREATE INDEX change_request_site_number ON routebot.change_request_site (number)`.execute(db);
  await sql`CREATE INDEX delivery_changed ON routebot.delivery (changed_at)`.execute(db);
}
