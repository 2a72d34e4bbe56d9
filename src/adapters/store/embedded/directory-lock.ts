import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { StoreInUse } from "../store-unusable.ts";

const sqliteBusy = z.object({ errcode: z.literal(5) });

/**
 * Takes a directory for this process alone: PGlite itself lets two processes write into one directory and lose each other's
 * data (electric-sql/pglite issue 1106). The lock is SQLite's, on a file of its own: it works on every operating system and
 * ends with the process, however that ends.
 *
 * @throws StoreUnusable if another process has it.
 */
export function lockDirectory(directory: string): { release(): void } {
  const lock = new DatabaseSync(join(directory, "lock.sqlite"));
  try {
    lock.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
  } catch (error) {
    lock.close();
    if (!sqliteBusy.safeParse(error).success) throw error;
    throw new StoreInUse(
      `The data directory ${directory} is in use by another Routebot; stop that one, or give this one a directory of its own.`,
    );
  }
  return {
    release: () => {
      if (lock.isOpen) lock.close();
    },
  };
}
