import type { AuditHead } from "../domain/audit/audit-record.ts";
import { type Interruption, interruptionWords, park, parkAftercare } from "../domain/change/interruption.ts";
import type { Continuity } from "../ports/continuity.ts";
import { notTurnedBackAfter } from "../reply/aftercare-views.ts";
import { note } from "../reply/answers.ts";
import { commitStep } from "./commit-step.ts";
import type { Flow } from "./flow.ts";
import type { Sealing } from "./seal-audit.ts";

/** Requests that are read at a time. */
const pageSize = 50;

/**
 * To be done before any work begins: where the records were moved, or are older than what happened since, everything that is
 * open is parked. Can be begun again at any point, and by several processes at once.
 */
export async function parkOpenWork(flow: Flow, continuity: Continuity): Promise<void> {
  if (flow.sealing) await compareWithAnchor(flow, flow.sealing, continuity);
  const interruption = await continuity.interruption();
  if (!interruption) return;
  const { kind, evidence } = interruption;
  flow.log.warn("records-interrupted", { kind, evidence });
  let parked = 0;
  for (let after = 0; ; ) {
    const page = await flow.lists.open({ after, limit: pageSize });
    for (const { id } of page) parked += await parkRequest(flow, id, interruption);
    const last = page.at(-1);
    if (!last) break;
    after = last.number;
  }
  for (const id of await continuity.caredFor()) parked += await parkWhatFollows(flow, id, interruption);
  await continuity.settle(interruption);
  flow.log.warn("open-work-parked", { kind, parked });
}

/** An anchor that knows records which are not there, or others, proves that these are from before. */
async function compareWithAnchor(flow: Flow, { anchor, trail }: Sealing, continuity: Continuity) {
  const last = await anchor?.last().catch((error: unknown) => {
    flow.log.error("anchor-unreadable", error);
    return undefined;
  });
  if (!last || (await recordAt(trail, last.seq))?.hash === last.hash) return;
  const head = await trail.head();
  await continuity.foundRestored(
    `the anchor file has a seal of record ${last.seq} (${last.hash.slice(0, 16)}) that the database, with ${head.seq} records, does not have`,
  );
}

async function recordAt(trail: Sealing["trail"], seq: number): Promise<AuditHead | undefined> {
  for await (const record of trail.recordsAfter(seq - 1)) return record;
  return undefined;
}

/** One request; as often as it takes when somebody else moves it meanwhile. */
async function parkRequest(flow: Flow, id: Parked, interruption: Interruption): Promise<0 | 1> {
  for (;;) {
    const request = await flow.requests.get(id);
    const step = request && park(request, interruption, flow.clock.now());
    if (!step) return 0;
    const place = step.to.state === "pending" ? await flow.requests.originOf(id) : undefined;
    const text = `${id}: the approvals so far do not count any more. ${interruptionWords(interruption)} Whoever may decide, decides again.`;
    const key = `${id}:parked:${interruption.at.getTime()}`;
    const told = place ? [{ kind: "message", key, place, view: note("attention", text) } as const] : [];
    const result = await commitStep(flow, step, { owed: told });
    if (result.kind === "done") return 1;
  }
}

type Parked = Parameters<Flow["requests"]["get"]>[0];

/** A temporary change whose end would come by itself: it stays, and people are told how to end it. */
async function parkWhatFollows(flow: Flow, id: Parked, interruption: Interruption): Promise<0 | 1> {
  for (;;) {
    const request = await flow.requests.get(id);
    const aftercare = await flow.requests.aftercareOf(id);
    const to = request && aftercare && parkAftercare(request, aftercare, interruption);
    if (!to) return 0;
    const why = interruptionWords(interruption);
    const place = await flow.requests.originOf(id);
    const key = `${id}:parked:${interruption.at.getTime()}`;
    const result = await flow.requests.record({
      events: [{ kind: "let-be", at: flow.clock.now(), request: id, details: { why } }],
      owed: [
        ...(place ? [{ kind: "message", key, place, view: notTurnedBackAfter(request, why) } as const] : []),
        ...(await flow.requests.cardsOf(id)),
      ],
      jobs: [],
      aftercare: { from: aftercare.revision, to },
    });
    if (result === "done") return 1;
  }
}
