import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const shiftClock = new URL("shift-clock.ts", import.meta.url).href;

export type ReplicaSettings = {
  readonly port: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly logFile: string;
  /** How wrong its clock is at each of its starts, in milliseconds. */
  readonly clockOffsetMs: () => number;
};

/** One `routebot serve` as a process of its own, started again whenever it ends, as by an orchestrator. */
export class Replica {
  readonly #settings: ReplicaSettings;
  #child: ChildProcess | undefined;
  #wanted = false;
  #stopped = false;
  #restarting: Promise<void> = Promise.resolve();
  /** Ends that nobody ordered. */
  readonly crashes: string[] = [];
  #killed = false;

  constructor(settings: ReplicaSettings) {
    this.#settings = settings;
  }

  get isUp(): boolean {
    return this.#child !== undefined && !this.#stopped;
  }

  start(): void {
    this.#wanted = true;
    this.#launch();
  }

  #launch(): void {
    const { environment, logFile, clockOffsetMs } = this.#settings;
    const log = openSync(logFile, "a", 0o600);
    const offset = clockOffsetMs();
    const shifted =
      offset === 0
        ? {}
        : { NODE_OPTIONS: `--import ${shiftClock}`, CHAOS_CLOCK_OFFSET_MS: String(Math.round(offset)) };
    const child = spawn(process.execPath, [main, "serve"], {
      env: { ...environment, ...shifted },
      stdio: ["pipe", log, log],
      // A group of its own: Ctrl-C reaches the run alone, which then ends them in order.
      detached: true,
    });
    closeSync(log);
    child.stdin?.on("error", () => undefined);
    this.#killed = false;
    this.#stopped = false;
    child.once("exit", (code, signal) => {
      if (this.#child === child) this.#child = undefined;
      if (!this.#wanted) return;
      if (!this.#killed) this.crashes.push(signal ?? `exit code ${code}`);
      this.#restarting = pause(250).then(() => {
        if (this.#wanted && this.#child === undefined) this.#launch();
      });
    });
    this.#child = child;
  }

  /** kill -9. Whether there was something to kill. */
  kill(): boolean {
    if (this.#child === undefined) return false;
    this.#killed = true;
    return this.#child.kill("SIGKILL");
  }

  /** Stands still for so long and then goes on, knowing nothing of it. */
  async standStill(ms: number): Promise<boolean> {
    const child = this.#child;
    if (child === undefined || !child.kill("SIGSTOP")) return false;
    this.#stopped = true;
    await pause(ms);
    if (this.#child === child) {
      child.kill("SIGCONT");
      this.#stopped = false;
    }
    return true;
  }

  async isReady(): Promise<boolean> {
    const answer = await fetch(`http://127.0.0.1:${this.#settings.port}/readyz`, {
      signal: AbortSignal.timeout(2_000),
      headers: { connection: "close" },
    }).catch(() => undefined);
    await answer?.body?.cancel().catch(() => undefined);
    return answer?.status === 200;
  }

  /** SIGTERM; resolves when it has ended, with how long that took in milliseconds. */
  async stop(): Promise<number> {
    this.#wanted = false;
    await this.#restarting;
    const child = this.#child;
    if (child === undefined) return 0;
    const began = performance.now();
    const gone = once(child, "exit");
    child.kill("SIGCONT");
    child.kill("SIGTERM");
    const overdue = setTimeout(() => child.kill("SIGKILL"), 15_000);
    await gone;
    clearTimeout(overdue);
    return performance.now() - began;
  }
}
