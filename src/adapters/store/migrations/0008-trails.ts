import type { Kysely } from "kysely";
import { ownSchema, type Tables } from "../tables.ts";

/** Which story opened a request. Programs that do not know it go on working: what they open has none. */
export async function up(db: Kysely<Tables>): Promise<void> {
  await db.withSchema(ownSchema).schema.alterTable("change_request").addColumn("trail", "text").execute();
}
