import type { Account, Person } from "../actor.ts";
import type { RequestId, StateName, Surface } from "./change-request.ts";

/**
 * What happened, for the record: one per transition and per refused attempt to decide. Values are what a later reader
 * needs to find out why; no secret ever is among them.
 */
export type AuditEvent = {
  readonly kind:
    | "opened"
    | "approval"
    /** An approval was taken back before the quorum was reached. */
    | "withdrawn"
    /** An approval that does not count before a fresh sign-in. */
    | "sign-in-asked"
    /** The requester had it written without approval; and somebody else looked at that afterwards. */
    | "break-glass"
    | "reviewed"
    /** Somebody stopped changes, or let them go on. */
    | "stopped"
    | "let-go-on"
    | "refused"
    | "moved"
    /** The records were moved or restored, so that nothing goes on by itself; and approvals that do not count any more because of it. */
    | "interrupted"
    | "parked"
    /** A worker took over from one that died or stalled. */
    | "taken-over"
    /** The same worker went on, after Azure had been busy or a reading had failed. */
    | "tried-again"
    /** From here on the head of the audit is signed with another key; `details` has its public half. */
    | "sealing-key"
    /** A temporary change got more time. */
    | "extended"
    /** Somebody ended a temporary change before its time. */
    | "ended-early"
    /** A temporary change is no longer turned back by itself; details say why. */
    | "let-be"
    /** The watch after a change ended; details say how. */
    | "watched"
    /** What became of writes whose end was not clear; details say what was seen. */
    | "settled";
  readonly at: Date;
  readonly request?: RequestId;
  /** Who acted; absent for what the clock or a worker did. */
  readonly person?: Person;
  readonly account?: Account;
  readonly surface?: Surface;
  readonly from?: StateName;
  readonly to?: StateName;
  readonly fingerprint?: string;
  readonly policyVersion?: string;
  /** Further facts as text, e.g. ARM request ids, the code of a refusal, before and after of a flag. */
  readonly details: Readonly<Record<string, string>>;
};
