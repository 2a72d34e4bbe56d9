import type { Refusal, RefusalCode } from "../failure.ts";
import type { AuditEvent } from "./audit-event.ts";
import type { ChangeRequest } from "./change-request.ts";

/** One step of the state machine: the request as it would be, with the event that tells it; or a refusal. */
export type Step =
  | {
      readonly kind: "moved";
      readonly from: ChangeRequest;
      readonly to: ChangeRequest;
      readonly event: AuditEvent;
    }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/** A step from one state to the next, told as an event about that request. */
export function movement(
  from: ChangeRequest,
  to: ChangeRequest,
  event: Omit<AuditEvent, "request" | "from" | "to" | "fingerprint">,
): Extract<Step, { kind: "moved" }> {
  return {
    kind: "moved",
    from,
    to,
    event: { ...event, request: to.id, from: from.state, to: to.state, fingerprint: to.plan.fingerprint },
  };
}

/** A step that is refused, and why. */
export function refused(code: RefusalCode, message: string): Step {
  const refusal: Refusal = { code, message };
  return { kind: "refused", refusal };
}
