import type { AuditHead, AuditRecord } from "../domain/audit/audit-record.ts";
import type { Seal } from "../domain/audit/seal.ts";

/** The audit as the store keeps it. Records are appended by the transactions that they tell of, never here. */
export interface AuditTrail {
  head(): Promise<AuditHead>;
  /** The records after the one with this number, oldest first, without holding all of them at once. */
  recordsAfter(seq: number): AsyncIterable<AuditRecord>;
  /** The seal of the longest chain that was kept. */
  lastSeal(): Promise<Seal | undefined>;
  /** Keeps a seal; of two for the same length of the chain the first stays. */
  keep(seal: Seal): Promise<void>;
}

/** A place outside the database where seals are kept, and only ever added. */
export interface AnchorPlace {
  /** The last seal there; rejects when the place cannot be read, or holds something else. */
  last(): Promise<Seal | undefined>;
  /** Adds a seal, durably. */
  append(seal: Seal): Promise<void>;
}
