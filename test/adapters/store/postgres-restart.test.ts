import { afterAll, beforeAll, expect, test } from "vitest";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";
import { openTestStore, type TestStore } from "./store-for-tests.ts";

let server: TestPostgres;
let store: TestStore;
beforeAll(async () => {
  server = await startPostgres({ survives: "its own end" });
  store = await openTestStore({ kind: "postgres", url: await server.createDatabase() });
});
afterAll(async () => {
  await store?.close();
  await server?.stop();
});

test("a server that is restarted in the middle of a transaction fails that one, and neither ends the process nor loses what was committed", async () => {
  const number = await store.requests.nextNumber();
  const broken = store.database.transaction(async (unit) => {
    await unit.sql.selectFrom("inbox").select("id").execute();
    // Nothing is asked of the connection while it breaks: an error that nobody listens for would end this process.
    await server.restart();
    await unit.sql.selectFrom("inbox").select("id").execute();
  });
  await expect(broken).rejects.toThrow(/terminat|ECONNRESET|not queryable|closed/i);
  await expect.poll(() => store.requests.nextNumber(), { timeout: 10_000 }).toBeGreaterThan(number);
  expect(store.log.named("database-connection-lost").length).toBeGreaterThan(0);
});
