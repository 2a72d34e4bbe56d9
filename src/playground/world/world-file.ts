/** Keeps the world in one JSON file, so that the next run shows the same conversations. */
import { readFile, rename, writeFile } from "node:fs/promises";
import type { World } from "./world.ts";
import { emptyWorld, type WorldState, worldStateSchema } from "./world-model.ts";

/** How long changes are gathered before the file is written. */
const gatherMs = 200;

/** The kept state; an empty one when there is no file. A file that cannot be understood is an error. */
export async function readWorldFile(path: string): Promise<WorldState> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return emptyWorld();
    throw error;
  }
  try {
    return worldStateSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new Error(`${path} was not written by this version of the playground; start with --fresh`, {
      cause,
    });
  }
}

export interface WorldFile {
  /** Writes what is not yet written and stops listening. */
  close(): Promise<void>;
}

/** Writes the world to the file after every change, a moment later, through a new file and a rename. */
export function keepWorldFile(path: string, world: World): WorldFile {
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();
  const write = () => {
    timer = undefined;
    const text = JSON.stringify(world.state);
    writing = writing.then(async () => {
      await writeFile(`${path}.new`, text, { mode: 0o600 });
      await rename(`${path}.new`, path);
    });
    // A full disk must not end the playground: the next change tries again, and close() reports.
    writing.catch(() => undefined);
  };
  const stop = world.listen(() => {
    timer ??= setTimeout(write, gatherMs);
  });
  return {
    async close() {
      stop();
      clearTimeout(timer);
      write();
      await writing;
    },
  };
}
