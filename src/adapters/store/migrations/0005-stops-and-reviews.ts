import { type Kysely, sql } from "kysely";
import { ownSchema, type Tables } from "../tables.ts";

/**
 * Stops of all changes or some, and reviews of what was written without approval. Breaking: a program that does not know them
 * would write while changes are stopped.
 */
export async function up(db: Kysely<Tables>): Promise<void> {
  const tables = db.withSchema(ownSchema).schema;
  await tables
    .createTable("stop")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("number", "integer", (column) => column.notNull().unique().generatedAlwaysAsIdentity())
    .addColumn("record", "text", (column) => column.notNull())
    .addColumn("on", "boolean", (column) => column.notNull())
    .execute();
  await sql`CREATE INDEX stop_on ON routebot.stop (number) WHERE "on"`.execute(db);

  await tables
    .createTable("review")
    .addColumn("request", "text", (column) => column.primaryKey())
    .addColumn("number", "integer", (column) => column.notNull().unique().generatedAlwaysAsIdentity())
    .addColumn("person", "text", (column) => column.notNull())
    .addColumn("due", "boolean", (column) => column.notNull())
    .addColumn("record", "text", (column) => column.notNull())
    .execute();
  await sql`CREATE INDEX review_due ON routebot.review (person) WHERE due`.execute(db);
}
