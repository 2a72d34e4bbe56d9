import type { InState } from "../domain/change/change-request.ts";
import type { Outcome } from "../domain/change/outcome.ts";
import { isMade, type PlanStep } from "../domain/change/plan-steps.ts";
import { currentStep } from "../domain/change/progress.ts";
import type { Failure, FailureCode } from "../domain/failure.ts";
import { unmetKeys } from "../domain/routing/routing-map.ts";
import type { SiteObservation } from "../domain/routing/site-observation.ts";
import type { VerifyResult } from "../ports/routing-service.ts";
import type { Flow } from "./flow.ts";
import { tellIfSlow } from "./tell-if-slow.ts";

/**
 * Reads the site back until it says what the current step wants, and tells how the step ended by what was read. Only a
 * reading that equals the wanted settings makes it `confirmed`.
 */
export async function readOutcome(
  flow: Flow,
  request: InState<"verifying">,
  signal: AbortSignal,
): Promise<Outcome> {
  const step = currentStep(request);
  const deadline = new Date(
    request.stepAt.getTime() + flow.limits.retryWithinMs + flow.limits.verifyWithinMs,
  );
  const soon = new Date(flow.clock.now().getTime() + flow.limits.verifyWithinMs);
  const reading = flow.routing.verify({
    target: step.entry.target,
    wanted: step.entry.wanted,
    ...(step.kind === "setting" ? { edit: step.edit } : {}),
    deadline: soon < deadline ? soon : deadline,
    signal,
    ...(request.receipt ? { receipt: request.receipt } : {}),
  });
  return outcomeOf(request, step, await tellIfSlow(flow, request.id, reading));
}

function outcomeOf(request: InState<"verifying">, step: PlanStep, result: VerifyResult): Outcome {
  switch (result.kind) {
    case "equal":
      return {
        kind: "confirmed",
        after: result.observation,
        ...remarkOn(request.receipt, result.unfinished),
      };
    case "unreadable":
      return {
        kind: "unknown",
        failure: { ...result.failure, message: `The site could not be read back. ${result.failure.message}` },
      };
    case "different":
      return outcomeOfDifference(request, step, result);
    default:
      return result satisfies never;
  }
}

function remarkOn(
  receipt: InState<"verifying">["receipt"],
  unfinished: Failure | undefined,
): { readonly remark?: string } {
  if (unfinished) {
    return {
      remark: `Azure's own report of the operation says otherwise: ${unfinished.message} Ask for the status again in some minutes.`,
    };
  }
  if (receipt?.othersChanged) return { remark: othersChanged };
  if (receipt?.way !== "put") return {};
  const { changedProperties } = receipt;
  return {
    remark: changedProperties
      ? `${sentWhole} Other properties read differently since: ${changedProperties.join(", ")}; compare them with what you expect.`
      : sentWhole,
  };
}

const othersChanged =
  "Other app settings changed at the same moment, by somebody else: compare them with what you expect.";

const sentWhole = "Azure had accepted the change without effect, so the whole site was sent again (PUT).";

function outcomeOfDifference(
  request: InState<"verifying">,
  step: PlanStep,
  result: Extract<VerifyResult, { kind: "different" }>,
): Outcome {
  const after = result.observation;
  const failure = (code: FailureCode, message: string): Failure => ({
    ...(result.failure ?? ids(request)),
    code,
    message: result.failure ? `${message} ${result.failure.message}` : message,
  });
  if (readsAsBefore(step, after)) {
    // It may still come: neither done nor refused.
    if (result.failure?.code === "azure-busy") {
      return {
        kind: "unknown",
        after,
        failure: { ...ids(request), ...failure("outcome-unknown", "The site reads as before so far.") },
      };
    }
    return request.receipt
      ? {
          kind: "accepted-not-applied",
          after,
          failure: failure("accepted-not-applied", whatNext(request.receipt)),
        }
      : {
          kind: "unknown",
          after,
          failure: failure(
            "outcome-unknown",
            "Azure gave no clear answer to the write, and the site reads as before so far.",
          ),
        };
  }
  const unmet = unmetParts(step, after);
  const asked = step.kind === "flags" ? Object.keys(step.entry.changes) : [step.edit.setting];
  const isMet = (part: string) => (step.kind === "flags" ? !unmet.includes(part) : isMade(step, after));
  if (!asked.some(isMet)) {
    const message = `The site says something that nobody asked for: ${unmet.join(", ")}.`;
    return { kind: "unknown", after, failure: failure("outcome-unknown", message) };
  }
  const message = asked.every(isMet)
    ? `What was asked for reads as wanted. Somebody else, or Azure, changed something at the same moment: ${unmet.join(", ")}.`
    : `Not as wanted: ${unmet.join(", ")}.`;
  return { kind: "partly-applied", after, failure: failure("partly-applied", message) };
}

function whatNext({ way, fallbackRefused }: NonNullable<InState<"verifying">["receipt"]>): string {
  const look = "Look into the site's activity log, then ask again.";
  if (fallbackRefused !== undefined)
    return `The whole site was sent as well (PUT) and refused: ${fallbackRefused} ${look}`;
  return way === "put" ? `So does it after the whole site was sent again (PUT). ${look}` : look;
}

/** Whether what the step writes still is as it was, whatever else has changed. */
function readsAsBefore(step: PlanStep, after: SiteObservation): boolean {
  const { before } = step.entry;
  return step.kind === "flags"
    ? unmetKeys(after.storedMap, before.storedMap).length === 0
    : after.legacy[step.edit.setting] === before.legacy[step.edit.setting];
}

function unmetParts(step: PlanStep, after: SiteObservation): readonly string[] {
  const flags = unmetKeys(after.storedMap, step.entry.wanted);
  if (step.kind === "flags" || isMade(step, after)) return flags;
  const state = after.legacy[step.edit.setting];
  return [`${step.edit.setting} ${state === "unknown" ? "could not be read" : `is ${state}`}`, ...flags];
}

function ids({ receipt }: InState<"verifying">): Partial<Failure> {
  return {
    ...(receipt?.requestId ? { requestId: receipt.requestId } : {}),
    ...(receipt?.correlationId ? { correlationId: receipt.correlationId } : {}),
  };
}
