import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "kysely";
import { afterEach, beforeEach, expect, test } from "vitest";
import { probeEmbedded } from "../../../src/adapters/store/embedded/open-embedded.ts";
import { StoreUnusable } from "../../../src/adapters/store/store-unusable.ts";
import { nothing, pending } from "../../contract/change-requests-samples.ts";
import { openTestStore, type TestStore, temporaryDirectory } from "./store-for-tests.ts";

let directory: ReturnType<typeof temporaryDirectory>;
let store: TestStore | undefined;
beforeEach(() => {
  directory = temporaryDirectory();
  store = undefined;
});
afterEach(async () => {
  await store?.close();
  directory.remove();
});
const open = (path = directory.path) => openTestStore({ kind: "embedded", directory: path });

test("a directory that is in use is refused in one sentence that names it, and free again afterwards", async () => {
  store = await open();
  const refused = await open().catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(StoreUnusable);
  expect(refused).toHaveProperty("message", expect.stringContaining(directory.path));
  expect(refused).toHaveProperty("message", expect.stringMatching(/in use by another Routebot; .*\.$/));

  const program = `
    import { openStore } from ${JSON.stringify(join(process.cwd(), "src/adapters/store/open-store.ts"))};
    await openStore({ kind: "embedded", directory: process.argv[1] }, {});`;
  const other = spawnSync(process.execPath, ["--input-type=module", "-e", program, directory.path], {
    encoding: "utf8",
  });
  expect(other.status).toBe(1);
  expect(other.stderr).toMatch(/StoreUnusable: The data directory .* is in use by another Routebot/);

  await store.close();
  store = await open();
});

test("what was stored is there again after closing and opening", async () => {
  store = await open(join(directory.path, "new", "deeper"));
  const request = pending(await store.requests.nextNumber());
  await store.requests.open({ request, check: () => undefined, effects: nothing });
  // What a crash does to a sequence.
  await sql`SELECT setval('routebot.request_number', ${request.number + 32})`.execute(store.database.sql);
  await store.close();
  store = await open(join(directory.path, "new", "deeper"));
  expect(await store.requests.get(request.id)).toEqual(request);
  expect(await store.requests.nextNumber()).toBe(request.number + 1);
});

test("a directory that cannot be written to is refused in one sentence that names it", async () => {
  writeFileSync(join(directory.path, "file"), "");
  const path = join(directory.path, "file", "data");
  await expect(open(path)).rejects.toThrow(StoreUnusable);
  await expect(open(path)).rejects.toThrow(`The data directory ${path} cannot be written to (ENOTDIR)`);
});

test("files of another version of PostgreSQL are refused and left alone", async () => {
  mkdirSync(join(directory.path, "pg"));
  writeFileSync(join(directory.path, "pg", "PG_VERSION"), "17\n");
  await expect(open()).rejects.toThrow(/was written by PostgreSQL 17 and this version reads 18/);
  expect(readFileSync(join(directory.path, "pg", "PG_VERSION"), "utf8")).toBe("17\n");
});

test("what an interrupted first start left behind does not matter", async () => {
  mkdirSync(join(directory.path, "pg.new"));
  writeFileSync(join(directory.path, "pg.new", "PG_VERSION"), "half");
  store = await open();
  await store.requests.ping();
});

test("the database writes through and is the version that the directory is checked for", async () => {
  store = await open();
  const { rows } = await sql`
    SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit,
      current_setting('full_page_writes') AS pages, current_setting('wal_sync_method') AS method,
      current_setting('server_version_num')::int / 10000 AS major`.execute(store.database.sql);
  expect(rows).toEqual([{ fsync: "on", commit: "on", pages: "on", method: "fsync", major: 18 }]);
  expect(readFileSync(join(directory.path, "pg", "PG_VERSION"), "utf8").trim()).toBe("18");
});

test("looking whether there is a database makes none, and finds one that cannot be opened", async () => {
  expect(await probeEmbedded(directory.path)).toBe(false);
  expect(readdirSync(directory.path)).toEqual([]);
  store = await open();
  await expect(probeEmbedded(directory.path)).rejects.toThrow(/in use/);
  await store.close();
  expect(await probeEmbedded(directory.path)).toBe(true);
});
