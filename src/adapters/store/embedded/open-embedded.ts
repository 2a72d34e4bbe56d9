import { stat } from "node:fs/promises";
import v8 from "node:v8";
import { PGlite } from "@electric-sql/pglite";
import { Kysely, PGliteDialect } from "kysely";
import { fromPglite } from "pg-boss";
import type { Driver } from "../driver.ts";
import { StoreUnusable } from "../store-unusable.ts";
import type { Tables } from "../tables.ts";
import { ensureWritable, hasDatabase, prepareDatabaseFiles } from "./data-directory.ts";
import { lockDirectory } from "./directory-lock.ts";
import { DurableFiles } from "./durable-files.ts";
import { newDatabaseVersion } from "./new-database-version.ts";
import { PreparedStatements } from "./prepared-statements.ts";

/**
 * PostgreSQL's settings here. Its `-F` (no fsync) of PGlite's defaults is left out, and fdatasync does nothing there while
 * fsync does. Memory and the write-ahead log are kept small: one process, a few writes a minute.
 */
const settings = [
  "wal_sync_method=fsync",
  "standard_conforming_strings=on",
  // Plans are kept for long while the tables grow, and no autovacuum runs here: a scan of a whole table is never the right
  // one to keep.
  "enable_seqscan=off",
  "shared_buffers=8MB",
  "work_mem=1MB",
  "maintenance_work_mem=8MB",
  "max_wal_size=64MB",
  "min_wal_size=32MB",
];
const startParams = [
  ...PGlite.defaultStartParams.filter((parameter) => parameter !== "-F"),
  ...settings.flatMap((setting) => ["-c", setting]),
];

/**
 * V8 compiles WebAssembly once, quickly, and anew with optimisation what runs often. The code of PostgreSQL is large: its parser alone
 * takes two seconds and 600 MB to optimise, and statements are some 5 % faster after it, which a few of them a minute never win back. More compilation
 * tasks only keep memory.
 */
const compileOnce = "--no-wasm-dynamic-tiering --no-wasm-tier-up --wasm-num-compilation-tasks=1";

/** PostgreSQL's type number of int8: our values are small enough to be numbers. */
const int8 = 20;

/**
 * Opens the database embedded in this process, in a directory that no other process may use meanwhile. A commit has reached
 * the disk when it returns; this is tried out first. `makeTables` is for a new database; it closes what it is given.
 *
 * @throws StoreUnusable if the directory cannot be used.
 */
export async function openEmbedded(
  directory: string,
  makeTables: (driver: Driver) => Promise<void>,
): Promise<Driver> {
  for (const flag of compileOnce.split(" ")) v8.setFlagsFromString(flag);
  ensureWritable(directory);
  const lock = lockDirectory(directory);
  try {
    const path = await prepareDatabaseFiles(directory, {
      create: async (draft) => makeTables(await openFiles(draft)),
      version: newDatabaseVersion(),
    });
    const driver = await openFiles(path);
    return {
      ...driver,
      close: async () => {
        await driver.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Opens the database of a directory, if it has one, and closes it again; whether it has one. Nothing is made. */
export async function probeEmbedded(directory: string): Promise<boolean> {
  if (!hasDatabase(directory)) return false;
  const driver = await openEmbedded(directory, () =>
    Promise.reject(new Error(`${directory} was emptied meanwhile`)),
  );
  await driver.close();
  return true;
}

async function openFiles(path: string): Promise<Driver> {
  const files = new DurableFiles(path);
  const pglite = await PGlite.create({ fs: files, startParams, parsers: { [int8]: Number } });
  await proveDurable(pglite, files);
  const statements = new PreparedStatements(pglite);
  return {
    kysely: new Kysely<Tables>({ dialect: new PGliteDialect({ pglite: statements }) }),
    // Nobody else can die on this database: jobs left in work are taken back when it is opened.
    queues: {
      db: fromPglite(statements),
      backend: "pglite",
      superviseIntervalSeconds: 60,
      monitorIntervalSeconds: 60,
    },
    alone: true,
    // A directory that is copied back from a backup is another one, whatever its name.
    home: async () => {
      const { ino, birthtimeMs } = await stat(path, { bigint: true });
      return `directory ${ino}, made ${new Date(Number(birthtimeMs)).toISOString()}`;
    },
    tidy: async () => {
      await pglite.exec("VACUUM (ANALYZE)");
    },
    close: async () => {
      if (!pglite.closed) await pglite.close();
    },
  };
}

async function proveDurable(pglite: PGlite, files: DurableFiles): Promise<void> {
  const before = files.countFsyncs;
  await pglite.exec(`
    CREATE TABLE IF NOT EXISTS public.durability_probe (at timestamptz);
    DELETE FROM public.durability_probe;
    INSERT INTO public.durability_probe VALUES (now());`);
  if (files.countFsyncs > before) return;
  await pglite.close();
  throw new StoreUnusable(
    "The embedded database does not write its commits through to the disk; install the exact version of PGlite that package-lock.json names.",
  );
}
