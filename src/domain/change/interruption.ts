import { type Aftercare, over } from "./aftercare.ts";
import type { ChangeRequest, InState } from "./change-request.ts";
import { baseOf } from "./decisions.ts";
import { isFailed, type Outcome } from "./outcome.ts";
import { becomeStale } from "./progress.ts";
import { movement, type Step } from "./step.ts";

type Moved = Extract<Step, { kind: "moved" }>;

/**
 * The records are not simply those of a moment ago: they were moved to another database, or they are older than what
 * happened since. Nothing that was under way goes on by itself; people decide anew.
 */
export type Interruption = {
  readonly kind: "moved" | "restored";
  /** When it was found. What was decided after that is not touched. */
  readonly at: Date;
  /** For operators: what shows it. */
  readonly evidence: string;
};

/** What people are told of it, as a sentence. */
export function interruptionWords({ kind }: Interruption): string {
  return kind === "moved"
    ? "Routebot's records were moved to another database, and what was under way before is not carried on by itself."
    : "Routebot's records were restored from a backup, and what was under way in them is not carried on by itself.";
}

/**
 * Parks an open request: approvals do not count any more, nothing is written, and what may have been written is said to be
 * unknown. `undefined` when there is nothing to park.
 */
export function park(request: ChangeRequest, interruption: Interruption, at: Date): Moved | undefined {
  switch (request.state) {
    case "pending":
      return takeApprovalsBack(request, interruption, at);
    case "approved":
      return isBefore(request.approvedAt, interruption)
        ? becomeStale(request, interruptionWords(interruption), at)
        : undefined;
    case "applying":
    case "verifying":
      return isBefore(request.startedAt, interruption) ? breakOff(request, interruption, at) : undefined;
    default:
      return undefined;
  }
}

/** The temporary change is not turned back by itself any more; `undefined` when there is none that would be. */
export function parkAftercare(
  request: ChangeRequest,
  aftercare: Aftercare,
  interruption: Interruption,
): Aftercare | undefined {
  const { temporary, since } = aftercare;
  if (!temporary || temporary.state === "over") return undefined;
  if (!isBefore(since, interruption) && !wasBrokenOff(request)) return undefined;
  return over(aftercare, interruptionWords(interruption));
}

function takeApprovalsBack(
  request: InState<"pending">,
  interruption: Interruption,
  at: Date,
): Moved | undefined {
  const left = request.approvals.filter((approval) => !isBefore(approval.at, interruption));
  if (left.length === request.approvals.length) return undefined;
  const to: ChangeRequest = {
    ...baseOf(request),
    approvals: left,
    revision: request.revision + 1,
    state: "pending",
  };
  const approvals = `${left.length} of ${request.terms.quorum}`;
  return movement(request, to, {
    kind: "parked",
    at,
    details: { why: interruptionWords(interruption), approvals },
  });
}

function breakOff(
  request: InState<"applying"> | InState<"verifying">,
  interruption: Interruption,
  at: Date,
): Moved {
  const message = interruptionWords(interruption);
  const outcome: Outcome = { kind: "unknown", failure: { code: "interrupted", message } };
  const to: ChangeRequest = {
    ...baseOf(request),
    revision: request.revision + 1,
    state: "failed",
    endedAt: at,
    outcomes: [...request.outcomes, outcome],
  };
  return movement(request, to, {
    kind: "moved",
    at,
    details: { outcome: outcome.kind, failure: outcome.failure.code, why: message },
  });
}

function wasBrokenOff(request: ChangeRequest): boolean {
  return (
    request.state === "failed" &&
    request.outcomes.some((outcome) => isFailed(outcome) && outcome.failure.code === "interrupted")
  );
}

function isBefore(time: Date, { at }: Interruption): boolean {
  return time.getTime() <= at.getTime();
}
