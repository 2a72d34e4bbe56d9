import { type Kysely, sql } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import * as firstTables from "./migrations/0001-first-tables.ts";
import * as subjects from "./migrations/0002-subjects.ts";
import * as fleet from "./migrations/0003-fleet.ts";
import * as aftercare from "./migrations/0004-aftercare.ts";
import * as stopsAndReviews from "./migrations/0005-stops-and-reviews.ts";
import * as auditSealsAndHistory from "./migrations/0006-audit-seals-and-history.ts";
import * as stepUps from "./migrations/0007-step-ups.ts";
import * as continuity from "./migrations/0008-continuity.ts";
import * as trails from "./migrations/0009-trails.ts";
import * as auditAppendAnswers from "./migrations/0010-audit-append-answers.ts";
import { StoreUnusable } from "./store-unusable.ts";
import { ownSchema, type Tables } from "./tables.ts";

/** One numbered step of the schema. `breaking`: programs that do not know it must not work on the database any more. */
export type SchemaStep = { readonly name: string; readonly breaking: boolean; readonly migration: Migration };

/** All steps in order; a step is never changed once it was released. Its level is its place in this list, from 1. */
export const schemaSteps: readonly SchemaStep[] = [
  { name: "0001-first-tables", breaking: true, migration: firstTables },
  { name: "0002-subjects", breaking: false, migration: subjects },
  { name: "0003-fleet", breaking: false, migration: fleet },
  { name: "0004-aftercare", breaking: true, migration: aftercare },
  { name: "0005-stops-and-reviews", breaking: true, migration: stopsAndReviews },
  { name: "0006-audit-seals-and-history", breaking: false, migration: auditSealsAndHistory },
  { name: "0007-step-ups", breaking: false, migration: stepUps },
  { name: "0008-continuity", breaking: true, migration: continuity },
  { name: "0009-trails", breaking: false, migration: trails },
  { name: "0010-audit-append-answers", breaking: false, migration: auditAppendAnswers },
];

/**
 * Brings the database to the newest step that this program knows. A database that a newer program has taken further is used
 * as it is, unless a step there is breaking.
 *
 * @throws StoreUnusable if this program is too old for the database.
 */
export async function migrate(db: Kysely<Tables>, steps: readonly SchemaStep[] = schemaSteps): Promise<void> {
  const needed = await prepare(db);
  if (needed > steps.length) {
    throw new StoreUnusable(
      `This database was taken to schema level ${needed} by a newer Routebot, and this one knows ${steps.length}; start the newer version.`,
    );
  }
  const applied = await appliedSteps(db);
  if (applied >= steps.length) return;
  const migrator = new Migrator({
    db,
    provider: {
      getMigrations: async () =>
        Object.fromEntries(steps.map((step, index) => [step.name, recorded(step, index + 1)])),
    },
    migrationTableSchema: ownSchema,
    migrationTableName: "schema_step",
    migrationLockTableName: "schema_step_lock",
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}

/** The step, which also writes down, in its own transaction, who may still work on the database after it. */
function recorded(step: SchemaStep, level: number): Migration {
  return {
    up: async (db) => {
      await step.migration.up(db);
      if (step.breaking) await sql`INSERT INTO routebot.oldest_program VALUES (${level})`.execute(db);
    },
  };
}

/** Makes what the check needs, one process at a time; the level that a program must know. */
async function prepare(db: Kysely<Tables>): Promise<number> {
  return await db.transaction().execute(async (transaction) => {
    await sql`SELECT pg_advisory_xact_lock(hashtextextended('routebot schema', 0))`.execute(transaction);
    await sql`CREATE SCHEMA IF NOT EXISTS ${sql.id(ownSchema)}`.execute(transaction);
    await sql`CREATE TABLE IF NOT EXISTS routebot.oldest_program (level integer PRIMARY KEY)`.execute(
      transaction,
    );
    const row = await transaction
      .withSchema(ownSchema)
      .selectFrom("oldest_program")
      .select((select) => select.fn.max("level").as("level"))
      .executeTakeFirst();
    return row?.level ?? 0;
  });
}

/** How many steps were done on the database. */
export async function appliedSteps(db: Kysely<Tables>): Promise<number> {
  const known = await sql<{ there: boolean }>`
    SELECT to_regclass(${`${ownSchema}.schema_step`}) IS NOT NULL AS there`.execute(db);
  if (known.rows[0]?.there !== true) return 0;
  const steps = await sql<{ steps: number }>`SELECT count(*)::int AS steps FROM routebot.schema_step`.execute(
    db,
  );
  return steps.rows[0]?.steps ?? 0;
}
