import {
  closeSync,
  constants,
  cpSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from "node:fs";
import { findPackageJSON } from "node:module";
import { dirname, join } from "node:path";
import { z } from "zod";
import { StoreUnusable } from "../store-unusable.ts";

/** Major version of the PostgreSQL inside the pinned PGlite; another one cannot read the files of this one. */
const postgresMajor = "18";

/** How a new database is made. */
export type NewDatabase = {
  /** Makes it in a directory that does not exist yet, and closes it again. */
  create(directory: string): Promise<void>;
  /** Name of everything that it depends on how it comes out; no two different ones have the same. */
  readonly version: string;
};

/**
 * The directory of the database's files below the data directory, made on first use. A database appears there whole or not
 * at all: it is made under another name, written through to the disk, and then renamed.
 *
 * @throws StoreUnusable if the files there belong to another version.
 */
export async function prepareDatabaseFiles(dataDirectory: string, making: NewDatabase): Promise<string> {
  const files = join(dataDirectory, "pg");
  if (existsSync(files)) {
    const major = readFileSync(join(files, "PG_VERSION"), "utf8").trim();
    if (major === postgresMajor) return files;
    throw new StoreUnusable(
      `The data directory ${dataDirectory} was written by PostgreSQL ${major} and this version reads ${postgresMajor}; use the Routebot that wrote it, or another directory.`,
    );
  }
  const draft = join(dataDirectory, "pg.new");
  rmSync(draft, { recursive: true, force: true });
  await fill(draft, making);
  syncTree(draft);
  renameSync(draft, files);
  sync(dataDirectory);
  return files;
}

/** Whether a database was made in the data directory. */
export function hasDatabase(dataDirectory: string): boolean {
  return existsSync(join(dataDirectory, "pg"));
}

/** Makes the data directory and finds out whether it can be written to. */
export function ensureWritable(dataDirectory: string): void {
  const probe = join(dataDirectory, `.write-probe-${process.pid}`);
  try {
    mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
    closeSync(openSync(probe, "w"));
    rmSync(probe);
  } catch (error) {
    const { code } = z.object({ code: z.string() }).parse(error);
    throw new StoreUnusable(
      `The data directory ${dataDirectory} cannot be written to (${code}); choose another one, or give this user the right to write there.`,
      { cause: error },
    );
  }
}

/**
 * Creating a database takes seconds and a gigabyte, copying one takes 50 ms; so the first one made by this installation is
 * kept, with its empty tables, beside the installed packages, where it can be written to.
 */
async function fill(draft: string, { create, version }: NewDatabase): Promise<void> {
  const template = templateDirectory(version);
  if (template !== undefined && existsSync(template)) {
    copyTree(template, draft);
    return;
  }
  await create(draft);
  if (template !== undefined) keep(draft, template);
}

function keep(draft: string, template: string): void {
  const unfinished = `${template}.${process.pid}`;
  try {
    mkdirSync(dirname(template), { recursive: true });
    copyTree(draft, unfinished);
    renameSync(unfinished, template);
  } catch {
    // An installation that cannot be written to, or another process that was faster: only time is lost.
    rmSync(unfinished, { recursive: true, force: true });
  }
}

function templateDirectory(version: string): string | undefined {
  const manifest = findPackageJSON("@electric-sql/pglite", import.meta.url);
  if (manifest === undefined) return undefined;
  const packages = dirname(dirname(dirname(manifest)));
  return join(packages, ".cache", "routebot", `new-database-${version}`);
}

function copyTree(from: string, to: string): void {
  cpSync(from, to, { recursive: true, mode: constants.COPYFILE_FICLONE });
}

function syncTree(directory: string): void {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) syncTree(path);
    else sync(path);
  }
  sync(directory);
}

function sync(path: string): void {
  const handle = openSync(path, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
