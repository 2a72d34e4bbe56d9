import type { Generated, GeneratedAlways } from "kysely";

/** PostgreSQL schema of Routebot's own tables. The job queues have one of their own, see job-queues.ts. */
export const ownSchema = "routebot";

/**
 * The tables as the queries see them. Everything typed by people is kept as text: PostgreSQL's jsonb refuses characters that
 * JSON may hold. No int8 beside `seq`, no bytea, no interval, no arrays: those come back differently from the two drivers.
 */
export type Tables = {
  change_request: {
    number: number;
    id: string;
    revision: number;
    state: string;
    open: boolean;
    requester: string;
    /** When the time limit of its state ends, where the state has one. */
    due_at: Date | null;
    /** The conversation that it was made in, see `originKey`; unknown for old ones. */
    origin: string | null;
    /** Of the story that opened it, see ports/telemetry.ts; unknown for old ones. */
    trail: string | null;
    record: string;
  };
  /** One row a site of a change request, by `targetKey`. */
  change_request_site: { site: string; number: number };
  inbox: { id: string; message: string; received_at: Generated<Date>; handled_at: Date | null };
  delivery: {
    key: string;
    number: Generated<number>;
    /** Of a card: the id of its change request. */
    request: string | null;
    owed: string;
    want: number;
    sent: number;
    ref: string | null;
    trying: boolean;
    attempts: number;
    dead_why: string | null;
    changed_at: Generated<Date>;
  };
  /** What messages were about, by conversation. */
  subject: { message: string; number: Generated<number>; conversation: string; at: Date; record: string };
  survey: { id: string; revision: number; record: string; changed_at: Generated<Date> };
  survey_part: { survey: string; number: number; rows: string };
  /** Stops of changes; those that have ended stay. */
  stop: { id: string; number: Generated<number>; record: string; on: boolean };
  /** Reviews of changes that were written without approval, by request. */
  review: { request: string; number: Generated<number>; person: string; due: boolean; record: string };
  /** What is still to come of a change that was written; `due_at` is when something is to be done next. */
  aftercare: { number: number; revision: number; due_at: Date | null; record: string };
  /** Approvals that wait for a sign-in; `state` and `sign_in` are of the sign-in that was begun last. */
  step_up: {
    id: string;
    number: Generated<number>;
    request: string;
    expires_at: Date;
    state: string | null;
    sign_in: string | null;
    record: string;
  };
  prompt: { id: string; record: string; expires_at: Date };
  /** Written by `audit_append` alone; see the first migration. */
  audit_event: {
    seq: number;
    at: Date;
    previous: string;
    payload: string;
    hash: string;
    /** Computed by the database from the payload: the change request, and who did something (a refused attempt is nothing). */
    request: GeneratedAlways<string | null>;
    person: GeneratedAlways<string | null>;
  };
  audit_seal: { seq: number; hash: string; at: Date; key_id: string; signature: string };
  audit_head: { seq: number; hash: string };
  /**
   * One row: `home`, where the database is; `kind`, `at` and `evidence` of an interruption that is not dealt with yet, and the
   * evidence of the last one that was; `moved_from`, the store that was moved here; no request has a number up to `number_floor`.
   */
  continuity: {
    single: Generated<boolean>;
    home: string;
    number_floor: Generated<number>;
    moved_from: string | null;
    kind: string | null;
    at: Date | null;
    evidence: string | null;
    settled: string | null;
  };
  /** The level of the schema that a program must know at least to work on this database. */
  oldest_program: { level: number };
};
