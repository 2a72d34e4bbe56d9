import { type Kysely, sql } from "kysely";
import { ownSchema, type Tables } from "../tables.ts";

/**
 * What is still to come of changes that were written. A program that does not know it would never end a temporary change, nor
 * understand the jobs, hence breaking.
 */
export async function up(db: Kysely<Tables>): Promise<void> {
  await db
    .withSchema(ownSchema)
    .schema.createTable("aftercare")
    .addColumn("number", "integer", (column) =>
      column.primaryKey().references(`${ownSchema}.change_request.number`),
    )
    .addColumn("revision", "integer", (column) => column.notNull())
    .addColumn("due_at", "timestamptz")
    .addColumn("record", "text", (column) => column.notNull())
    .execute();
  await sql`CREATE INDEX aftercare_due ON routebot.aftercare (due_at) WHERE due_at IS NOT NULL`.execute(db);
}
