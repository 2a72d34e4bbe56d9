import { mayApprove, type Policy } from "../domain/change/approval-policy.ts";
import type { ChangeRequest } from "../domain/change/change-request.ts";
import { isRequester, ruleInForce } from "../domain/change/decisions.ts";
import type { Owed, Prompt } from "../ports/change-requests.ts";
import type { Place } from "../ports/chat.ts";
import { breakGlassPrompt } from "../reply/break-glass-views.ts";
import type { Flow } from "./flow.ts";

/**
 * The second confirmation of a change that is to be written without approval: a question to its requester alone, about exactly
 * the plan that is shown. Until it is answered, and if it is not, the request waits for approval like any other.
 */
export function breakGlassQuestion(flow: Flow, { id, requester, plan, reason = "" }: ChangeRequest): Prompt {
  return {
    id: flow.newId(),
    person: requester,
    expiresAt: new Date(flow.clock.now().getTime() + flow.limits.promptWithinMs),
    asks: {
      kind: "decision",
      request: id,
      decision: "break-glass",
      why: reason,
      fingerprint: plan.fingerprint,
    },
  };
}

type Asking = { readonly prompt: Prompt; readonly place: Place; readonly policy: Policy };

/** The question as it is said, with the names of those who would be skipped. */
export function askToBreakGlass(request: ChangeRequest, { prompt, place, policy }: Asking): Owed {
  const rule = ruleInForce(request, policy);
  const skipped = policy.people
    .filter((one) => rule !== undefined && mayApprove(rule, one) && !isRequester(request, one, policy))
    .map(({ name }) => name);
  const view = breakGlassPrompt(request, { promptId: prompt.id, why: request.reason ?? "", skipped });
  return { kind: "message", key: `${request.id}:break-glass-question`, place, view };
}
