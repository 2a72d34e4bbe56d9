import type { Handlers, Job, JobKind, JobOf, JobResult, Work } from "../../src/ports/work.ts";

/** A job as it waits in memory. */
export type WaitingJob = {
  readonly job: Job;
  /** When it may run, as milliseconds of the clock. */
  readonly dueAt: number;
  /** How often it was begun. */
  readonly attempts: number;
};

/** What running one job came to. */
export type JobRun = { readonly job: Job; readonly result: JobResult | { kind: "failed"; error: unknown } };

/** Jobs in memory, run one at a time when a test says so; time is the clock that is passed in. */
export class MemoryWork implements Work {
  readonly #now: () => number;
  readonly #waiting: WaitingJob[] = [];
  #handlers: Handlers | undefined;

  constructor(now: () => number) {
    this.#now = now;
  }

  async start(handlers: Handlers): Promise<void> {
    this.#handlers = handlers;
  }

  async stop(): Promise<void> {
    this.#handlers = undefined;
  }

  /** Jobs that wait, in the order in which they were started. */
  get waiting(): readonly WaitingJob[] {
    return [...this.#waiting];
  }

  /** When the next job may run; `undefined` if none waits. */
  get nextDue(): Date | undefined {
    const due = this.#waiting.filter((entry) => this.#isHead(entry)).map((entry) => entry.dueAt);
    return due.length === 0 ? undefined : new Date(Math.min(...due));
  }

  add(job: Job): void {
    const dueAt = "at" in job ? job.at.getTime() : this.#now();
    const same = this.#waiting.findIndex((entry) => replaces(job, entry.job));
    const entry = { job, dueAt, attempts: 0 };
    if (same < 0) this.#waiting.push(entry);
    else if ("at" in job) this.#waiting[same] = entry;
  }

  /** Runs the first job that is due, to its end. `undefined` if none is. Needs `start`. */
  async runNext(kind?: JobKind): Promise<JobRun | undefined> {
    const now = this.#now();
    const entry = this.#waiting.find(
      (waiting) =>
        waiting.dueAt <= now && (kind === undefined || waiting.job.kind === kind) && this.#isHead(waiting),
    );
    if (entry === undefined) return undefined;
    const place = this.#waiting.indexOf(entry);
    this.#waiting.splice(place, 1);
    const attempt = entry.attempts + 1;
    const result = await this.#call(entry.job, attempt);
    if (result.kind !== "done") {
      const pause = result.kind === "again" ? result.afterMs : 1000 * 2 ** Math.min(attempt - 1, 6);
      this.#waiting.splice(Math.min(place, this.#waiting.length), 0, {
        job: entry.job,
        dueAt: this.#now() + pause,
        attempts: attempt,
      });
    }
    return { job: entry.job, result };
  }

  /** Runs due jobs until none is left, at most `limit`: more means that they go round in circles. */
  async runAll(limit = 1000): Promise<readonly JobRun[]> {
    const runs: JobRun[] = [];
    for (let run = await this.runNext(); run !== undefined; run = await this.runNext()) {
      runs.push(run);
      if (runs.length > limit) throw new Error(`still jobs due after ${limit} runs; last: ${run.job.kind}`);
    }
    return runs;
  }

  /** Nothing before it in its line; a line is what is spoken of together for `handle-message`, one site for `apply`, one key for `deliver`, one person for `survey`. */
  #isHead(entry: WaitingJob): boolean {
    return this.#waiting.find((other) => lineOf(other.job) === lineOf(entry.job)) === entry;
  }

  async #call(job: Job, attempt: number): Promise<JobRun["result"]> {
    if (this.#handlers === undefined) throw new Error("no handlers: call work.start() first");
    try {
      return await callHandler(this.#handlers, job, attempt);
    } catch (error) {
      return { kind: "failed", error };
    }
  }
}

function callHandler(handlers: Handlers, job: Job, attempt: number): Promise<JobResult> {
  const context = { signal: new AbortController().signal, attempt };
  const call = <K extends JobKind>(kind: K, of: JobOf<K>) => handlers[kind](of, context);
  switch (job.kind) {
    case "handle-message":
      return call(job.kind, job);
    case "apply":
      return call(job.kind, job);
    case "deliver":
      return call(job.kind, job);
    case "deadline":
      return call(job.kind, job);
    case "seal-audit":
    case "remind":
    case "aftercare":
      return call(job.kind, job);
    case "survey":
      return call(job.kind, job);
    default:
      return job satisfies never;
  }
}

function lineOf(job: Job): string {
  switch (job.kind) {
    case "handle-message":
      return `message ${job.line ?? job.message}`;
    case "apply":
      return `apply ${job.site}`;
    case "deliver":
      return `deliver ${job.key}`;
    case "deadline":
    case "remind":
      return `${job.kind} ${job.request}`;
    case "seal-audit":
      return "audit";
    case "survey":
      return `survey ${job.person}`;
    case "aftercare":
      return `aftercare ${job.request}`;
    default:
      return job satisfies never;
  }
}

/** Whether a new job makes one that waits needless. */
function replaces(job: Job, waiting: Job): boolean {
  return (job.kind === "deliver" || "at" in job) && lineOf(job) === lineOf(waiting);
}
