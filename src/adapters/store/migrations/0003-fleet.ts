import { type Kysely, sql } from "kysely";
import { ownSchema, type Tables } from "../tables.ts";

/**
 * Surveys of many sites with their rows, and the token buckets that replicas count their requests with. Programs that do not know
 * them go on working without.
 */
export async function up(db: Kysely<Tables>): Promise<void> {
  const tables = db.withSchema(ownSchema).schema;
  await tables
    .createTable("survey")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("revision", "integer", (column) => column.notNull())
    .addColumn("record", "text", (column) => column.notNull())
    .addColumn("changed_at", "timestamptz", (column) => column.notNull().defaultTo(sql`now()`))
    .execute();
  await tables
    .createTable("survey_part")
    .addColumn("survey", "text", (column) =>
      column.notNull().references(`${ownSchema}.survey.id`).onDelete("cascade"),
    )
    .addColumn("number", "integer", (column) => column.notNull())
    .addColumn("rows", "text", (column) => column.notNull())
    .addPrimaryKeyConstraint("survey_part_key", ["survey", "number"])
    .execute();
  await createBuckets(db);
}

/**
 * The server's clock is everybody's, so that replicas whose clocks differ count alike. What is granted is whole tokens; the row's
 * lock makes one after the other of those who take.
 */
async function createBuckets(db: Kysely<Tables>): Promise<void> {
  await sql`
    CREATE TABLE routebot.token_bucket (
      name text PRIMARY KEY,
      tokens double precision NOT NULL,
      at timestamptz NOT NULL
    )`.execute(db);
  await sql`
    CREATE FUNCTION routebot.token_bucket_take(
      bucket text, size double precision, per_second double precision, start double precision,
      wanted integer, keep double precision,
      OUT granted integer, OUT wait_ms integer
    ) LANGUAGE plpgsql AS $$
    DECLARE
      level double precision;
      since timestamptz;
      now_at timestamptz;
    BEGIN
      INSERT INTO routebot.token_bucket VALUES (bucket, start, clock_timestamp()) ON CONFLICT (name) DO NOTHING;
      SELECT tokens, at INTO STRICT level, since FROM routebot.token_bucket WHERE name = bucket FOR UPDATE;
      now_at := greatest(since, clock_timestamp());
      level := least(size, level + extract(epoch FROM now_at - since) * per_second);
      granted := greatest(0, least(wanted, floor(level - keep)::integer));
      level := level - granted;
      wait_ms := CASE WHEN granted < wanted THEN ceil((keep + 1 - level) / per_second * 1000)::integer ELSE 0 END;
      UPDATE routebot.token_bucket SET tokens = level, at = now_at WHERE name = bucket;
    END $$`.execute(db);
}
