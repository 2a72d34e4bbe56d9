import type { Account, Person } from "../domain/actor.ts";
import { endedNow, running } from "../domain/change/aftercare.ts";
import { mayApprove } from "../domain/change/approval-policy.ts";
import type { RequestId, Surface } from "../domain/change/change-request.ts";
import { isRequester, ruleInForce } from "../domain/change/decisions.ts";
import type { Refusal } from "../domain/failure.ts";
import type { Place } from "../ports/chat.ts";
import { note } from "../reply/answers.ts";
import { endedRequest } from "./ended-request.ts";
import { notRunning } from "./extend-change.ts";
import type { Flow } from "./flow.ts";

/** Somebody wants a temporary change to end now. */
export type EndAsked = {
  readonly request: RequestId;
  readonly person: Person;
  readonly account: Account;
  readonly surface: Surface;
  /** The typed message that asks for it, and where it is answered. */
  readonly answers?: { readonly id: string; readonly place: Place };
};

export type EndResult = { readonly kind: "ends" } | { readonly kind: "refused"; readonly refusal: Refusal };

/**
 * Ends a temporary change before its time: what was approved with it is only brought forward, so nobody approves it anew. The
 * requester can, and whoever can approve the change.
 */
export async function endChange(flow: Flow, asked: EndAsked): Promise<EndResult> {
  const { person, account, surface } = asked;
  for (;;) {
    const policy = await flow.directory.policy({ fresh: true });
    const ended = await endedRequest(flow, asked.request, { person, policy });
    if (ended.kind === "refused") return ended;
    const { request } = ended;
    const rule = ruleInForce(request, policy);
    if (!isRequester(request, person, policy) && !(rule && mayApprove(rule, person))) {
      const message = `Only ${request.requester.name} and the approvers can end ${request.id}.`;
      return { kind: "refused", refusal: { code: "not-yours-to-end", message } };
    }
    const aftercare = await flow.requests.aftercareOf(request.id);
    if (!aftercare || !running(aftercare))
      return { kind: "refused", refusal: notRunning(request, aftercare) };
    const at = flow.clock.now();
    const { answers } = asked;
    const view = note("neutral", `${request.id} is ended by ${person.name} and turned back now.`);
    const recorded = await flow.requests.record({
      events: [
        {
          kind: "ended-early",
          at,
          request: request.id,
          person,
          account,
          surface,
          policyVersion: policy.version,
          details: { until: aftercare.temporary?.endsAt.toISOString() ?? "" },
        },
      ],
      owed: answers
        ? [{ kind: "message", key: `${answers.id}:answer`, place: answers.place, view }]
        : await flow.requests.cardsOf(request.id),
      jobs: [{ kind: "aftercare", request: request.id, at }],
      aftercare: { from: aftercare.revision, to: endedNow(aftercare, at) },
      ...(answers ? { answers: answers.id } : {}),
    });
    // Too late: the message was handled before, or the record moved on and is looked at again.
    const moved = await flow.requests.aftercareOf(request.id);
    if (recorded === "done" || moved?.revision === aftercare.revision) return { kind: "ends" };
  }
}
