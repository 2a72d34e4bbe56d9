import type { Person } from "../domain/actor.ts";
import { isWatched } from "../domain/change/aftercare.ts";
import {
  type Policy,
  type Rule,
  ruleForAll,
  ruleForPlan,
  termsUnder,
} from "../domain/change/approval-policy.ts";
import type { RequestId } from "../domain/change/change-request.ts";
import { isRequester } from "../domain/change/decisions.ts";
import { mayBeUndoneAtOnce, type Permit, quickUndoRole } from "../domain/change/permit.ts";
import type { PlanEntry, PlanNote } from "../domain/change/plan.ts";
import { flagsUndone, type WrittenSite, writtenSites } from "../domain/change/undo.ts";
import { type ResolvedTarget, targetKey, targetLabel } from "../domain/target.ts";
import type { StoredInbound } from "../ports/change-requests.ts";
import type { UndoOnSite } from "../ports/subjects.ts";
import { quickUndoOffer } from "../reply/aftercare-views.ts";
import { failureView, note, refusalView } from "../reply/answers.ts";
import type { Answer } from "./answer-message.ts";
import { buildUndo, planOf, type UndoneSite } from "./build-undo.ts";
import { type EndedRequest, endedRequest } from "./ended-request.ts";
import { type Asked, ownSiteRefusal } from "./find-site.ts";
import type { Flow } from "./flow.ts";
import { mayAsk, mayAskFor, type Wish } from "./may-ask.ts";
import { openRequest } from "./open-request.ts";
import { resolveTarget } from "./resolve-target.ts";

export type UndoAsked = {
  readonly message: Exclude<StoredInbound, { kind: "installed" }>;
  readonly request: RequestId;
  /** Only what the request did to this site (`targetKey`). */
  readonly site?: string;
  readonly reason?: string | undefined;
  readonly signal: AbortSignal;
};

/**
 * "undo CR-12", or its button: a new request that brings back what the old one changed, under the same rule and with the same
 * approval. Where the rule lets this person undo at once, a button does; words alone only offer it.
 */
export async function undoChange(flow: Flow, asked: UndoAsked): Promise<Answer> {
  const { message, signal } = asked;
  const person = await flow.directory.personOf(message.actor);
  // It may lead to a write without an approval of its own.
  const policy = await flow.directory.policy({ fresh: true });
  const ended = await endedRequest(flow, asked.request, { person, policy });
  if (ended.kind === "refused") return refusalView(ended.refusal);
  const written = ended.written.filter(
    ({ entry }) => asked.site === undefined || targetKey(entry.target) === asked.site,
  );
  const wish = undoWish(written);
  const own = ownSiteRefusal(flow, policy, wish);
  if (own) return refusalView(own);
  const quick = await quickUndo(flow, { ended, wish, person, policy, message });
  if (quick && message.kind !== "undo") return quickUndoOffer(ended.request.id);
  const mayBe = quick ? undefined : mayAsk(policy, wish, person);
  if (mayBe?.kind === "refused") return refusalView(mayBe.refusal);

  const built = await buildUndo(flow, written, signal);
  if (built.kind === "failed") return failureView(built.failure);
  const plan = planOf(withLeftOut(built.sites));
  if (!plan) return nothingLeft(ended.request.id, built.sites);
  const rule = quick ? ruleForPlan(policy, plan) : undefined;
  const allowed = rule ? ({ kind: "allowed", rule } as const) : mayAskFor(policy, plan, person);
  if (allowed.kind === "refused") return refusalView(allowed.refusal);
  const opened = await openRequest(flow, {
    plan,
    terms: termsUnder(allowed.rule, policy),
    decideWithinMs: allowed.rule.decideWithinMs,
    requester: person,
    account: message.actor.account,
    reason: asked.reason,
    place: message.place,
    surface: message.kind === "message" ? "text" : "button",
    answers: message.id,
    under: { rule: allowed.rule, policy },
    extra: {
      follows: { kind: "undo", of: ended.request.id },
      ...(quick ? { permit: quick } : {}),
    },
  });
  return opened.kind === "refused" ? refusalView(opened.refusal) : undefined;
}

/** "undo app-x": the last change of that site that wrote something. */
export async function undoOnSite(flow: Flow, asked: Asked<UndoOnSite>): Promise<Answer> {
  const { message, command, signal } = asked;
  const resolved = await resolveTarget(flow, asked);
  if (resolved.kind === "answer") return resolved.view;
  const [target, ...others] = resolved.targets;
  if (others.length > 0) {
    return refusalView({
      code: "several-sites",
      message: 'Undo one site at a time, or write the request that is meant: "undo CR-12".',
    });
  }
  const last = await lastChangeOf(flow, target);
  if (!last) {
    const text = `I know of no change of ${targetLabel(target)} that could be undone.`;
    return refusalView({ code: "nothing-to-undo", message: text });
  }
  return undoChange(flow, {
    message,
    request: last,
    site: targetKey(target),
    reason: command.reason,
    signal,
  });
}

const lookBack = 20;

async function lastChangeOf(flow: Flow, target: ResolvedTarget): Promise<RequestId | undefined> {
  const site = targetKey(target);
  const applied = await flow.requests.listApplied({ site, limit: lookBack });
  const wrote = ({ entry }: WrittenSite) => targetKey(entry.target) === site;
  const changes = applied.filter((request) => writtenSites(request).some(wrote));
  const endOf = (request: (typeof changes)[number]) =>
    request.state === "confirmed" || request.state === "failed" ? request.endedAt.getTime() : 0;
  return changes.toSorted((a, b) => endOf(b) - endOf(a))[0]?.id;
}

/** What an undo asks for, before the sites are read. */
export function undoWish(written: readonly WrittenSite[]): Wish {
  return { targets: written.map(({ entry }) => entry.target), set: flagsUndone(written) };
}

/** Who asks for an undo of what, and under which policy. */
export type Undoing = {
  readonly ended: EndedRequest;
  readonly wish: Wish;
  readonly person: Person;
  readonly policy: Policy;
  readonly message: Pick<UndoAsked["message"], "actor">;
};

/**
 * The permit to undo a change at once, where the rule gives it to this person and the change is still watched. What was itself
 * written under a permit is not undone under another: that would bring back, without anybody's approval, what somebody ended.
 */
export async function quickUndo(flow: Flow, undoing: Undoing): Promise<Permit | undefined> {
  const { ended, wish, person, policy, message } = undoing;
  const at = flow.clock.now();
  const rule: Rule | undefined = ruleForAll(policy, wish.targets, wish.set);
  if (
    !rule ||
    !mayBeUndoneAtOnce(ended.request) ||
    !isWatched(await flow.requests.aftercareOf(ended.request.id), at)
  )
    return undefined;
  const as = quickUndoRole(rule, person, { isRequester: isRequester(ended.request, person, policy) });
  const { account } = message.actor;
  return as && { kind: "quick-undo", person, account, surface: "button", at, as };
}

/** The entries of a plan; what cannot be among them is said on the first. */
function withLeftOut(sites: readonly UndoneSite[]): readonly PlanEntry[] {
  const left = sites.flatMap((site): PlanNote[] =>
    site.kind === "entry" ? [] : [{ level: "warning", code: "not-undone", text: site.why }],
  );
  const entries = sites.flatMap((site) => (site.kind === "entry" ? [site.entry] : []));
  return entries.map((entry, index) =>
    index === 0 ? { ...entry, notes: [...left, ...entry.notes] } : entry,
  );
}

function nothingLeft(id: RequestId, sites: readonly UndoneSite[]): Answer {
  const whys = sites.flatMap((site) => (site.kind === "entry" ? [] : [site.why])).join(" ");
  return note("attention", `Nothing of ${id} can be undone. ${whys} Nothing was changed.`);
}
