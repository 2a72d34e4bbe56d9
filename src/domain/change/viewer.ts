import type { Account, Person } from "../actor.ts";
import type { Policy } from "./approval-policy.ts";
import type { ChangeRequest } from "./change-request.ts";
import { hindranceFor } from "./decisions.ts";

/**
 * Who looks at a request, as far as its card differs for them. Only comfort: what somebody may do is asked at the click.
 * - `approver`: may decide. - `requester`: asked for it, and can cancel. - `other`: neither; `why` says why not.
 */
export type Viewer =
  | { readonly kind: "approver"; readonly hasApproved: boolean }
  | { readonly kind: "requester"; readonly why: string }
  | { readonly kind: "other"; readonly why: string };

export type Looking = { readonly person: Person; readonly account: Account; readonly policy: Policy };

/** Which of them somebody is, by the policy now in force. */
export function viewerOf(request: ChangeRequest, looking: Looking): Viewer {
  const hindrance = hindranceFor(request, looking);
  if (!hindrance) {
    const hasApproved = request.approvals.some(({ person }) => person.id === looking.person.id);
    return { kind: "approver", hasApproved };
  }
  return {
    kind: hindrance.code === "self-approval" ? "requester" : "other",
    why: hindrance.message,
  };
}
