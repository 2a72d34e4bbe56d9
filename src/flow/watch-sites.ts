import { type Aftercare, type Look, looked } from "../domain/change/aftercare.ts";
import type { AuditEvent } from "../domain/change/audit-event.ts";
import type { ChangeRequest } from "../domain/change/change-request.ts";
import type { PlanEntry } from "../domain/change/plan.ts";
import { healthOf, type SiteHealth, worsening } from "../domain/change/site-health.ts";
import { lostSince, writtenSites } from "../domain/change/undo.ts";
import { targetLabel } from "../domain/target.ts";
import type { Owed } from "../ports/change-requests.ts";
import type { Place } from "../ports/chat.ts";
import { gotWorse } from "../reply/aftercare-views.ts";
import { isChangedByAnother } from "./changed-by-another.ts";
import type { Flow } from "./flow.ts";
import { probeAgain } from "./site-health.ts";
import { tellPeople } from "./tell-people.ts";

type Kept = { readonly request: ChangeRequest; readonly aftercare: Aftercare };

/**
 * Takes one look at the sites of a change. When two looks in a row find something worse than before the write, or that the site
 * no longer says what was read back of it, requester and approvers are told where the request was made, with a button that asks for an undo.
 */
export async function watchSites(
  flow: Flow,
  { request, aftercare }: Kept,
  signal: AbortSignal,
): Promise<void> {
  const look = await lookAt(flow, { request, aftercare }, signal);
  const at = flow.clock.now();
  const to = looked(aftercare, look, at);
  const place = await flow.requests.originOf(request.id);
  const ended = to.watch && to.watch.state !== "watching";
  const events: AuditEvent[] = ended
    ? [
        {
          kind: "watched",
          at,
          request: request.id,
          details: {
            result: to.watch?.state ?? "",
            ...(look.kind === "worse" ? { what: look.what } : {}),
          },
        },
      ]
    : [];
  await flow.requests.record({
    events,
    owed: [
      ...(to.watch?.state === "worse" && place
        ? await tellWorse(flow, request, { place, what: to.watch.what })
        : []),
      ...(ended ? await flow.requests.cardsOf(request.id) : []),
    ],
    jobs: [],
    aftercare: { from: aftercare.revision, to },
  });
}

/** In the conversation of the request, and each of those who asked for the change, approved it, or were skipped alone. */
async function tellWorse(
  flow: Flow,
  request: ChangeRequest,
  { place, what }: { readonly place: Place; readonly what: string },
): Promise<readonly Owed[]> {
  const view = gotWorse(request, what);
  const key = `${request.id}:worse`;
  const here: Owed = { kind: "message", key, place, view };
  const persons = [
    // Whoever asked in a chat for two has just been told there.
    ...(place.kind === "direct" ? [] : [{ ...request.requester, account: request.requesterAccount }]),
    ...request.approvals.map(({ person, account }) => ({ ...person, account })),
    // Nobody approved it: those who could have are the ones who have to know.
    ...(request.permit?.kind === "break-glass" ? request.permit.skipped : []),
  ];
  try {
    return [here, ...(await tellPeople(flow, { key, about: place, persons, view }))];
  } catch (error) {
    // Without a policy nobody's accounts are known: those in the conversation are told all the same.
    flow.log.error("people-not-told", error, { request: request.id });
    return [here];
  }
}

async function lookAt(flow: Flow, { request, aftercare }: Kept, signal: AbortSignal): Promise<Look> {
  const found: string[] = [];
  let unseen = false;
  for (const written of writtenSites(request)) {
    const { entry } = written;
    const label = targetLabel(entry.target);
    const observed = await flow.routing.observe(entry.target, { withoutAppSettings: true, signal });
    if (observed.kind === "gone") found.push(`${label}: it is no longer there`);
    if (observed.kind === "failed") unseen = true;
    if (observed.kind !== "observed") continue;
    const before = healthBefore(request, entry);
    const site = observed.observation;
    const what = worsening(before, await probeAgain(flow, before, { site, signal }));
    if (what !== undefined) found.push(`${label}: ${what}`);
    const lost = lostSince(written, site);
    const { since } = aftercare;
    const { target } = entry;
    if (lost !== undefined && !(await isChangedByAnother(flow, { request, since, target }))) {
      found.push(`${label}: ${lost}`);
    }
  }
  if (found.length > 0) return { kind: "worse", what: found.join("; ") };
  return { kind: unseen ? "unseen" : "well" };
}

/** How a site was right before the first write; from the plan where that was not kept. */
function healthBefore({ baseline, plan }: ChangeRequest, entry: PlanEntry): SiteHealth {
  return baseline?.[plan.entries.indexOf(entry)] ?? healthOf(entry.before);
}
