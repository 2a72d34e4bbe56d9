/** The bot as a child process: started, watched, started again when it dies, and never left behind. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync, statSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import type { BotState } from "../control/shapes.ts";
import { StartRefused } from "../start-refused.ts";

export interface BotProcessOptions {
  /** The program that has the `serve` command. */
  readonly main: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly logFile: string;
  /** `http://127.0.0.1:port` of the bot. */
  readonly url: string;
  /** Told of each death, each return and of giving up. */
  readonly note: (text: string, level: "info" | "problem") => void;
  readonly readyWithinMs?: number;
  /** From SIGTERM to SIGKILL. */
  readonly stopWithinMs?: number;
}

export interface BotProcess {
  state(): Omit<BotState, "crashArmed">;
  /** Resolves when the bot answers `GET /readyz` with 200. Fails with {@link StartRefused} and the end of its log. */
  start(): Promise<void>;
  /** SIGKILL, as a crash; the bot is started again. */
  kill(): void;
  /** SIGTERM, and SIGKILL when that takes too long. */
  stop(): Promise<void>;
  /** The last resort of a process that must end now. */
  killNow(): void;
}

/** Deaths in a row, without having been ready in between, after which it is not started again. */
const giveUpAfter = 3;
const restartDelayMs = 250;
const pollMs = 40;

export function createBotProcess(options: BotProcessOptions): BotProcess {
  const { note, readyWithinMs = 60_000, stopWithinMs = 10_000 } = options;
  let child: ChildProcess | undefined;
  let state: BotState["state"] = "stopped";
  let restarts = 0;
  let failures = 0;
  let wanted = false;
  let logStart = 0;
  let killedOnPurpose = false;

  function launch(): ChildProcess {
    const log = openSync(options.logFile, "a", 0o600);
    logStart = statSync(options.logFile).size;
    const started = spawn(process.execPath, [options.main, "serve"], {
      env: options.environment,
      // The bot ends when this pipe does, however this process ends.
      stdio: ["pipe", log, log],
      // A group of its own: Ctrl-C reaches this process alone, which then stops the bot in order.
      detached: true,
    });
    closeSync(log);
    started.stdin?.on("error", () => undefined);
    started.once("exit", (code, signal) => onExit(started, signal ?? `exit code ${code}`));
    child = started;
    return started;
  }

  function onExit(ended: ChildProcess, how: string): void {
    if (child !== ended) return;
    child = undefined;
    const wasReady = state === "ready" || killedOnPurpose;
    killedOnPurpose = false;
    if (!wanted) {
      state = "stopped";
      return;
    }
    if (state === "starting") return;
    failures = wasReady ? 0 : failures + 1;
    if (failures >= giveUpAfter) {
      state = "stopped";
      note(
        `The bot ended ${failures} times in a row (${how}) and is not started again. ${lastWords()}`,
        "problem",
      );
      return;
    }
    state = "restarting";
    note(`The bot ended (${how}). It is being started again.`, "problem");
    void restart();
  }

  async function restart(): Promise<void> {
    await pause(restartDelayMs);
    if (!wanted) return;
    restarts += 1;
    const started = launch();
    if (await becomesReady(started)) {
      state = "ready";
      failures = 0;
      note("The bot is back.", "info");
    } else {
      // Alive but never ready counts as a death; a dead one has been counted.
      started.kill("SIGKILL");
    }
  }

  async function becomesReady(started: ChildProcess): Promise<boolean> {
    const deadline = performance.now() + readyWithinMs;
    while (child === started && wanted && performance.now() < deadline) {
      const answer = await fetch(`${options.url}/readyz`, { signal: AbortSignal.timeout(2_000) }).catch(
        () => null,
      );
      await answer?.body?.cancel();
      if (answer?.status === 200 && child === started) return true;
      await pause(pollMs);
    }
    return false;
  }

  function lastWords(): string {
    const lines = readFileSync(options.logFile).subarray(logStart).toString("utf8").trim().split("\n");
    return lines
      .slice(-8)
      .map((line) => (line.length > 400 ? `${line.slice(0, 400)}…` : line))
      .join("\n");
  }

  return {
    state: () => ({ state, pid: child?.pid ?? null, restarts }),
    async start() {
      wanted = true;
      state = "starting";
      failures = 0;
      const started = launch();
      if (await becomesReady(started)) {
        state = "ready";
        return;
      }
      wanted = false;
      state = "stopped";
      started.kill("SIGKILL");
      throw new StartRefused(
        `The bot did not start; if what it has kept is damaged, --fresh begins anew. Its last words (${options.logFile}):\n${lastWords()}`,
      );
    },
    kill() {
      if (state === "ready") state = "restarting";
      killedOnPurpose = true;
      child?.kill("SIGKILL");
    },
    async stop() {
      wanted = false;
      const ending = child;
      if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return;
      const gone = once(ending, "exit");
      ending.kill("SIGTERM");
      const overdue = setTimeout(() => ending.kill("SIGKILL"), stopWithinMs);
      await gone;
      clearTimeout(overdue);
    },
    killNow() {
      wanted = false;
      child?.kill("SIGKILL");
    },
  };
}
