/** Follows a log file as a log collector does: from outside, while its writer goes on, dies and comes back. */
import { type FileHandle, open, stat } from "node:fs/promises";
import { splitLines } from "./split-lines.ts";

const pollMs = 200;
const chunkBytes = 64 * 1024;

export interface FollowedLog {
  /** Hands on what is there by now. */
  look(): Promise<void>;
  /** Looks once more, and stops. */
  close(): Promise<void>;
}

/**
 * Hands on every ended line of the file from its beginning, and of the next one when it is exchanged, or is cut off and begins anew.
 * A file that is not there, or cannot be read for a moment, is looked for again.
 */
export function followLog(path: string, onLine: (line: string) => void): FollowedLog {
  const chunk = Buffer.alloc(chunkBytes);
  let file: FileHandle | undefined;
  let position = 0;
  let take = splitLines(onLine);
  let latest = Promise.resolve();
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;

  function beginAnew(): void {
    position = 0;
    take = splitLines(onLine);
  }

  async function readOn(from: FileHandle): Promise<void> {
    if ((await from.stat()).size < position) beginAnew();
    for (;;) {
      const { bytesRead } = await from.read(chunk, 0, chunkBytes, position);
      if (bytesRead === 0) return;
      position += bytesRead;
      take(chunk.subarray(0, bytesRead));
    }
  }

  async function letGo(): Promise<void> {
    await file?.close();
    file = undefined;
    beginAnew();
  }

  async function lookOnce(): Promise<void> {
    // As long as it is held open, no other file has its number.
    if (file !== undefined && !(await isStillAt(path, file))) {
      await readOn(file);
      await letGo();
    }
    file ??= await openIfThere(path);
    if (file !== undefined) await readOn(file);
  }

  const look = () => {
    latest = latest.then(lookOnce).catch(() => undefined);
    return latest;
  };
  const poll = () => {
    timer = setTimeout(async () => {
      await look();
      if (!isClosed) poll();
    }, pollMs);
  };
  poll();
  return {
    look,
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await look();
      await letGo();
    },
  };
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  return await ifThere(open(path, "r"));
}

async function isStillAt(path: string, file: FileHandle): Promise<boolean> {
  const [there, held] = [await ifThere(stat(path)), await file.stat()];
  return there?.ino === held.ino && there.dev === held.dev;
}

async function ifThere<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
