import { type Kysely, sql } from "kysely";
import { ownSchema, type Tables } from "../tables.ts";

/** What conversations are about. Programs that do not know it go on working without it. */
export async function up(db: Kysely<Tables>): Promise<void> {
  await db
    .withSchema(ownSchema)
    .schema.createTable("subject")
    .addColumn("message", "text", (column) => column.primaryKey())
    .addColumn("number", "integer", (column) => column.notNull().unique().generatedAlwaysAsIdentity())
    .addColumn("conversation", "text", (column) => column.notNull())
    .addColumn("at", "timestamptz", (column) => column.notNull())
    .addColumn("record", "text", (column) => column.notNull())
    .execute();
  await sql`CREATE INDEX subject_conversation ON routebot.subject (conversation, at DESC)`.execute(db);
}
