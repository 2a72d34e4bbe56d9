import type { ChangeRequest, Fence, InState } from "./change-request.ts";
import { baseOf } from "./decisions.ts";
import type { Outcome } from "./outcome.ts";
import { movement, type Step } from "./step.ts";

type Moved = Extract<Step, { kind: "moved" }>;

/** The steps that a worker or the clock makes. Each returns the next record; the store compares and sets the revision. */

/** A worker begins: from now on nobody can cancel, and a write may be sent. */
export function beginApplying(request: InState<"approved">, holder: string, at: Date): Moved {
  const fence: Fence = { holder, count: 1 };
  const to: ChangeRequest = {
    ...baseOf(request),
    revision: request.revision + 1,
    state: "applying",
    approvedAt: request.approvedAt,
    startedAt: at,
    fence,
  };
  return movement(request, to, { kind: "moved", at, details: { holder } });
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
    fence: request.fence,
    ...(receipt ? { receipt } : {}),
  };
  const details: Record<string, string> = { status: receipt ? String(receipt.status) : "no clear answer" };
  if (receipt?.requestId) details.requestId = receipt.requestId;
  if (receipt?.correlationId) details.correlationId = receipt.correlationId;
  return { ...movement(request, to, { kind: "moved", at, details }), to };
}

/** The end of a request that a worker held, with what is known. */
export function conclude(
  request: InState<"applying"> | InState<"verifying">,
  outcome: Outcome,
  at: Date,
): Moved {
  const base = { ...baseOf(request), revision: request.revision + 1, endedAt: at };
  const to: ChangeRequest =
    outcome.kind === "confirmed"
      ? { ...base, state: "confirmed", outcome }
      : { ...base, state: "failed", outcome };
  const details: Record<string, string> = { outcome: outcome.kind };
  if (outcome.kind !== "confirmed") {
    details.failure = outcome.failure.code;
    if (outcome.failure.requestId) details.requestId = outcome.failure.requestId;
    if (outcome.failure.correlationId) details.correlationId = outcome.failure.correlationId;
  }
  if ("after" in outcome && outcome.after) details.after = JSON.stringify(outcome.after.storedMap);
  return movement(request, to, { kind: "moved", at, details });
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
