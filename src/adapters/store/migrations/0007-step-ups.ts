import type { Kysely } from "kysely";
import { ownSchema, type Tables } from "../tables.ts";

/**
 * Approvals that wait for a fresh sign-in. Programs that do not know them go on working: they refuse the policy that asks for one, and
 * a request that was approved with one.
 */
export async function up(db: Kysely<Tables>): Promise<void> {
  const tables = db.withSchema(ownSchema).schema;
  await tables
    .createTable("step_up")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("number", "integer", (column) => column.notNull().unique().generatedAlwaysAsIdentity())
    .addColumn("request", "text", (column) => column.notNull())
    .addColumn("expires_at", "timestamptz", (column) => column.notNull())
    .addColumn("state", "text", (column) => column.unique())
    .addColumn("sign_in", "text")
    .addColumn("record", "text", (column) => column.notNull())
    .execute();
  await tables.createIndex("step_up_request").on("step_up").columns(["request", "number"]).execute();
}
