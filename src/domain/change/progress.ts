import { targetKey } from "../target.ts";
import type { ChangeRequest, Fence, InState } from "./change-request.ts";
import { baseOf } from "./decisions.ts";
import { isFailed, type Outcome } from "./outcome.ts";
import { type PlanStep, stepsOf } from "./plan-steps.ts";
import type { SiteHealth } from "./site-health.ts";
import { movement, type Step } from "./step.ts";

type Moved = Extract<Step, { kind: "moved" }>;

/** The steps that a worker or the clock makes. Each returns the next record; the store compares and sets the revision. */

/** A worker begins: from now on nobody can cancel, and a write may be sent. */
export function beginApplying(
  request: InState<"approved">,
  { holder, at, baseline }: { holder: string; at: Date; baseline?: readonly SiteHealth[] | undefined },
): Moved {
  const fence: Fence = { holder, count: 1 };
  const to: ChangeRequest = {
    ...baseOf(baseline ? { ...request, baseline } : request),
    revision: request.revision + 1,
    state: "applying",
    approvedAt: request.approvedAt,
    startedAt: at,
    stepAt: at,
    outcomes: [],
    fence,
  };
  return movement(request, to, { kind: "moved", at, details: { holder } });
}

/** An approved request for more time: nothing is written, and the temporary change runs on. */
export function grantExtension(request: InState<"approved">, at: Date): Moved {
  const to: ChangeRequest = {
    ...baseOf(request),
    revision: request.revision + 1,
    state: "confirmed",
    endedAt: at,
    outcomes: [],
  };
  const { extends: extension } = request;
  const details: Record<string, string> = extension
    ? { extends: extension.of, from: extension.from.toISOString(), until: extension.until.toISOString() }
    : {};
  return movement(request, to, { kind: "extended", at, details });
}

/** The step of the plan that a request in work is at. */
export function currentStep(request: InState<"applying"> | InState<"verifying">): PlanStep {
  const step = stepsOf(request.plan)[request.outcomes.length];
  if (!step) throw new Error(`${request.id} has no step ${request.outcomes.length}`);
  return step;
}

/** A worker goes on where one stopped, another or itself: the predecessor can record nothing any more. */
export function takeOver(
  request: InState<"applying"> | InState<"verifying">,
  holder: string,
  at: Date,
): Moved & { readonly to: InState<"applying"> | InState<"verifying"> } {
  const isAnother = holder !== request.fence.holder;
  const fence: Fence = { holder, count: request.fence.count + (isAnother ? 1 : 0) };
  const to = { ...request, revision: request.revision + 1, fence };
  return {
    ...movement(request, to, {
      kind: isAnother ? "taken-over" : "tried-again",
      at,
      details: { holder, from: request.fence.holder },
    }),
    to,
  };
}

/** Azure took the write, or did not say clearly; from here on only reading decides. */
export function wrote(
  request: InState<"applying">,
  receipt: InState<"verifying">["receipt"],
  at: Date,
): Moved & { readonly to: InState<"verifying"> } {
  const to: InState<"verifying"> = {
    ...baseOf(request),
    revision: request.revision + 1,
    state: "verifying",
    approvedAt: request.approvedAt,
    startedAt: request.startedAt,
    stepAt: request.stepAt,
    outcomes: request.outcomes,
    fence: request.fence,
    ...(receipt ? { receipt } : {}),
  };
  const details: Record<string, string> = {
    ...whichStep(request),
    status: receipt ? String(receipt.status) : "no clear answer",
  };
  if (receipt?.requestId) details.requestId = receipt.requestId;
  if (receipt?.correlationId) details.correlationId = receipt.correlationId;
  if (receipt?.way) details.way = receipt.way;
  if (receipt?.changedProperties) details.changedProperties = receipt.changedProperties.join(", ");
  if (receipt?.fallbackRefused) details.fallbackRefused = receipt.fallbackRefused;
  return { ...movement(request, to, { kind: "moved", at, details }), to };
}

/**
 * The end of the current step, with what is known. The next one follows; a step that failed ends the request unless the rule
 * says otherwise, and so does the last one. A skipped one takes the further steps of its site with it.
 */
export function conclude(
  request: InState<"applying"> | InState<"verifying">,
  outcome: Outcome,
  at: Date,
): Moved {
  const step = currentStep(request);
  const steps = stepsOf(request.plan);
  const ofSite = steps.slice(request.outcomes.length).filter(({ site }) => site === step.site);
  const goesOn = request.terms.onFailure === "continue";
  const outcomes = [...request.outcomes, ...restOfSite(outcome, { steps: ofSite.length, goesOn })];
  const details: Record<string, string> = {
    ...whichStep(request),
    outcome: outcome.kind,
    ...detailsOf(outcome, step),
  };
  const to = afterStep(request, outcomes, {
    at,
    isLast: (isFailed(outcome) && !goesOn) || outcomes.length === steps.length,
  });
  return movement(request, to, { kind: "moved", at, details });
}

/** The outcome, with those of the further steps of its site that it takes with it when the work goes on all the same. */
function restOfSite(
  outcome: Outcome,
  { steps, goesOn }: { readonly steps: number; readonly goesOn: boolean },
): readonly Outcome[] {
  if (outcome.kind === "confirmed" || (isFailed(outcome) && !goesOn)) return [outcome];
  const why = "The step before it did not succeed.";
  const skipped: Outcome = outcome.kind === "skipped" ? outcome : { kind: "skipped", why };
  return [outcome, ...Array.from({ length: steps - 1 }, () => skipped)];
}

function afterStep(
  request: InState<"applying"> | InState<"verifying">,
  outcomes: readonly Outcome[],
  { at, isLast }: { readonly at: Date; readonly isLast: boolean },
): ChangeRequest {
  const base = { ...baseOf(request), revision: request.revision + 1 };
  if (!isLast) {
    const { approvedAt, startedAt } = request;
    // Whoever held the step before cannot have sent anything of the next one.
    const fence: Fence = { holder: request.fence.holder, count: 1 };
    return { ...base, state: "applying", approvedAt, startedAt, fence, stepAt: at, outcomes };
  }
  const confirmed = outcomes.filter((one) => one.kind === "confirmed");
  return confirmed.length === outcomes.length
    ? { ...base, state: "confirmed", endedAt: at, outcomes: confirmed }
    : { ...base, state: "failed", endedAt: at, outcomes };
}

/** For the audit: which of several steps it is about, and the site of it. */
function whichStep(request: InState<"applying"> | InState<"verifying">): Record<string, string> {
  const steps = stepsOf(request.plan);
  if (steps.length === 1) return {};
  const { entry } = currentStep(request);
  return { step: `${request.outcomes.length + 1} of ${steps.length}`, site: targetKey(entry.target) };
}

function detailsOf(outcome: Outcome, step: PlanStep): Record<string, string> {
  if (outcome.kind === "skipped") return { why: outcome.why };
  const details: Record<string, string> = {};
  if (outcome.kind !== "confirmed") {
    details.failure = outcome.failure.code;
    if (outcome.failure.requestId) details.requestId = outcome.failure.requestId;
    if (outcome.failure.correlationId) details.correlationId = outcome.failure.correlationId;
  }
  if ("after" in outcome && outcome.after) {
    details.after = JSON.stringify(outcome.after.storedMap);
    if (step.kind === "setting") details.settingsAfter = JSON.stringify(outcome.after.legacy);
  }
  return details;
}

/** What was approved is no longer so: the site, or the right of those who approved. */
export function becomeStale(request: InState<"approved">, why: string, at: Date): Moved {
  const to: ChangeRequest = {
    ...baseOf(request),
    revision: request.revision + 1,
    state: "stale",
    endedAt: at,
    why,
  };
  return movement(request, to, { kind: "moved", at, details: { why } });
}

/**
 * Ends a request whose time is over; `undefined` while it still has time, or has none to keep. Whether it expired follows
 * from the record and the time alone.
 */
export function expire(request: ChangeRequest, at: Date): Moved | undefined {
  if (request.state === "pending" && at >= request.decideBy) return expired(request, "decide", at);
  if (request.state === "approved" && at >= request.applyBy) return expired(request, "apply", at);
  return undefined;
}

function expired(request: ChangeRequest, limit: "decide" | "apply", at: Date): Moved {
  const to: ChangeRequest = {
    ...baseOf(request),
    revision: request.revision + 1,
    state: "expired",
    endedAt: at,
    limit,
  };
  return movement(request, to, { kind: "moved", at, details: { limit } });
}

/** Whether an approval is too old for a write to begin under it. */
export function isPastApplyLimit(request: InState<"applying">, at: Date): boolean {
  return at.getTime() >= request.approvedAt.getTime() + request.terms.applyWithinMs;
}

/** When a request has to be looked at next because of its limits; `undefined` when it has none. */
export function nextDeadline(request: ChangeRequest): Date | undefined {
  if (request.state === "pending") return request.decideBy;
  if (request.state === "approved") return request.applyBy;
  return undefined;
}
