import type { ChangeRequest, InState } from "./change-request.ts";

/**
 * Approvals that are no further apart than this have no order: the clocks of replicas differ by that much at most, and a
 * request must never wait for one that waits for it.
 */
const clockToleranceMs = 5_000;

/**
 * Whether an approved request may begin: none of the others, which share a site with it, is in work, and none was approved
 * before it. One that needs no approval, because it cannot wait, only waits for what is in work.
 */
export function isItsTurn(request: InState<"approved">, others: readonly ChangeRequest[]): boolean {
  return !others.some((other) => {
    if (other.state === "applying" || other.state === "verifying") return true;
    return (
      request.permit === undefined &&
      other.state === "approved" &&
      other.approvedAt.getTime() + clockToleranceMs < request.approvedAt.getTime()
    );
  });
}
