import { generateKeyPairSync } from "node:crypto";
import { canonicalJson } from "../../src/adapters/store/canonical-json.ts";
import { type AuditRecord, emptyHead, hashOf } from "../../src/domain/audit/audit-record.ts";
import { type SealingKey, sealingKey } from "../../src/domain/audit/seal.ts";
import type { AuditEvent } from "../../src/domain/change/audit-event.ts";

/** A key pair of its own at each call. */
export function newSealingKey(): SealingKey & {
  readonly publicKey: ReturnType<typeof generateKeyPairSync>["publicKey"];
} {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return { ...sealingKey(privateKey), publicKey };
}

/** The records that the store makes of these events. */
export function chainOf(events: readonly AuditEvent[], after = emptyHead): AuditRecord[] {
  let last = after;
  return events.map((event) => {
    const payload = canonicalJson({ ...event, version: 1 });
    const unhashed = { seq: last.seq + 1, previous: last.hash, payload };
    const record = { ...unhashed, at: event.at, hash: hashOf(unhashed) };
    last = record;
    return record;
  });
}

/** The chain with every hash computed anew from `start` (an index) on, as a forger would. */
export function rehashed(records: readonly AuditRecord[], start: number): AuditRecord[] {
  const kept = records.slice(0, start);
  let last: { readonly seq: number; readonly hash: string } = kept.at(-1) ?? emptyHead;
  const rest = records.slice(start).map((record) => {
    const unhashed = { ...record, seq: last.seq + 1, previous: last.hash };
    const forged = { ...unhashed, hash: hashOf(unhashed) };
    last = forged;
    return forged;
  });
  return [...kept, ...rest];
}
