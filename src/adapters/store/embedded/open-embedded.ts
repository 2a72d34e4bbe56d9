import { PGlite } from "@electric-sql/pglite";
import { Kysely, PGliteDialect } from "kysely";
import { fromPglite } from "pg-boss";
import type { Driver } from "../driver.ts";
import { StoreUnusable } from "../store-unusable.ts";
import type { Tables } from "../tables.ts";
import { ensureWritable, prepareDatabaseFiles } from "./data-directory.ts";
import { lockDirectory } from "./directory-lock.ts";
import { DurableFiles } from "./durable-files.ts";

/**
 * PostgreSQL's settings here. Its `-F` (no fsync) of PGlite's defaults is left out, and fdatasync does nothing there while
 * fsync does. Memory and the write-ahead log are kept small: one process, a few writes a minute.
 */
const settings = [
  "wal_sync_method=fsync",
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

/** PostgreSQL's type number of int8: our values are small enough to be numbers. */
const int8 = 20;

/**
 * Opens the database embedded in this process, in a directory that no other process may use meanwhile. A commit has reached
 * the disk when it returns; this is tried out first.
 *
 * @throws StoreUnusable if the directory cannot be used.
 */
export async function openEmbedded(directory: string): Promise<Driver> {
  ensureWritable(directory);
  const lock = lockDirectory(directory);
  try {
    const files = new DurableFiles(await prepareDatabaseFiles(directory, createDatabase));
    const pglite = await PGlite.create({ fs: files, startParams, parsers: { [int8]: Number } });
    await proveDurable(pglite, files);
    return {
      kysely: new Kysely<Tables>({ dialect: new PGliteDialect({ pglite }) }),
      // Nobody else can die on this database: jobs left in work are taken back when it is opened.
      queues: {
        db: fromPglite(pglite),
        backend: "pglite",
        superviseIntervalSeconds: 60,
        monitorIntervalSeconds: 60,
      },
      alone: true,
      close: async () => {
        if (!pglite.closed) await pglite.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function createDatabase(directory: string): Promise<void> {
  const pglite = await PGlite.create({ fs: new DurableFiles(directory), startParams });
  await pglite.close();
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
