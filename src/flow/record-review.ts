import type { Account, Person } from "../domain/actor.ts";
import { mayApprove, type Policy } from "../domain/change/approval-policy.ts";
import type { ChangeRequest } from "../domain/change/change-request.ts";
import { isOnlyForRequester, isRequester, owns, ruleInForce } from "../domain/change/decisions.ts";
import type { Review, Verdict } from "../domain/change/review.ts";
import type { Refusal } from "../domain/failure.ts";
import type { Inbound, Reply } from "../ports/chat.ts";
import { reviewedView } from "../reply/break-glass-views.ts";
import { maxReasonLength } from "../reply/change-request-card.ts";
import type { Flow } from "./flow.ts";
import { isShownThere, parseRequestId, unknownRequest } from "./record-decision.ts";

export type ReviewClick = Extract<Inbound, { kind: "click" }> & { readonly verb: Verdict };

/**
 * What somebody found about a change that was written without approval. They have to be able to approve it under the policy
 * now in force, and be somebody else. The first finding counts; the thread is told, and the one who broke the glass can do so
 * again.
 */
export async function recordReview(flow: Flow, click: ReviewClick): Promise<Reply> {
  const id = parseRequestId(click.target);
  const request = id && (await flow.requests.get(id));
  const review = request && (await flow.reviews.get(request.id));
  if (!request || !review) return notice(unknownRequest(click.target).message);
  if (!(await isShownThere(flow, click, request))) return notice(unknownRequest(request.id).message);
  if (review.finding) return notice(reviewedView(review).summary);
  const note = click.input?.trim().slice(0, maxReasonLength);
  if (click.verb === "not-justified" && !note) return notice("Say why not; nothing was recorded.");
  const person = await flow.directory.personOf(click.actor);
  const { account } = click.actor;
  const policy = await flow.directory.policy({ fresh: true });
  const at = flow.clock.now();
  const who = { person, account, surface: "button", at, policyVersion: policy.version } as const;
  const about = { request: request.id, fingerprint: request.plan.fingerprint } as const;
  const refusal = whyNot(request, { person, account, policy });
  if (refusal) {
    const details = { wanted: click.verb, code: refusal.code };
    await flow.requests.record({
      events: [{ kind: "refused", ...who, ...about, details }],
      owed: [],
      jobs: [],
    });
    return notice(refusal.message);
  }
  const found: Review = {
    ...review,
    finding: { verdict: click.verb, by: person, account, at, ...(note ? { note } : {}) },
  };
  const view = reviewedView(found);
  const place = await flow.requests.originOf(request.id);
  const details = { verdict: click.verb, of: review.person.id, ...(note ? { note } : {}) };
  const result = await flow.reviews.complete(found, {
    events: [{ kind: "reviewed", ...who, ...about, details }],
    owed: place ? [{ kind: "message", key: `${request.id}:reviewed`, place, view }] : [],
    jobs: [],
  });
  if (result === "done") return { kind: "card", view, forEverybody: true };
  const first = await flow.reviews.get(request.id);
  return notice(first?.finding ? reviewedView(first).summary : `${request.id} is reviewed already.`);
}

function whyNot(
  request: ChangeRequest,
  {
    person,
    account,
    policy,
  }: { readonly person: Person; readonly account: Account; readonly policy: Policy },
): Refusal | undefined {
  if (isRequester(request, person, policy)) {
    return {
      code: "self-approval",
      message: `You had ${request.id} written yourself, so somebody else has to review it.`,
    };
  }
  const rule = ruleInForce(request, policy);
  const isApprover = rule && mayApprove(rule, person) && owns(policy, person, account);
  if (isApprover && !isOnlyForRequester(request, { rule, person, policy })) return undefined;
  return {
    code: "not-an-approver",
    message: `You are not an approver for this site, so ${request.id} is reviewed by somebody who is.`,
  };
}

function notice(text: string): Reply {
  return { kind: "notice", text };
}
