import { type AuditRecord, emptyHead } from "../../src/domain/audit/audit-record.ts";
import type { Seal } from "../../src/domain/audit/seal.ts";
import type { AuditEvent } from "../../src/domain/change/audit-event.ts";
import type { AnchorPlace, AuditTrail } from "../../src/ports/audit-trail.ts";
import { chainOf } from "./audit-samples.ts";

/** The audit of events in memory. `rewrite` is what somebody did to it behind the bot's back. */
export class MemoryAudit implements AuditTrail {
  readonly seals: Seal[] = [];
  rewrite: (records: readonly AuditRecord[]) => readonly AuditRecord[] = (records) => records;
  readonly #events: () => readonly AuditEvent[];

  constructor(events: () => readonly AuditEvent[]) {
    this.#events = events;
  }

  get records(): readonly AuditRecord[] {
    return this.rewrite(chainOf(this.#events()));
  }

  async head() {
    const { seq, hash } = this.records.at(-1) ?? emptyHead;
    return { seq, hash };
  }

  async *recordsAfter(seq: number): AsyncIterable<AuditRecord> {
    yield* this.records.filter((record) => record.seq > seq);
  }

  async lastSeal(): Promise<Seal | undefined> {
    return this.seals.toSorted((a, b) => a.seq - b.seq).at(-1);
  }

  async keep(seal: Seal): Promise<void> {
    if (!this.seals.some(({ seq }) => seq === seal.seq)) this.seals.push(seal);
  }
}

/** An anchor in memory; while `outage` is set nothing reaches it. */
export class MemoryAnchor implements AnchorPlace {
  readonly seals: Seal[] = [];
  outage: Error | undefined;

  async last(): Promise<Seal | undefined> {
    if (this.outage) throw this.outage;
    return this.seals.at(-1);
  }

  async append(seal: Seal): Promise<void> {
    if (this.outage) throw this.outage;
    this.seals.push(seal);
  }
}
