import { type Kysely, sql } from "kysely";
import { ownSchema, type Tables } from "../tables.ts";

/**
 * Which story opened a request, and what the figures for operators look for. Programs that do not know it go on working: what they
 * open has no story.
 */
export async function up(db: Kysely<Tables>): Promise<void> {
  await db.withSchema(ownSchema).schema.alterTable("change_request").addColumn("trail", "text").execute();
  await sql`CREATE INDEX delivery_owed ON routebot.delivery (changed_at) WHERE dead_why IS NULL AND sent < want`.execute(
    db,
  );
  await sql`CREATE INDEX delivery_dead ON routebot.delivery (changed_at) WHERE dead_why IS NOT NULL`.execute(
    db,
  );
}
