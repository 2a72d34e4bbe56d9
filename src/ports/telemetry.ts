import type { Platform } from "../domain/actor.ts";
import type { Inbound } from "./chat.ts";
import type { JobKind } from "./work.ts";

/**
 * Where work comes from, so that it can be followed through the store to whoever goes on with it: `traceparent` of W3C Trace
 * Context. Nobody but the telemetry reads it.
 */
export type Trail = string;

/** A part of a story that takes time. What tells measurements apart has few values each. */
export type Step =
  /** Something that arrived, until the core has stored or answered it. */
  | { readonly kind: "receive"; readonly platform: Platform; readonly what: Inbound["kind"] }
  | { readonly kind: "job"; readonly job: JobKind }
  /** One question or order to the routing service, whatever requests it takes. */
  | { readonly kind: "routing"; readonly operation: string }
  /** One request to the resource manager, each try by itself. */
  | { readonly kind: "arm"; readonly method: string; readonly urgency: string }
  /** One call of a chat. */
  | { readonly kind: "send"; readonly platform: Platform; readonly operation: string };

/** Waits that are measured and are no step of their own. */
export type Wait =
  /** From a request's arrival to its answer's end. */
  | { readonly kind: "answer"; readonly route: string; readonly result: string }
  /** A request to the resource manager, until it may be sent. */
  | { readonly kind: "budget"; readonly urgency: string };

/** Ids that a step is about: they are on each of its log lines. Never a text that somebody wrote. */
export type About = {
  /** Id of the inbound message or click. */
  readonly inbound?: string;
  readonly request?: string;
  readonly delivery?: string;
  readonly survey?: string;
  readonly site?: string;
};

export type Course<T> = {
  readonly about?: About;
  /** The story that it goes on with: the current one unless another, or none (`new`), is named. */
  readonly from?: Trail | "new";
  /** What made it necessary, where that is another story. */
  readonly because?: Trail;
  /** One of a few words for how it ended. A rejection is `error`. */
  readonly result?: (value: T) => string;
};

/**
 * A story is everything that one message, one click or the clock led to, across jobs, replicas and restarts. Telemetry never
 * fails what it looks at, and is not needed for anything to be right.
 */
export interface Telemetry {
  /** Runs `work` as a step of a story: what it logs, starts and stores belongs to it. */
  step<T>(step: Step, course: Course<T>, work: () => Promise<T>): Promise<T>;
  /** Runs `work` in no story: for what merely happens to be started from within one. */
  apart<T>(work: () => T): T;
  /** Of the current story; absent outside. */
  trail(): Trail | undefined;
  waited(wait: Wait, ms: number): void;
}

/** Looks at nothing. */
export const noTelemetry: Telemetry = {
  step: (_step, _course, work) => work(),
  apart: (work) => work(),
  trail: () => undefined,
  waited: () => {},
};
