import { type Aftercare, over, postponed, reverting, runningAgain } from "../domain/change/aftercare.ts";
import { ruleForPlan, termsUnder } from "../domain/change/approval-policy.ts";
import { type ChangeRequest, isTerminal } from "../domain/change/change-request.ts";
import type { Follows } from "../domain/change/permit.ts";
import type { ChangePlan, PlanEntry } from "../domain/change/plan.ts";
import { writtenSites } from "../domain/change/undo.ts";
import type { Failure } from "../domain/failure.ts";
import { targetKey } from "../domain/target.ts";
import type { Owed } from "../ports/change-requests.ts";
import type { Place } from "../ports/chat.ts";
import { askedInstead, letBe, notTurnedBackYet } from "../reply/aftercare-views.ts";
import { buildUndo, planOf, type UndoneSite } from "./build-undo.ts";
import type { Flow } from "./flow.ts";
import { openRequest } from "./open-request.ts";

/** A temporary change whose time is over, with its record. */
export type Expired = { readonly request: ChangeRequest; readonly aftercare: Aftercare };

const tryAgainAfterMs = 30_000;

/**
 * Turns a temporary change back, as was approved with it. The sites that are exactly as it left them come first, in a request
 * that needs no approval; the others, which somebody has changed since, are asked about in a request that does. Each call makes
 * one step of that; the record says which.
 */
export async function turnBack(flow: Flow, expired: Expired, signal: AbortSignal): Promise<void> {
  const { request } = expired;
  const place = await flow.requests.originOf(request.id);
  if (!place) throw new Error(`${request.id} has no card`);
  const built = await buildUndo(flow, writtenSites(request), signal);
  if (built.kind === "failed") return wait(flow, expired, { place, why: built.failure.message });
  const busy = built.sites.find((site) => site.kind === "refused" && site.passes);
  if (busy?.kind === "refused") return wait(flow, expired, { place, why: busy.why });
  const asLeft = entriesOf(built.sites, true);
  if (asLeft.length > 0) return revert(flow, expired, { place, entries: asLeft });
  return settle(flow, expired, { place, sites: built.sites });
}

/**
 * What follows when the request that turns it back has ended well: the sites that were not in it are asked about. Those that
 * were are done with, whatever they say by now.
 */
export async function turnBackRest(
  flow: Flow,
  expired: Expired & { readonly by: ChangeRequest },
  signal: AbortSignal,
): Promise<void> {
  const { request, by } = expired;
  const done = new Set(by.plan.entries.map(({ target }) => targetKey(target)));
  const rest = writtenSites(request).filter(({ entry }) => !done.has(targetKey(entry.target)));
  const place = await flow.requests.originOf(request.id);
  if (!place) throw new Error(`${request.id} has no card`);
  const built = await buildUndo(flow, rest, signal);
  if (built.kind === "failed") throw new Error(`a site could not be read: ${built.failure.code}`);
  await settle(flow, expired, { place, sites: built.sites, by });
}

function entriesOf(sites: readonly UndoneSite[], asLeft: boolean): readonly PlanEntry[] {
  return sites.flatMap((site) => (site.kind === "entry" && site.asLeft === asLeft ? [site.entry] : []));
}

async function revert(
  flow: Flow,
  { request, aftercare }: Expired,
  { place, entries }: { readonly place: Place; readonly entries: readonly PlanEntry[] },
): Promise<void> {
  const plan = planOf(entries);
  if (!plan) throw new Error("nothing to turn back");
  await openRequest(flow, {
    ...(await sameAs(flow, request, plan)),
    plan,
    place,
    extra: { follows: revertOf(request), permit: { kind: "revert" } },
    aftercare: (by) => ({
      from: aftercare.revision,
      to: reverting(aftercare, by, flow.clock.now()),
    }),
    alsoOwed: await flow.requests.cardsOf(request.id),
  });
}

type Settling = {
  readonly place: Place;
  readonly sites: readonly UndoneSite[];
  /** The request that has turned back the others. */
  readonly by?: ChangeRequest;
};

/** The end of it: people are asked about what somebody has changed, or told why nothing (more) is turned back. */
async function settle(
  flow: Flow,
  { request, aftercare }: Expired,
  { place, sites, by }: Settling,
): Promise<void> {
  const entries = sites.flatMap((site) => (site.kind === "entry" ? [site.entry] : []));
  const lost = sites.flatMap((site) => (site.kind === "entry" ? [] : [site.why]));
  const plan = planOf(entries);
  const at = flow.clock.now();
  if (!plan) {
    const to = over(aftercare, by && lost.length === 0 ? `Turned back by ${by.id}.` : lost.join(" "));
    await flow.requests.record({
      events: [
        { kind: "let-be", at, request: request.id, details: { why: lost.join(" ") || `by ${by?.id}` } },
      ],
      owed: [
        ...(lost.length > 0 ? [letBeMessage(request, place, lost.join(" "))] : []),
        ...(await flow.requests.cardsOf(request.id)),
      ],
      jobs: [],
      aftercare: { from: aftercare.revision, to },
    });
    return;
  }
  const differences = entries.flatMap(({ notes }) =>
    notes.flatMap(({ code, text }) => (code === "changed-since" ? [text] : [])),
  );
  await openRequest(flow, {
    ...(await sameAs(flow, request, plan)),
    plan,
    place,
    extra: { follows: revertOf(request) },
    besideOpen: "allowed",
    aftercare: (asked) => ({
      from: aftercare.revision,
      to: over(aftercare, `Somebody changed it meanwhile, so ${asked} asks whether to turn it back.`),
    }),
    alsoOwed: await flow.requests.cardsOf(request.id),
    alsoSaid: (asked) => askedInstead({ temporary: request, asked, differences }),
  });
}

function letBeMessage(request: ChangeRequest, place: Place, why: string): Owed {
  return { kind: "message", key: `${request.id}:let-be`, place, view: letBe(request, why) };
}

function revertOf({ id }: ChangeRequest): Follows {
  return { kind: "revert", of: id };
}

/** Who asks, and on what terms: the requester of the temporary change, under the rule in force or else as it was then. */
async function sameAs(flow: Flow, request: ChangeRequest, plan: ChangePlan) {
  const policy = await flow.directory.policy();
  const rule = ruleForPlan(policy, plan);
  const { requester, requesterAccount: account, openedAt, decideBy, terms } = request;
  return {
    requester,
    account,
    terms: rule ? termsUnder(rule, policy) : terms,
    ...(rule ? { under: { rule, policy } } : {}),
    decideWithinMs: rule?.decideWithinMs ?? decideBy.getTime() - openedAt.getTime(),
  };
}

/** It cannot be read or written now: comes back, and tells the place once. */
async function wait(
  flow: Flow,
  { request, aftercare }: Expired,
  { place, why }: { readonly place: Place; readonly why: string },
): Promise<void> {
  const lookAt = new Date(flow.clock.now().getTime() + tryAgainAfterMs);
  const view = notTurnedBackYet(request, why);
  await flow.requests.record({
    events: [],
    owed: [{ kind: "message", key: `${request.id}:turn-back-waits`, place, view }],
    jobs: [],
    aftercare: { from: aftercare.revision, to: postponed(aftercare, lookAt) },
  });
}

/** The request that was to turn it back changed nothing: another one is made at `at`; the place is told once. */
export async function turnBackLater(
  flow: Flow,
  { request, aftercare }: Expired,
  { at, why }: { readonly at: Date; readonly why: string },
): Promise<void> {
  const place = await flow.requests.originOf(request.id);
  if (!place) throw new Error(`${request.id} has no card`);
  const view = notTurnedBackYet(request, why);
  await flow.requests.record({
    events: [],
    owed: [
      { kind: "message", key: `${request.id}:turn-back-waits`, place, view },
      ...(await flow.requests.cardsOf(request.id)),
    ],
    jobs: [],
    aftercare: { from: aftercare.revision, to: runningAgain(aftercare, at) },
  });
}

/** What a request that was to turn it back has come to, as far as it matters here. */
export type EndOfRevert =
  | { readonly kind: "under-way" | "done" | "again" | "gave-up" }
  /** Nothing was written, because of something that goes away by itself. */
  | { readonly kind: "later"; readonly why: string };

export function endOfRevert(by: ChangeRequest): EndOfRevert {
  if (!isTerminal(by)) return { kind: "under-way" };
  if (by.state === "confirmed") return { kind: "done" };
  if (by.state === "stale" || by.state === "expired") return { kind: "again" };
  const [only, ...others] = by.state === "failed" ? by.outcomes : [];
  return only?.kind === "not-applied" && others.length === 0 && passing.has(only.failure.code)
    ? { kind: "later", why: only.failure.message }
    : { kind: "gave-up" };
}

const passing: ReadonlySet<Failure["code"]> = new Set([
  "azure-unreachable",
  "azure-throttled",
  "azure-busy",
  "azure-signin",
]);
