import { mayApprove, mayBreakGlass } from "./approval-policy.ts";
import type { ChangeRequest } from "./change-request.ts";
import { closedFor } from "./closed.ts";
import { type Acting, baseOf, eventFrom, isRequester, owns, ruleInForce } from "./decisions.ts";
import type { BreakGlass, Permit } from "./permit.ts";
import type { Review } from "./review.ts";
import { movement, refused, type Step } from "./step.ts";

/** What its requester confirmed: the plan that was shown, and why it cannot wait. */
export type Breaking = {
  readonly fingerprint: string;
  readonly why: string;
  /** An earlier break glass of this person that nobody has reviewed yet. */
  readonly due?: Review | undefined;
};

/** Has a request written without the quorum: its requester may, if the rule now in force names them and nothing of theirs waits for its review. */
export function breakGlass(
  request: ChangeRequest,
  acting: Acting,
  { fingerprint, why, due }: Breaking,
): Step {
  const { person, account, surface, at, policy } = acting;
  const closed = closedFor(request, acting, "break-glass");
  if (closed) return closed;
  const rule = ruleInForce(request, policy);
  if (
    !rule ||
    !isRequester(request, person, policy) ||
    !mayBreakGlass(rule, person) ||
    !owns(policy, person, account)
  ) {
    return refused(
      "not-allowed-to-break-glass",
      `You are not among those who may have ${request.id} written without approval, so it waits for one.`,
    );
  }
  if (fingerprint !== request.plan.fingerprint) {
    return refused(
      "plan-changed",
      `${request.id} is not the plan that you were shown. Look at its card and decide again.`,
    );
  }
  if (due) return refused("review-due", reviewDueText(due));
  const others = policy.people.filter((one) => mayApprove(rule, one) && !isRequester(request, one, policy));
  const skipped = others.map(({ id, name }) => ({ id, name }));
  const permit: Permit = { kind: "break-glass", person, account, surface, at, fingerprint, why, skipped };
  const to: ChangeRequest = {
    ...baseOf(request),
    permit,
    revision: request.revision + 1,
    state: "approved",
    approvedAt: at,
    applyBy: new Date(at.getTime() + request.terms.applyWithinMs),
  };
  const details = {
    why,
    skipped: skipped.map(({ id }) => id).join(", "),
    approvals: String(request.approvals.length),
  };
  return movement(request, to, { ...eventFrom(acting), kind: "break-glass", details });
}

/** Why somebody cannot break the glass again. */
export function reviewDueText({ request }: Review): string {
  return `Your change ${request} was written without approval and is not reviewed yet: somebody who could have approved it does that first. "pending" shows it.`;
}

/** The review that a permit makes due. */
export function reviewOf(
  { id }: Pick<ChangeRequest, "id">,
  { person, account, why, at }: BreakGlass,
): Review {
  return { request: id, person, account, why, at };
}
