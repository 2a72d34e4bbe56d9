import type { Log, LogFields } from "../../ports/log.ts";
import type { About, Telemetry } from "../../ports/telemetry.ts";
import type { Handlers, Job, JobKind, JobResult } from "../../ports/work.ts";
import type { Database } from "./database.ts";
import { type Claim, type Hold, heartbeatSeconds, type JobQueues } from "./job-queues.ts";

export type LaneTools = {
  readonly database: Pick<Database, "transaction">;
  readonly queues: Pick<JobQueues, "claim" | "touch" | "complete" | "retry">;
  readonly log: Log;
  readonly telemetry: Telemetry;
};

type Running<K extends JobKind> = {
  readonly claim: Claim<K>;
  readonly abort: AbortController;
  readonly end: Promise<void>;
  /** Ends the hold on the job when no sign of life was taken for too long, also where the database cannot be asked. */
  lease: NodeJS.Timeout;
};

/** A job whose last sign of life is older may soon be somebody else's. */
const claimLastsMs = (heartbeatSeconds - 1) * 1000;
/** Jobs taken with one statement. */
const mostAtOnce = 10;
/**
 * Taking jobs costs the more the more of them wait: of 4,000, ten milliseconds and more on the embedded database. When there were
 * more than could be taken, this many times as long as it took goes by before the next look, and more are taken with it.
 */
const restAfterLook = 4;
const longestPauseMs = 60_000;

/**
 * Takes and runs the jobs of one kind, several at a time. It looks for jobs whenever it is woken, and is woken at each commit
 * that started one, at each end of one and when a pause ends; a regular wake-up from outside is the floor under all that.
 */
export class Lane<K extends JobKind> {
  readonly #kind: K;
  readonly #handler: Handlers[K];
  readonly #limit: () => number;
  readonly #tools: LaneTools;
  readonly #running = new Set<Running<K>>();
  readonly #pauses = new Set<NodeJS.Timeout>();
  #taking: Promise<void> | undefined;
  #lookedAt = performance.now();
  #wokenMeanwhile = false;
  /** No look before that time, on the monotonic clock. */
  #restsUntil = 0;
  #stopping = false;

  /** `limit` is asked whenever jobs are to be taken. */
  constructor(kind: K, { handler, limit }: { handler: Handlers[K]; limit: () => number }, tools: LaneTools) {
    this.#kind = kind;
    this.#handler = handler;
    this.#limit = limit;
    this.#tools = tools;
  }

  wake(): void {
    if (this.#stopping) return;
    this.#wokenMeanwhile = true;
    // Whoever happens to wake it has nothing to do with the jobs that are found.
    this.#taking ??= this.#tools.telemetry.apart(() =>
      this.#take().finally(() => {
        this.#taking = undefined;
        // Between its last look and here.
        if (this.#wokenMeanwhile) this.wake();
      }),
    );
  }

  /** A lane that is full need not look. */
  lookedForMsAgo(): number {
    return performance.now() - this.#lookedAt;
  }

  /** Signs of life for everything in work here; whatever is not ours any more is aborted. */
  async beat(): Promise<void> {
    const now = performance.now();
    const jobs = [...this.#running].filter((job) => !job.abort.signal.aborted);
    if (jobs.length === 0) return;
    try {
      const ours = await this.#tools.queues.touch(
        this.#kind,
        jobs.map((job) => job.claim),
      );
      for (const job of jobs) {
        if (!this.#running.has(job)) continue;
        if (ours.has(job.claim.id)) this.#renew(job, now);
        else this.#lost(job);
      }
    } catch (error) {
      this.#tools.log.error("job-heartbeat-failed", error, { kind: this.#kind });
    }
  }

  /** Takes nothing new, gives what runs `graceMs` to end, aborts it, and hands back what does not end even then. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    for (const pause of this.#pauses) clearTimeout(pause);
    await this.#taking;
    await this.#ended(graceMs);
    for (const job of this.#running) job.abort.abort(new Error("the worker is being stopped"));
    await this.#ended(1000);
    for (const { claim } of this.#running) await this.#settle(claim, { kind: "again", afterMs: 0 });
  }

  async #ended(withinMs: number): Promise<void> {
    if (this.#running.size === 0) return;
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, withinMs);
    await Promise.race([late, Promise.all([...this.#running].map((job) => job.end))]);
    clearTimeout(timer);
  }

  async #take(): Promise<void> {
    try {
      while (this.#wokenMeanwhile && !this.#stopping) {
        this.#wokenMeanwhile = false;
        const room = Math.min(this.#limit() - this.#running.size, mostAtOnce);
        if (room <= 0) {
          this.#lookedAt = performance.now();
          return;
        }
        const aliveAt = performance.now();
        if (aliveAt < this.#restsUntil) return this.#wakeAfter(this.#restsUntil - aliveAt);
        const claims = await this.#tools.queues.claim(this.#kind, room);
        this.#lookedAt = performance.now();
        if (claims.length === room) {
          this.#wokenMeanwhile = true;
          const now = performance.now();
          this.#restsUntil = now + (now - aliveAt) * restAfterLook;
        }
        for (const claim of claims) this.#begin(claim, aliveAt);
      }
    } catch (error) {
      this.#tools.log.error("jobs-not-read", error, { kind: this.#kind });
    }
  }

  #begin(claim: Claim<K>, aliveAt: number): void {
    // The queue took this job from somebody who showed no signs of life: that may have been this very process.
    for (const job of this.#running) if (job.claim.id === claim.id) this.#lost(job);
    const abort = new AbortController();
    const lease = setTimeout(() => this.#lost(job), leaseLeftMs(aliveAt));
    const job: Running<K> = { claim, abort, lease, end: this.#run(claim, abort.signal) };
    this.#running.add(job);
    void job.end.then(() => {
      clearTimeout(job.lease);
      this.#running.delete(job);
      this.wake();
    });
  }

  async #run(claim: Claim<K>, signal: AbortSignal): Promise<void> {
    const { job, trail, because, attempt } = claim;
    const fields: LogFields = { kind: this.#kind, job: claim.id, attempt };
    const course = {
      about: aboutOf(job),
      from: trail ?? "new",
      ...(because !== undefined && { because }),
      result: ({ kind }: JobResult) => kind,
    };
    let result: JobResult;
    try {
      result = await this.#tools.telemetry.step({ kind: "job", job: this.#kind }, course, async () => {
        try {
          return await this.#handler(job, { signal, attempt });
        } catch (error) {
          this.#tools.log.error("job-failed", error, fields);
          throw error;
        }
      });
    } catch {
      result = { kind: "again", afterMs: pauseAfter(attempt) };
    }
    await this.#settle(
      claim,
      this.#stopping && result.kind === "again" ? { kind: "again", afterMs: 0 } : result,
    );
  }

  /** A job that is not ours any more is left alone by the queue. */
  async #settle(hold: Hold, result: JobResult): Promise<void> {
    const { database, queues, log } = this.#tools;
    try {
      if (result.kind === "done") {
        await queues.complete(this.#kind, hold);
      } else {
        const { afterMs } = result;
        await database.transaction((unit) => queues.retry(unit, this.#kind, { hold, afterMs }));
        this.#wakeAfter(afterMs);
      }
    } catch (error) {
      // It stays in work without signs of life, and comes back when that is noticed.
      log.error("job-not-settled", error, { kind: this.#kind, job: hold.id });
    }
  }

  #wakeAfter(ms: number): void {
    if (this.#stopping) return;
    const pause = setTimeout(() => {
      this.#pauses.delete(pause);
      this.wake();
    }, Math.min(ms, longestPauseMs) + 1);
    this.#pauses.add(pause);
  }

  /** A lease that has run out is not renewed: the signal is aborted by then. */
  #renew(job: Running<K>, aliveAt: number): void {
    clearTimeout(job.lease);
    job.lease = setTimeout(() => this.#lost(job), leaseLeftMs(aliveAt));
  }

  #lost(job: Running<K>): void {
    if (job.abort.signal.aborted) return;
    this.#tools.log.warn("job-lost", { kind: this.#kind, job: job.claim.id });
    job.abort.abort(new Error("the job was taken over: no sign of life for too long"));
  }
}

function aboutOf(job: Job): About {
  switch (job.kind) {
    case "handle-message":
      return { inbound: job.message };
    case "deliver":
      return { delivery: job.key };
    case "survey":
      return { survey: job.survey };
    case "seal-audit":
      return {};
    case "apply":
    case "deadline":
    case "remind":
    case "aftercare":
      return { request: job.request };
    default:
      return job satisfies never;
  }
}

/** `aliveAt`: when the sign of life was begun, on the monotonic clock, in milliseconds. */
function leaseLeftMs(aliveAt: number): number {
  return Math.max(0, aliveAt + claimLastsMs - performance.now());
}

/** 1 s, 2 s, 4 s … up to a minute. */
function pauseAfter(attempt: number): number {
  return Math.min(1000 * 2 ** Math.min(attempt - 1, 10), longestPauseMs);
}
