import { afterAll, beforeAll } from "vitest";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";
import { testStore } from "./store-suite.ts";

let server: TestPostgres;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server?.stop());

testStore(async () => ({ kind: "postgres", url: await server.createDatabase() }), { races: 250 });
