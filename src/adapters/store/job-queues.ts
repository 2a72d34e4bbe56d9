import { fromKysely, type PgBoss, type Queue } from "pg-boss";
import { z } from "zod";
import type { Log } from "../../ports/log.ts";
import type { Telemetry, Trail } from "../../ports/telemetry.ts";
import type { Job, JobKind, JobOf } from "../../ports/work.ts";
import type { Unit } from "./database.ts";
import { jobRecord } from "./records/job-record.ts";

/** PostgreSQL schema of the queues' tables. */
export const queueSchema = "routebot_jobs";

export const jobKinds = [
  "handle-message",
  "apply",
  "deliver",
  "deadline",
  "seal-audit",
  "survey",
  "remind",
  "aftercare",
] as const satisfies JobKind[];

/** Seconds without a sign of life after which a job is taken from its worker. 10 is the least that pg-boss takes. */
export const heartbeatSeconds = 10;

const day = 24 * 3600;

/**
 * No job is ever given up: a failed one would keep everything behind it from running. The limits that pg-boss puts on tries,
 * on time in work and on time in waiting are out of reach; its own pause between tries is nought, ours is set by `retry`.
 */
const settings = {
  retryLimit: 1_000_000_000,
  retryDelay: 0,
  retryBackoff: false,
  heartbeatSeconds,
  expireInSeconds: day - 1,
  retentionSeconds: 10 * 365 * day,
  deleteAfterSeconds: day,
} as const satisfies Omit<Queue, "name">;

/** What a worker's hold on a job is known by: a later attempt is somebody else's. Attempts count from 1. */
export type Hold = { readonly id: string; readonly attempt: number };

/** A job in the hands of a worker, and the story that it goes on with; `because`: what started it, where that is another one. */
export type Claim<K extends JobKind> = Hold & {
  readonly job: JobOf<K>;
  readonly trail?: Trail | undefined;
  readonly because?: Trail | undefined;
};

/** What the queues keep of a job: itself, and the trails beside it. */
const kept = z.looseObject({ trail: z.string().optional(), because: z.string().optional() });

/** What pg-boss answers to `touch`, `fail` and `complete`: ids that were still in the hands of the caller. */
const settled = z.object({ settled: z.array(z.string()).nullish() });

/** The queues of pg-boss, with our rules about order, coalescing and waiting. */
export class JobQueues {
  readonly #boss: PgBoss;
  readonly #log: Log;
  readonly #telemetry: Telemetry;
  #wake: (kind: JobKind) => void = () => {};

  constructor(boss: PgBoss, { log, telemetry }: { readonly log: Log; readonly telemetry: Telemetry }) {
    this.#boss = boss;
    this.#log = log;
    this.#telemetry = telemetry;
  }

  /** Makes the queues that are not there yet, and readies pg-boss to be used inside transactions. */
  async prepare(): Promise<void> {
    const { rows } = await this.#boss.getDb().executeSql(`SELECT name FROM ${queueSchema}.queue`);
    const there = new Set(
      z
        .array(z.object({ name: z.string() }))
        .parse(rows)
        .map((row) => row.name),
    );
    for (const kind of jobKinds.filter((one) => !there.has(one))) {
      await this.#boss.createQueue(kind, { ...settings, policy: "key_strict_fifo" });
      // pg-boss reads the settings of a new queue at its first use, beside the transaction that uses it: this is a first use.
      await this.#boss.getBlockedKeys(kind);
    }
  }

  /** `wake` is called whenever a job of that kind may be ready in this process. */
  onReady(wake: (kind: JobKind) => void): void {
    this.#wake = wake;
  }

  /**
   * `isFresh`: nothing waits in the line of this job yet, so that there is nothing which it could replace. `trail`: of the story that the
   * jobs belong to, where that is not the current one.
   */
  async enqueue(
    unit: Unit,
    jobs: readonly Job[],
    { isFresh = () => false, trail }: { isFresh?: (job: Job) => boolean; trail?: Trail | undefined } = {},
  ): Promise<void> {
    const db = fromKysely(unit.sql);
    const here = this.#telemetry.trail();
    const trails = { trail: trail ?? here, ...(trail !== undefined && trail !== here && { because: here }) };
    const isInserted = (job: Job) => isSent(job) || isFresh(job);
    for (const [kind, some] of Map.groupBy(jobs.filter(isInserted), (job) => job.kind)) {
      await this.#boss.insert(
        kind,
        some.map((job) => rowOf(job, trails)),
        { db },
      );
    }
    for (const job of jobs) {
      if (isInserted(job)) continue;
      const { data, ...options } = rowOf(job, trails);
      // Two may wait in a line: one that came while another was in work, and that other one, put off, in front of it.
      await this.#boss.upsert(job.kind, data, { db, ...options, match: "all" });
    }
    const due = jobs.filter((job) => !("at" in job) || job.at.getTime() <= Date.now());
    for (const kind of new Set(due.map((job) => job.kind))) unit.afterCommit(() => this.#wake(kind));
  }

  /** Takes up to `limit` jobs that are ready, at most one of each line. */
  async claim<K extends JobKind>(kind: K, limit: number): Promise<readonly Claim<K>[]> {
    const jobs = await this.#boss.fetch<unknown>(kind, { batchSize: limit });
    return jobs.flatMap(({ id, retryCount, data }) => {
      try {
        const { trail, because, ...job } = kept.parse(data);
        return [{ id, attempt: retryCount + 1, job: jobRecord.read(kind, job), trail, because }];
      } catch (error) {
        // Written by a newer version. Without signs of life it goes back to the queue, where that version can find it.
        this.#log.error("job-not-understood", error, { kind, job: id });
        return [];
      }
    });
  }

  /** Whoever took the job looks for the next one of its line. */
  async complete(kind: JobKind, hold: Hold): Promise<void> {
    await this.#boss.complete(kind, fenced(hold));
  }

  /** Puts a job back: it keeps its place in its line and may be taken again after `afterMs`. */
  async retry(unit: Unit, kind: JobKind, { hold, afterMs }: { hold: Hold; afterMs: number }): Promise<void> {
    const db = fromKysely(unit.sql);
    const answer = settled.parse(await this.#boss.fail(kind, fenced(hold), null, { db }));
    if (!answer.settled?.includes(hold.id) || afterMs <= 0) return;
    await this.#boss.update(kind, undefined, { db, id: hold.id, startAfter: `${afterMs} milliseconds` });
  }

  /** Signs of life for jobs in work; ids of those that still are the caller's. */
  async touch(kind: JobKind, holds: readonly Hold[]): Promise<ReadonlySet<string>> {
    const answer = settled.parse(await this.#boss.touch(kind, holds.map(fenced)));
    return new Set(answer.settled ?? []);
  }

  /** Takes back every job in work, whoever has it; how many. Only for a database that nobody else uses. */
  async takeBackAll(): Promise<number> {
    const active = await this.#inState("active");
    for (const { name, id } of active) await this.#boss.fail(name, id);
    return active.length;
  }

  /**
   * Jobs that have failed for good block everything behind them. With our settings there are none, unless somebody made them
   * by hand; they are tried again. How many there were.
   */
  async reviveFailed(): Promise<number> {
    const failed = await this.#inState("failed");
    for (const { name, id } of failed) {
      await this.#boss.retry(name, id);
      this.#wake(name);
    }
    return failed.length;
  }

  async #inState(state: "active" | "failed"): Promise<readonly { name: JobKind; id: string }[]> {
    const { rows } = await this.#boss
      .getDb()
      .executeSql(`SELECT name, id FROM ${queueSchema}.job WHERE state = '${state}'`);
    return z.array(z.object({ name: z.enum(jobKinds), id: z.string() })).parse(rows);
  }
}

function rowOf(
  job: Job,
  trails: { readonly trail?: Trail | undefined; readonly because?: Trail | undefined },
) {
  return {
    data: { ...jobRecord.write(job), ...trails },
    singletonKey: lineOf(job),
    ...("at" in job ? { startAfter: job.at } : {}),
  };
}

/** Each of these is a job of its own; of the other kinds a later one replaces the one that waits in its line. */
function isSent(job: Job): boolean {
  return job.kind === "handle-message" || job.kind === "apply" || job.kind === "survey";
}

/** Jobs of one line run one after the other. */
function lineOf(job: Job): string {
  switch (job.kind) {
    case "handle-message":
      return job.line ?? job.message;
    case "apply":
      return job.site;
    case "deliver":
      return job.key;
    case "deadline":
    case "remind":
    case "aftercare":
      return job.request;
    case "seal-audit":
      return "audit";
    case "survey":
      return job.person;
    default:
      return job satisfies never;
  }
}

function fenced(hold: Hold): { id: string; retryCount: number } {
  return { id: hold.id, retryCount: hold.attempt - 1 };
}
