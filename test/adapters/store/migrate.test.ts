import { PGlite } from "@electric-sql/pglite";
import { Kysely, PGliteDialect, PostgresDialect, sql } from "kysely";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { migrate, type SchemaStep, schemaSteps } from "../../../src/adapters/store/migrate.ts";
import { StoreUnusable } from "../../../src/adapters/store/store-unusable.ts";
import type { Tables } from "../../../src/adapters/store/tables.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";

let server: TestPostgres | undefined;
afterAll(() => server?.stop());

const connections = {
  PGlite: async () => new PGliteDialect({ pglite: await PGlite.create() }),
  PostgreSQL: async () => {
    server = await startPostgres();
    return new PostgresDialect({ pool: new pg.Pool({ connectionString: await server.createDatabase() }) });
  },
};

const step = (name: string, breaking: boolean): SchemaStep => ({
  name,
  breaking,
  migration: {
    up: async (on) => void (await sql`CREATE TABLE ${sql.table(`routebot.t${name}`)} (n int)`.execute(on)),
  },
});
describe.each(["PGlite", "PostgreSQL"] as const)("on %s", (kind) => {
  let db: Kysely<Tables>;
  beforeAll(async () => {
    db = new Kysely<Tables>({ dialect: await connections[kind]() });
  });
  afterAll(() => db.destroy());
  afterEach(() => sql`DROP SCHEMA IF EXISTS routebot CASCADE`.execute(db));

  const tables = async () => {
    const { rows } = await sql<{ name: string }>`
    SELECT tablename AS name FROM pg_tables WHERE schemaname = 'routebot' AND tablename LIKE 't%' ORDER BY 1`.execute(
      db,
    );
    return rows.map((row) => row.name);
  };

  test("each step is done once, in order, also when more of them come later", async () => {
    await migrate(db, [step("0001", true)]);
    await migrate(db, [step("0001", true)]);
    await migrate(db, [step("0001", true), step("0002", false), step("0003", true)]);
    expect(await tables()).toEqual(["t0001", "t0002", "t0003"]);
  });

  test("a database that a newer program took further is used, unless a step there is breaking", async () => {
    const known = [step("0001", true)];
    await migrate(db, [...known, step("0002", false)]);
    await migrate(db, known);
    await migrate(db, [...known, step("0002", false), step("0003", true)]);
    await expect(migrate(db, known)).rejects.toThrow(StoreUnusable);
    await expect(migrate(db, known)).rejects.toThrow(
      "This database was taken to schema level 3 by a newer Routebot, and this one knows 1; start the newer version.",
    );
    expect(await tables()).toEqual(["t0001", "t0002", "t0003"]);
  });

  test("a step that fails leaves nothing, and is done the next time", async () => {
    const half: SchemaStep = {
      ...step("0002", true),
      migration: {
        up: async (on) => {
          await sql`CREATE TABLE routebot.thalf (n int)`.execute(on);
          throw new Error("broken on purpose");
        },
      },
    };
    await expect(migrate(db, [step("0001", true), half])).rejects.toThrow("broken on purpose");
    expect(await tables()).not.toContain("thalf");
    await migrate(db, [step("0001", true), step("0002", true)]);
    expect(await tables()).toEqual(["t0001", "t0002"]);
  });
});

test("steps have numbers without gaps, and the first one lets nobody work without it", () => {
  expect(schemaSteps.map((one) => Number(one.name.slice(0, 4)))).toEqual(
    schemaSteps.map((_, index) => index + 1),
  );
  expect(schemaSteps[0]?.breaking).toBe(true);
});
