import { type AuditHead, emptyHead, misfit } from "../domain/audit/audit-record.ts";
import { type Seal, type SealingKey, sealHead } from "../domain/audit/seal.ts";
import type { AnchorPlace, AuditTrail } from "../ports/audit-trail.ts";
import type { JobResult } from "../ports/work.ts";
import type { Flow } from "./flow.ts";

/** What the head of the audit is signed with, when, and where the signature goes. */
export type Sealing = {
  readonly trail: AuditTrail;
  readonly key: SealingKey;
  /** Public half of the key, for whoever verifies: PEM. */
  readonly publicKey: string;
  /** Outside the database; without it seals are kept in the database alone and prove little. */
  readonly anchor?: AnchorPlace;
  /** New records are sealed after that time at the latest, … */
  readonly everyMs: number;
  /** … or when there are so many of them. */
  readonly everyRecords: number;
};

/** New records are counted that often, or as often as they are to be sealed if that is more often. */
const lookEveryMs = 60_000;

/** Begins to look after the audit: a key that is new is written into it, and the job that seals is started. */
export async function startSealing(flow: Flow, sealing: Sealing): Promise<void> {
  const { key, publicKey, trail } = sealing;
  const at = flow.clock.now();
  const isKnown = (await trail.lastSeal())?.keyId === key.id;
  await flow.requests.record({
    events: isKnown ? [] : [{ kind: "sealing-key", at, details: { key: key.id, publicKey } }],
    owed: [],
    jobs: [{ kind: "seal-audit", at }],
  });
}

/** The job: seals when it is time to, and comes again. Whatever goes wrong here holds up nobody else. */
export async function lookAfterAudit(flow: Flow, sealing: Sealing): Promise<JobResult> {
  try {
    await sealAudit(flow, sealing, "when due");
  } catch (error) {
    flow.log.error("audit-not-sealed", error);
  }
  const at = new Date(flow.clock.now().getTime() + Math.min(lookEveryMs, sealing.everyMs));
  await flow.requests.record({ events: [], owed: [], jobs: [{ kind: "seal-audit", at }] });
  return { kind: "done" };
}

/**
 * Signs the head and anchors it. Before that, everything since the last seal is checked: a chain that does not go on from what
 * was sealed is never signed; that is logged, and shows in a verification.
 */
export async function sealAudit(flow: Flow, sealing: Sealing, when: "when due" | "now"): Promise<void> {
  const { trail, key, anchor } = sealing;
  const last = anchor ? ((await anchor.last()) ?? (await trail.lastSeal())) : await trail.lastSeal();
  const stored = await trail.head();
  const now = flow.clock.now();
  const fresh = stored.seq - (last?.seq ?? 0);
  if (fresh === 0 && stored.hash === (last ?? emptyHead).hash) return;
  if (fresh > 0 && when === "when due" && !isDue(sealing, { last, fresh, now })) return;
  const head = await checkedHead(trail, last ?? emptyHead, stored);
  const seal = sealHead(head, key, now);
  await trail.keep(seal);
  await anchor?.append(seal);
  flow.log.info("audit-sealed", { records: seal.seq, hash: seal.hash, key: key.id });
}

type Waiting = { readonly last: Seal | undefined; readonly fresh: number; readonly now: Date };

function isDue({ everyMs, everyRecords }: Sealing, { last, fresh, now }: Waiting): boolean {
  return fresh >= everyRecords || last === undefined || now.getTime() - last.at.getTime() >= everyMs;
}

/** Where the chain ends, computed anew from the last seal on. @throws when it does not go on from there. */
async function checkedHead(trail: AuditTrail, last: AuditHead, stored: AuditHead): Promise<AuditHead> {
  let head: AuditHead = { seq: last.seq, hash: last.hash };
  for await (const record of trail.recordsAfter(last.seq)) {
    const wrong = misfit(head, record);
    if (wrong) throw new Error(`the audit is broken at record ${wrong.seq}: ${wrong.why}`);
    head = { seq: record.seq, hash: record.hash };
  }
  if (head.seq > last.seq && head.seq >= stored.seq) return head;
  throw new Error(
    `the audit is broken: it has ${stored.seq} records, and record ${last.seq} is not the one that was sealed, or the last ones are gone`,
  );
}
