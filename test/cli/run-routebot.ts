import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";

export type Ended = {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
};

/** A running `routebot`; `errorLine` resolves with the first line of standard error that fits. */
export type Running = {
  readonly ended: Promise<Ended>;
  errorLine(pattern: RegExp): Promise<string>;
  /** The whole lines of standard error so far. */
  said(): readonly string[];
  signal(name: NodeJS.Signals): void;
  endInput(): void;
};

const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

/** Starts `routebot` as people do, in a folder and with an environment that only hold what is given. */
export function startRoutebot(
  words: readonly string[],
  given: { readonly folder: string; readonly environment?: Readonly<Record<string, string>> },
): Running {
  const child = spawn(process.execPath, [main, ...words], {
    cwd: given.folder,
    env: { PATH: process.env.PATH ?? "", ...given.environment },
  });
  let stdout = "";
  let stderr = "";
  const watchers = new Set<() => void>();
  child.stdout.on("data", (chunk) => {
    stdout += String(chunk);
  });
  child.stderr.on("data", (chunk) => {
    stderr += String(chunk);
    for (const watcher of watchers) watcher();
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
  return {
    ended,
    errorLine: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          // A line counts when it is complete.
          const line = stderr
            .split("\n")
            .slice(0, -1)
            .find((candidate) => pattern.test(candidate));
          if (line === undefined) return;
          watchers.delete(look);
          resolve(line);
        };
        watchers.add(look);
        look();
        ended.then(() => reject(new Error(`It ended without that line:\n${stderr}`)), reject);
      }),
    said: () => stderr.split("\n").slice(0, -1),
    signal: (name) => void child.kill(name),
    endInput: () => child.stdin.end(),
  };
}

/** Runs a command that ends by itself, in a folder that it has no business with. */
export function runRoutebot(words: readonly string[]): Promise<Ended> {
  return startRoutebot(words, { folder: tmpdir() }).ended;
}
