import { constants } from "node:fs";
import { mkdir, open, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { AnchorPlace } from "../../ports/audit-trail.ts";
import { readSealLine, writeSealLine } from "./seal-line.ts";

/**
 * A file of one seal a line, outside the database, that is opened for adding only. A line that a crash left without its end is
 * closed by the next one and then is no seal: `last` passes over it.
 */
export function createAnchorFile(path: string): AnchorPlace {
  return {
    async last() {
      const lines = (await contentOf(path)).split("\n");
      for (const line of lines.reverse()) {
        const seal = readSealLine(line);
        if (seal !== undefined) return seal;
      }
      if (lines.some((line) => line.trim() !== ""))
        throw new Error(`${path} holds no seal; it is another file`);
      return undefined;
    },

    async append(seal) {
      await mkdir(dirname(path), { recursive: true });
      const { O_APPEND, O_CREAT, O_RDWR } = constants;
      const file = await open(path, O_APPEND | O_CREAT | O_RDWR, 0o640);
      try {
        const { size } = await file.stat();
        const end = Buffer.alloc(1);
        if (size > 0) await file.read(end, 0, 1, size - 1);
        const torn = size > 0 && end.toString() !== "\n";
        await file.write(`${torn ? "\n" : ""}${writeSealLine(seal)}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
    },
  };
}

async function contentOf(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  }
}
