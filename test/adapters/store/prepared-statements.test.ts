import { PGlite } from "@electric-sql/pglite";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PreparedStatements } from "../../../src/adapters/store/embedded/prepared-statements.ts";

let pglite: PGlite;
let prepared: PreparedStatements;
beforeAll(async () => {
  pglite = await PGlite.create();
  prepared = new PreparedStatements(pglite);
});
afterAll(() => pglite.close());

/** Text that PostgreSQL can hold. */
const text = fc
  .oneof(
    fc.string({ unit: "binary" }),
    fc.string({ unit: fc.constantFrom("'", '"', "\\", "{", "}", ",", "$1", "NULL", ";", "\n", "--") }),
  )
  .filter((value) => !value.includes("\0") && value.isWellFormed());
const moment = fc.date({ min: new Date(0), max: new Date("2999-01-01"), noInvalidDate: true });

test("values arrive as they were given, prepared or not", async () => {
  const values = fc.tuple(
    fc.option(text),
    fc.array(text),
    fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
    fc.boolean(),
    moment,
  );
  const statement =
    "SELECT $1::text AS t, $2::text[] AS a, $3::int AS i, $4::boolean AS b, $5::timestamptz AS d";
  await fc.assert(
    fc.asyncProperty(values, async ([t, a, i, b, d]) => {
      const { rows } = await prepared.query(statement, [t, a, i, b, d]);
      expect(rows).toEqual([{ t, a, i, b, d }]);
    }),
  );
  const { rows } = await pglite.query("SELECT statement FROM pg_prepared_statements");
  expect(rows).toEqual([{ statement: expect.stringContaining(statement) }]);
});

test("a text that PostgreSQL cannot hold is refused, not cut off", async () => {
  for (let round = 0; round < 3; round++) {
    await expect(prepared.query("SELECT $1::text AS t", ["before\0after"])).rejects.toThrow();
    await prepared.query("SELECT $1::text AS t", ["fine"]);
  }
});

test("statements that follow each other without end leave turns of the event loop to others", async () => {
  let turns = 0;
  let handle = setImmediate(function turn() {
    turns += 1;
    handle = setImmediate(turn);
  });
  // Each begins when the one before it has ended, and nothing else is awaited.
  for (let round = 0; round < 300; round++) await prepared.query("SELECT $1::int AS n", [round]);
  clearImmediate(handle);
  expect(turns).toBeGreaterThan(5);
});

test("the number of rows that changed is told", async () => {
  await prepared.exec("CREATE TABLE counted (n int)");
  for (let round = 1; round <= 4; round++) {
    expect(await prepared.query("INSERT INTO counted SELECT generate_series(1, $1)", [round])).toMatchObject({
      affectedRows: round,
    });
    expect(await prepared.query("DELETE FROM counted WHERE n <= $1", [round])).toMatchObject({
      affectedRows: round,
    });
  }
});

test("many at once, inside and beside transactions, do not get in each other's way", async () => {
  const runs = Array.from({ length: 40 }, async (_, index) => {
    const statement = `SELECT $1::int + ${index % 4} AS sum`;
    const run = async (session: Pick<PreparedStatements, "query">) => {
      const { rows } = await session.query<{ sum: number }>(statement, [index]);
      expect(rows).toEqual([{ sum: index + (index % 4) }]);
    };
    if (index % 3 > 0) return await run(prepared);
    await prepared.transaction(async (transaction) => {
      await run(transaction);
      await new Promise((resolve) => setImmediate(resolve));
      await run(transaction);
      if (index % 2 === 0) await transaction.rollback();
    });
  });
  await Promise.all(runs);
});

test("a statement that fails while it is prepared fails as it is, and works once it can", async () => {
  const statement = "SELECT n FROM made_later WHERE n = $1";
  for (let round = 0; round < 3; round++) {
    await expect(prepared.query(statement, [1])).rejects.toMatchObject({ code: "42P01" });
  }
  await prepared.exec("CREATE TABLE made_later (n int); INSERT INTO made_later VALUES (1)");
  for (let round = 0; round < 4; round++)
    expect((await prepared.query(statement, [1])).rows).toEqual([{ n: 1 }]);
});
