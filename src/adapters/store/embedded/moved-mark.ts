import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { StoreUnusable } from "../store-unusable.ts";

/**
 * What stands in a data directory whose store went to PostgreSQL: beside the database, not in it, so that it says so whatever
 * became of the other one.
 * - `begun`: whether it got there is not known here. - `done`: it did, and this one is never used again.
 */
const markSchema = z.object({ state: z.enum(["begun", "done"]), at: z.iso.datetime(), to: z.string() });
export type MovedMark = z.output<typeof markSchema>;

export function readMovedMark(directory: string): MovedMark | undefined {
  let text: string;
  try {
    text = readFileSync(pathIn(directory), "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
  return markSchema.parse(JSON.parse(text));
}

/** Writes it through to the disk, whole or not at all. */
export function writeMovedMark(directory: string, mark: MovedMark): void {
  const draft = `${pathIn(directory)}.new`;
  writeFileSync(draft, `${JSON.stringify(mark)}\n`, { flush: true });
  renameSync(draft, pathIn(directory));
  const handle = openSync(directory, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

export function removeMovedMark(directory: string): void {
  rmSync(pathIn(directory), { force: true });
}

/** @throws StoreUnusable if the store was moved away, or may have been. */
export function refuseMoved(directory: string): void {
  const mark = readMovedMark(directory);
  if (!mark) return;
  throw new StoreUnusable(
    mark.state === "done"
      ? `The store in ${directory} was moved to PostgreSQL (${mark.to}) and is not used any more; set DATABASE_URL.`
      : `The store in ${directory} is being moved to PostgreSQL (${mark.to}), or that was broken off; run "routebot move --from ${directory}" again, or with --give-up to stay here.`,
  );
}

function pathIn(directory: string): string {
  return join(directory, "moved.json");
}
