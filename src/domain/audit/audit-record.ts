import { createHash } from "node:crypto";

/** One record of the audit, as it is stored and exported. */
export type AuditRecord = {
  /** From 1, without gaps. */
  readonly seq: number;
  readonly at: Date;
  /** Hash of the record before it; 64 zeros for the first. */
  readonly previous: string;
  /** Canonical JSON of the event, with `version`. */
  readonly payload: string;
  /** SHA-256, in hex, of `previous`, `seq` and `payload` with a line feed between each two of them. */
  readonly hash: string;
};

/** Where the chain ends. Kept somewhere else, it proves that nothing was cut off or written anew. */
export type AuditHead = { readonly seq: number; readonly hash: string };

/** The head of a chain without records. */
export const emptyHead: AuditHead = { seq: 0, hash: "0".repeat(64) };

/** The hash that a record must have. */
export function hashOf({ previous, seq, payload }: Omit<AuditRecord, "hash" | "at">): string {
  return createHash("sha256").update(`${previous}\n${seq}\n${payload}`, "utf8").digest("hex");
}

/**
 * What is wrong with a record, given where the chain ended before it; `undefined` when it fits. `seq` in the answer is that of
 * the record that is wrong or missing.
 */
export function misfit(last: AuditHead, record: AuditRecord): AuditBreak | undefined {
  const { seq, previous, payload, hash } = record;
  const expected = last.seq + 1;
  if (seq > expected) return { seq: expected, why: "the record is missing" };
  if (seq < expected)
    return { seq, why: `the record stands once more, or in the wrong place, after ${last.seq}` };
  if (previous !== last.hash) return { seq, why: "the record does not follow the one before it" };
  if (hash !== hashOf(record)) return { seq, why: "the record is not what was written" };
  if (record.at.toISOString() !== timeIn(payload)) {
    return { seq, why: "the time of the record is not what was written" };
  }
  return undefined;
}

/** What is wrong with a chain: the first record that does not fit, and how. */
export type AuditBreak = { readonly seq: number; readonly why: string };

/** The event that a payload holds; `undefined` for one that somebody made unreadable. */
export function eventIn(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return undefined;
  }
}

function timeIn(payload: string): unknown {
  const event = eventIn(payload);
  return typeof event === "object" && event !== null && "at" in event ? event.at : undefined;
}
