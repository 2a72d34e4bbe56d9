import type { InState, RequestId } from "../domain/change/change-request.ts";
import { fingerprintOf, isOnlyUnread, sameState } from "../domain/change/fingerprint.ts";
import type { PlanEntry } from "../domain/change/plan.ts";
import type { SiteObservation } from "../domain/routing/site-observation.ts";
import { targetLabel } from "../domain/target.ts";
import type { JobContext } from "../ports/work.ts";
import { pause } from "./advance.ts";
import type { Flow } from "./flow.ts";
import { differenceFrom } from "./site-difference.ts";

/** How the sites of an approved request stand right before its first write. */
export type ReadApproved = AsApproved | NotAsApproved;
export type AsApproved = {
  readonly kind: "as-approved";
  readonly first: SiteObservation;
  readonly all: readonly ReadSite[];
};
/** `wait`: they cannot be read or written to now. `stale`: one is no longer as it was approved; `why` in a sentence. */
export type NotAsApproved =
  | { readonly kind: "stale"; readonly why: string }
  | { readonly kind: "wait"; readonly why: string; readonly afterMs: number };
type ReadSite = { readonly entry: PlanEntry; readonly site: SiteObservation };

/** Reads every site of the plan: one that is no longer as it was approved makes all of it stale. */
export async function readApproved(
  flow: Flow,
  request: InState<"approved">,
  context: JobContext,
): Promise<ReadApproved> {
  const { id, plan } = request;
  const read = await readSites(flow, { id, entries: plan.entries }, context);
  return read.kind === "read" ? judge(request, read.sites, context) : read;
}

const recentMs = 2_000;

/** Whether a reading may still be relied on for a write: Azure would let us overwrite what somebody did since. */
export function isRecent({ clock }: Pick<Flow, "clock">, { observedAt }: SiteObservation): boolean {
  const ageMs = clock.now().getTime() - observedAt.getTime();
  return ageMs >= 0 && ageMs <= recentMs;
}

/**
 * The same with the first site read once more, where reading the others, or their probes, took its time since. The other
 * sites are read again before their own writes.
 */
export async function readFirstAgain(
  flow: Flow,
  request: InState<"approved">,
  { read, context }: { readonly read: AsApproved; readonly context: JobContext },
): Promise<ReadApproved> {
  if (isRecent(flow, read.first)) return read;
  const [first] = request.plan.entries;
  const again = await readSites(flow, { id: request.id, entries: [first] }, context);
  return again.kind === "read" ? judge(request, [...again.sites, ...read.all.slice(1)], context) : again;
}

async function readSites(
  flow: Flow,
  { id, entries }: { readonly id: RequestId; readonly entries: readonly PlanEntry[] },
  { signal, attempt }: JobContext,
): Promise<{ readonly kind: "read"; readonly sites: readonly ReadSite[] } | NotAsApproved> {
  const sites: ReadSite[] = [];
  for (const entry of entries) {
    const observed = await flow.routing.observe(entry.target, { signal });
    if (observed.kind === "failed") {
      const { failure } = observed;
      flow.log.warn("observe-before-apply-failed", { request: id, code: failure.code });
      return { kind: "wait", why: failure.message, afterMs: pause(attempt, failure) };
    }
    if (observed.kind === "gone") {
      return { kind: "stale", why: `${targetLabel(entry.target)} is no longer there.` };
    }
    sites.push({ entry, site: observed.observation });
  }
  return { kind: "read", sites };
}

function judge(
  { id, plan }: InState<"approved">,
  all: readonly ReadSite[],
  { attempt }: JobContext,
): ReadApproved {
  // Computed anew from what would be sent and what is there: the stored fingerprint is compared, never trusted.
  const found = fingerprintOf(all.map(({ entry, site }) => ({ ...entry, before: site })));
  if (found !== plan.fingerprint) {
    const drifted = all.filter(({ entry, site }) => !sameState(entry.before, site));
    const [unread] = drifted;
    if (unread && drifted.every(({ entry, site }) => isOnlyUnread(entry.before, site))) {
      // Whether they changed nobody can say: nothing is written, and no approval is given up for it.
      const why = `The app settings of ${targetLabel(unread.entry.target)} could not be read.`;
      return { kind: "wait", why, afterMs: pause(attempt) };
    }
    const differences = (drifted.length > 0 ? drifted : all.slice(0, 1)).map(({ entry, site }) =>
      differenceFrom(entry.before, site),
    );
    return { kind: "stale", why: differences.join(" ") };
  }
  const busy = all.find(({ site }) => site.operationInProgress !== undefined);
  if (busy) {
    const why = `Azure has another operation in progress on ${targetLabel(busy.entry.target)}.`;
    return { kind: "wait", why, afterMs: pause(attempt) };
  }
  const [first] = all;
  if (!first) throw new Error(`${id} has no site`);
  return { kind: "as-approved", first: first.site, all };
}
