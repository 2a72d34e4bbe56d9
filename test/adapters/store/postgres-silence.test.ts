import { connect as connectTo, createServer, type Socket } from "node:net";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Database } from "../../../src/adapters/store/database.ts";
import { openPostgres } from "../../../src/adapters/store/postgres/open-postgres.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";

let server: TestPostgres;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server?.stop());

/** A way to the server on which everything that is connected can be made to fall silent: nothing comes, nothing breaks. */
async function wayTo(url: URL) {
  const port = Number(url.port);
  const sockets: Socket[] = [];
  const front = createServer((socket) => {
    const behind = connectTo(port, "127.0.0.1");
    for (const one of [socket, behind]) one.on("error", () => {});
    socket.pipe(behind).pipe(socket);
    sockets.push(socket, behind);
  });
  await new Promise<void>((resolve) => {
    front.listen(0, "127.0.0.1", resolve);
  });
  const address = front.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  url.port = String(address.port);
  return {
    url: url.href,
    fallSilent() {
      for (const socket of sockets) socket.unpipe().pause();
    },
    close() {
      front.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

test("connections on which the server has fallen silent are given up, and the next ones serve", async () => {
  const way = await wayTo(new URL(await server.createDatabase()));
  const lost: Error[] = [];
  const driver = await openPostgres({ url: way.url }, (error) => lost.push(error), 500);
  const database = new Database(driver.kysely);
  const ask = () => sql<{ one: number }>`SELECT 1 AS one`.execute(database.sql).then(({ rows }) => rows);
  await Promise.all([ask(), ask()]);

  const silent = Promise.withResolvers<void>();
  const inTransaction = database.transaction(async (unit) => {
    await sql`SELECT 1`.execute(unit.sql);
    way.fallSilent();
    silent.resolve();
    await sql`SELECT 1`.execute(unit.sql);
  });
  const beside = silent.promise.then(ask);
  const ends = await Promise.allSettled([inTransaction, beside]);
  expect(ends.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(await ask()).toEqual([{ one: 1 }]);
  expect(lost).not.toEqual([]);

  await driver.close();
  way.close();
});

test("a replica that stands still in a transaction loses it before those who wait for its locks give up", async () => {
  const driver = await openPostgres({ url: await server.createDatabase() }, () => {});
  const { rows } = await sql<{ name: string; ms: number }>`
    SELECT name, setting::int AS ms FROM pg_settings WHERE unit = 'ms'`.execute(driver.kysely);
  const settings = new Map(rows.map(({ name, ms }) => [name, ms]));
  const [stands, waits] = [
    settings.get("idle_in_transaction_session_timeout"),
    settings.get("statement_timeout"),
  ];
  expect(stands).toBeGreaterThan(0);
  expect(waits).toBeGreaterThan((stands ?? 0) + 4_000);
  await driver.close();
});
