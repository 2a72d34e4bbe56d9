import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { type ScannedSource, scanSource } from "./scan-source.ts";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** A TypeScript file of ours; `path` counts from the root of the repository, with `/`. */
export type SourceFile = { readonly path: string; readonly text: string; readonly scanned: ScannedSource };

/** Every TypeScript file below these folders, also those that git does not know yet. */
export function sourceFiles(...folders: readonly string[]): readonly SourceFile[] {
  return folders
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => {
      const file = join(entry.parentPath, entry.name);
      const text = readFileSync(file, "utf8");
      return { path: relative(root, file).split(sep).join("/"), text, scanned: scanSource(text) };
    });
}
