import type { RequestId } from "../domain/change/change-request.ts";

/**
 * Work that outlives a process: stored in the transaction that makes it necessary, done at least once, by one worker at a
 * time, taken over when the worker dies.
 * - `handle-message`: answer a stored message. Those of one `line` in the order in which they were stored, each when the one
 *   before it is done; without a line, at once.
 * - `apply`: bring an approved request to its end. In the order of approval within one site: one that is to be called
 *   again keeps its place, and those behind it wait.
 * - `deliver`: send what is owed under one delivery key. In order within one key; several that wait become one.
 * - `deadline`: look at a request's time limit, at `at` or later. A later one replaces the one that waits. It also comes
 *   without having been asked for, for an open request whose time limit has passed.
 * - `seal-audit`: look whether the head of the audit is to be signed and anchored, at `at` or later. A later one replaces the
 *   one that waits.
 * - `survey`: go on with a survey of many sites. One at a time for one person.
 * - `remind`: remind people of a request that waits for decisions, at `at` or later. A later one replaces the one that waits.
 * - `aftercare`: see to what is still to come of a change that was written, at `at` or later. A later one replaces the one that
 *   waits. It also comes without having been asked for, when something of it is overdue.
 */
export type Job =
  | { readonly kind: "handle-message"; readonly message: string; readonly line?: string }
  | { readonly kind: "apply"; readonly request: RequestId; readonly site: string }
  | { readonly kind: "deliver"; readonly key: string }
  | { readonly kind: "deadline"; readonly request: RequestId; readonly at: Date }
  | { readonly kind: "seal-audit"; readonly at: Date }
  | { readonly kind: "survey"; readonly survey: string; readonly person: string }
  | { readonly kind: "remind"; readonly request: RequestId; readonly at: Date }
  | { readonly kind: "aftercare"; readonly request: RequestId; readonly at: Date };

export type JobKind = Job["kind"];
export type JobOf<K extends JobKind> = Extract<Job, { kind: K }>;

export type JobContext = {
  /** Aborted when the worker lost the job (stalled too long) or is being stopped. */
  readonly signal: AbortSignal;
  /** Which try this is, from 1. */
  readonly attempt: number;
};

/** `again`: not done, call again after that time; this is no error. */
export type JobResult = { readonly kind: "done" } | { readonly kind: "again"; readonly afterMs: number };

export type Handlers = {
  readonly [K in JobKind]: (job: JobOf<K>, context: JobContext) => Promise<JobResult>;
};

/** Runs jobs. A handler that rejects is called again later, with growing pauses, for ever: no job is dropped. */
export interface Work {
  /**
   * Begins; resolves when jobs are being taken. Orphans of a dead process are taken over (embedded: at once). While `isRushed`
   * says so, messages are answered and sent few at a time: those who wait for an acknowledgement come first.
   */
  start(handlers: Handlers, isRushed?: () => boolean): Promise<void>;
  /** Takes no new job, gives running ones `graceMs` to end, then aborts them. Idempotent. */
  stop(graceMs: number): Promise<void>;
}
