import { type Kysely, sql } from "kysely";
import type { Tables } from "../tables.ts";

/**
 * Where the database is at home, and whether its records were found to be moved or restored. Breaking: a program that does not know
 * it would carry on with what was approved before.
 */
export async function up(db: Kysely<Tables>): Promise<void> {
  await sql`
    CREATE TABLE routebot.continuity (
      single boolean PRIMARY KEY DEFAULT true CHECK (single),
      home text NOT NULL,
      number_floor integer NOT NULL DEFAULT 0,
      moved_from text,
      kind text,
      at timestamptz,
      evidence text,
      settled text
    )`.execute(db);
}
