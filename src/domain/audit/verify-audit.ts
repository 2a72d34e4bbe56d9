import type { KeyObject } from "node:crypto";
import { type AuditBreak, type AuditHead, type AuditRecord, emptyHead, misfit } from "./audit-record.ts";
import { type Seal, sealFault } from "./seal.ts";

/** What a chain is held against. */
export type Proof = {
  /** Seals that were kept outside the database, in any order. */
  readonly anchors: readonly Seal[];
  /** Public keys that are trusted, by id. */
  readonly keys: ReadonlyMap<string, KeyObject>;
};

export type AuditVerdict =
  | {
      readonly kind: "whole";
      readonly head: AuditHead;
      /** The last record that an anchor vouches for; those after it could have been cut off or written anew unseen. */
      readonly anchored: number;
    }
  | ({ readonly kind: "broken" } & AuditBreak)
  /** A seal among the anchors that is not genuine: `index` counts from 0 in the order given. */
  | { readonly kind: "bad-anchor"; readonly index: number; readonly why: string };

/**
 * Checks a whole chain from its first record, and that it goes through every anchor. Memory does not grow with the number of
 * records. Somebody who owns the database can write all of it anew; only what was kept elsewhere shows that.
 */
export async function verifyAudit(
  records: AsyncIterable<AuditRecord>,
  { anchors, keys }: Proof,
): Promise<AuditVerdict> {
  for (const [index, anchor] of anchors.entries()) {
    const why = sealFault(anchor, keys);
    if (why !== undefined) return { kind: "bad-anchor", index, why };
  }
  const sealed = anchors.toSorted((a, b) => a.seq - b.seq);
  let next = 0;
  let anchored = 0;
  let last = emptyHead;
  for await (const record of records) {
    const wrong = misfit(last, record);
    if (wrong !== undefined) return { kind: "broken", ...wrong };
    last = { seq: record.seq, hash: record.hash };
    for (let seal = sealed[next]; seal !== undefined && seal.seq <= last.seq; seal = sealed[++next]) {
      if (seal.hash !== last.hash)
        return { kind: "broken", seq: last.seq, why: rewritten(anchored, last.seq) };
      anchored = seal.seq;
    }
  }
  if (sealed[next] === undefined) return { kind: "whole", head: last, anchored };
  const end = sealed.at(-1)?.seq ?? 0;
  return { kind: "broken", seq: last.seq + 1, why: cutOff(last.seq + 1, end) };
}

/** Two seals of one length with different hashes, and a chain that was computed anew, look the same from here. */
function rewritten(anchored: number, seq: number): string {
  const which = seq === anchored + 1 ? "it was" : `it or one of those from ${anchored + 1} on was`;
  return `the record has another hash than the anchor kept of it: ${which} written anew`;
}

function cutOff(from: number, to: number): string {
  return from === to
    ? "the record is missing: an anchor knows it"
    : `the record is missing, with all up to ${to}: an anchor knows them`;
}
