import { chmodSync, readFileSync, renameSync, writeFileSync } from "node:fs";

/** The text of a file; nothing when it is not there. */
export function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** All of it or nothing: whoever reads the file meanwhile sees the old one. `mode` holds for a file that was there, too. */
export function writeWhole(path: string, text: string, mode: number): void {
  const draft = `${path}.${process.pid}.new`;
  writeFileSync(draft, text, { mode, flag: "wx", flush: true });
  chmodSync(draft, mode);
  renameSync(draft, path);
}
