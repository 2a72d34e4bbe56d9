import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const readyLine = "Routebot playground is ready.";
const readyWithinMs = 60_000;
const stopWithinMs = 15_000;

/** A playground of one's own, on free ports and in a folder that goes with it. */
export type PlaygroundProcess = {
  /** Address of the page, under which the control interface is found. */
  readonly pageUrl: string;
  /** Ends it and removes its folder. May be called twice. */
  stop(): Promise<void>;
};

/** Starts `routebot playground` and waits until it says that it is ready. Rejects with its last words if it does not. */
export async function startPlaygroundProcess(): Promise<PlaygroundProcess> {
  const folder = await mkdtemp(join(tmpdir(), "routebot-tour-"));
  const main = fileURLToPath(new URL(`../../main${extname(import.meta.url)}`, import.meta.url));
  const ports = ["--port", "0", "--bot-port", "0", "--azure-port", "0"];
  const child = spawn(
    process.execPath,
    [main, "playground", "--no-browser", ...ports, "--data", join(folder, "data")],
    // A group of its own: Ctrl-C reaches this process alone, which then stops the playground in order.
    { stdio: ["ignore", "pipe", "pipe"], detached: true },
  );
  const exited = once(child, "exit");
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= end(child, exited).then(() => rm(folder, { recursive: true, force: true }));
    return stopping;
  };
  try {
    const lines = await linesUntilReady(child);
    const pageUrl = lines.find((line) => /^page\s/.test(line))?.split(/\s+/)[1];
    if (pageUrl === undefined) throw new Error("The playground did not say where its page is.");
    return { pageUrl, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What the playground prints until it is ready. */
function linesUntilReady(child: ChildProcess): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const lines: string[] = [];
    const problems: string[] = [];
    const fail = (what: string) =>
      reject(new Error([`The playground ${what}.`, ...problems, ...lines].join("\n")));
    const overdue = setTimeout(() => fail("was not ready in time"), readyWithinMs);
    child.once("error", (error) => fail(`could not be started (${error.message})`));
    child.once("close", () => {
      clearTimeout(overdue);
      fail("ended before it was ready");
    });
    if (child.stderr !== null) createInterface(child.stderr).on("line", (line) => problems.push(line));
    if (child.stdout === null) return;
    createInterface(child.stdout).on("line", (line) => {
      if (line !== readyLine) lines.push(line);
      else {
        clearTimeout(overdue);
        resolve(lines);
      }
    });
  });
}

async function end(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  const overdue = setTimeout(() => child.kill("SIGKILL"), stopWithinMs);
  await exited;
  clearTimeout(overdue);
}
