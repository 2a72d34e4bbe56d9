import pg from "pg";
import { afterAll, beforeAll } from "vitest";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";
import { testStore } from "./store-suite.ts";

let server: TestPostgres;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server?.stop());

testStore(async () => ({ kind: "postgres", url: await server.createDatabase() }), {
  races: 250,
  elsewhere: async (settings) => {
    if (settings.kind !== "postgres") throw new Error("no database");
    const url = new URL(settings.url);
    const copy = `${url.pathname.slice(1)}_restored`;
    const admin = new URL(url);
    admin.pathname = "/postgres";
    const client = new pg.Client(admin.href);
    await client.connect();
    await client.query(`CREATE DATABASE ${copy} TEMPLATE ${url.pathname.slice(1)}`);
    await client.end();
    url.pathname = `/${copy}`;
    return { kind: "postgres", url: url.href };
  },
});
