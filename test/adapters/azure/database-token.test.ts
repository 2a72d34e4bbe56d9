import { sql } from "kysely";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { withSignIn } from "../../../src/adapters/azure/database-token.ts";
import { openPostgres } from "../../../src/adapters/store/postgres/open-postgres.ts";
import { startTrustedAzure, type TrustedAzure } from "../../support/local-azure.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";

let local: TrustedAzure;
let server: TestPostgres;
beforeAll(async () => {
  local = await startTrustedAzure();
  server = await startPostgres();
});
afterAll(async () => {
  await server?.stop();
  await local?.close();
});

test("the password is a token for databases, of the identity that signs in to Azure", async () => {
  const store = { kind: "postgres", url: "postgres://bot@db/routebot", signIn: "entra" } as const;
  const { password, ...rest } = withSignIn(store, local.settings);
  expect(rest).toEqual(store);
  const token = (await password?.()) ?? "";
  const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
  expect(claims).toMatchObject({
    aud: "https://ossrdbms-aad.database.windows.net",
    appid: local.azure.credentials.routing.clientId,
  });
  expect(await password?.()).toBe(token);
});

test("a server that takes that token as the password lets in, each connection anew", async () => {
  const url = new URL(await server.createDatabase());
  const store = { kind: "postgres", url: "", signIn: "entra" } as const;
  const password = withSignIn(store, local.settings).password ?? (async () => "");
  const admin = new pg.Client(url.href);
  await admin.connect();
  await admin.query(`CREATE ROLE bot LOGIN PASSWORD '${await password()}'`);
  await admin.end();
  [url.username, url.password] = ["bot", ""];
  let asked = 0;
  const counted = async () => {
    asked += 1;
    return await password();
  };
  const driver = await openPostgres({ url: url.href, password: counted }, () => undefined);
  const { rows } = await sql<{ who: string }>`SELECT current_user AS who`.execute(driver.kysely);
  expect(rows).toEqual([{ who: "bot" }]);
  // A role without any privilege of its own can see where the database is at home.
  expect(await driver.home()).toMatch(/^server \d+, database \d+, timeline 1$/);
  await driver.close();
  expect(asked).toBeGreaterThan(0);
  await expect(
    openPostgres({ url: url.href, password: async () => "expired" }, () => undefined),
  ).rejects.toThrow("password authentication failed");
});

test("an address with a password, and the embedded store, are left as they are", () => {
  const address = { kind: "postgres", url: "postgres://bot:secret@db/routebot", signIn: "address" } as const;
  expect(withSignIn(address, local.settings)).toBe(address);
  const embedded = { kind: "embedded", directory: "/data" } as const;
  expect(withSignIn(embedded, local.settings)).toBe(embedded);
});
