import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { extname } from "node:path";

/**
 * Short name of everything that decides what a new database looks like: PGlite, pg-boss, our own steps of the schema,
 * and the queues' settings.
 */
export function newDatabaseVersion(): string {
  const hash = createHash("sha256");
  for (const name of ["@electric-sql/pglite", "pg-boss"]) {
    const manifest = findPackageJSON(name, import.meta.url);
    hash.update(manifest === undefined ? name : readFileSync(manifest));
  }
  const store = new URL("../", import.meta.url);
  const steps = readdirSync(new URL("migrations/", store)).sort();
  const sources = [...steps.map((file) => `migrations/${file}`), `job-queues${extname(import.meta.url)}`];
  for (const source of sources) hash.update(readFileSync(new URL(source, store)));
  return hash.digest("hex").slice(0, 16);
}
