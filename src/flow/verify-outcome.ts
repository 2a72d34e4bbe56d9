import type { InState } from "../domain/change/change-request.ts";
import type { Outcome } from "../domain/change/outcome.ts";
import { conclude } from "../domain/change/progress.ts";
import type { Failure, FailureCode } from "../domain/failure.ts";
import { mapSays, unmetKeys } from "../domain/routing/routing-map.ts";
import type { VerifyResult } from "../ports/routing-service.ts";
import type { JobResult } from "../ports/work.ts";
import { commitStep } from "./commit-step.ts";
import type { Flow } from "./flow.ts";
import { tellIfSlow } from "./tell-if-slow.ts";

/**
 * Reads the site back until it says what was wanted, and ends the request with what was read. Only a reading that equals
 * the wanted settings makes it `confirmed`.
 */
export async function verifyOutcome(
  flow: Flow,
  request: InState<"verifying">,
  signal: AbortSignal,
): Promise<JobResult> {
  const entry = request.plan.entries[0];
  const deadline = new Date(
    request.startedAt.getTime() + flow.limits.retryWithinMs + flow.limits.verifyWithinMs,
  );
  const soon = new Date(flow.clock.now().getTime() + flow.limits.verifyWithinMs);
  const reading = flow.routing.verify({
    target: entry.target,
    wanted: entry.wanted,
    deadline: soon < deadline ? soon : deadline,
    signal,
    ...(request.receipt ? { receipt: request.receipt } : {}),
  });
  const result = await tellIfSlow(flow, request.id, reading);
  const ended = await commitStep(flow, conclude(request, outcomeOf(request, result), flow.clock.now()));
  return ended.kind === "done" ? { kind: "done" } : { kind: "again", afterMs: 0 };
}

function outcomeOf(request: InState<"verifying">, result: VerifyResult): Outcome {
  const entry = request.plan.entries[0];
  switch (result.kind) {
    case "equal":
      return { kind: "confirmed", after: result.observation };
    case "unreadable":
      return {
        kind: "unknown",
        failure: { ...result.failure, message: `The site could not be read back. ${result.failure.message}` },
      };
    case "different": {
      const after = result.observation;
      const unmet = unmetKeys(after.storedMap, entry.wanted);
      const failure = (code: FailureCode, message: string): Failure => ({
        ...(result.failure ?? ids(request)),
        code,
        message: result.failure ? `${message} ${result.failure.message}` : message,
      });
      if (mapSays(after.storedMap, entry.before.storedMap)) {
        // It may still come: neither done nor refused.
        const stillRunning = result.failure?.code === "azure-busy";
        if (stillRunning) {
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
              failure: failure("accepted-not-applied", "Look into the site's activity log, then ask again."),
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
      const changed = Object.keys(entry.changes).filter((key) => !unmet.includes(key));
      return changed.length > 0
        ? {
            kind: "partly-applied",
            after,
            failure: failure("partly-applied", `Not as wanted: ${unmet.join(", ")}.`),
          }
        : {
            kind: "unknown",
            after,
            failure: failure(
              "outcome-unknown",
              `The site says something that nobody asked for: ${unmet.join(", ")}.`,
            ),
          };
    }
    default:
      return result satisfies never;
  }
}

function ids({ receipt }: InState<"verifying">): Partial<Failure> {
  return {
    ...(receipt?.requestId ? { requestId: receipt.requestId } : {}),
    ...(receipt?.correlationId ? { correlationId: receipt.correlationId } : {}),
  };
}
