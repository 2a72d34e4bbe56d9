import { targetKey } from "../target.ts";
import type { ChangeRequest, InState } from "./change-request.ts";

/**
 * Approvals that are no further apart than this have no order: the clocks of replicas differ by that much at most, and a
 * request must never wait for one that waits for it.
 */
const clockToleranceMs = 5_000;

/**
 * The line in which the work on an approved request waits. What cannot wait must not stand behind what waits for the end of a
 * freeze.
 */
export function lineOf({ extends: extension, permit, plan }: InState<"approved">): string {
  const apart = extension ? "extend " : permit ? `${permit.kind} ` : "";
  return `${apart}${targetKey(plan.entries[0].target)}`;
}

/**
 * Whether an approved request may begin: none of the others, which share a site with it, is in work, and none was approved
 * before it. Those of its own line stand behind it there, whatever the clocks said when they were approved. One that needs no
 * approval, because it cannot wait, only waits for what is in work.
 */
export function isItsTurn(request: InState<"approved">, others: readonly ChangeRequest[]): boolean {
  return !others.some((other) => {
    if (other.state === "applying" || other.state === "verifying") return true;
    return (
      request.permit === undefined &&
      other.state === "approved" &&
      lineOf(other) !== lineOf(request) &&
      other.approvedAt.getTime() + clockToleranceMs < request.approvedAt.getTime()
    );
  });
}
