import type { Person } from "../domain/actor.ts";
import { mayBreakGlass, type Policy, type Rule, termsUnder } from "../domain/change/approval-policy.ts";
import { reviewDueText } from "../domain/change/break-glass.ts";
import type { ChangeRequest } from "../domain/change/change-request.ts";
import type { ChangePlan } from "../domain/change/plan.ts";
import type { ChangeCommand } from "../domain/command.ts";
import type { Refusal } from "../domain/failure.ts";
import { durationMs } from "../domain/iso-duration.ts";
import type { Place } from "../ports/chat.ts";
import { dryRunView, failureView, noOpView, refusalView } from "../reply/answers.ts";
import { duration } from "../reply/words.ts";
import type { Answer } from "./answer-message.ts";
import { askToBreakGlass, breakGlassQuestion } from "./ask-to-break-glass.ts";
import { buildPlan } from "./build-plan.ts";
import type { Asked } from "./find-site.ts";
import type { Flow } from "./flow.ts";
import { mayAsk, mayAskFor } from "./may-ask.ts";
import { openRequest } from "./open-request.ts";
import { resolveTarget } from "./resolve-target.ts";

/**
 * From "route all traffic for app-x" to a change request that waits for approval: one site or several, a fresh plan,
 * the rules that cover the sites, no opposite request under way. Whoever may not ask learns nothing of the plan; what is already so is
 * said and nobody is asked.
 */
export async function openChangeRequest(flow: Flow, asked: Asked<ChangeCommand>): Promise<Answer> {
  const { message, command, signal } = asked;
  const resolved = await resolveTarget(flow, asked);
  if (resolved.kind === "answer") return resolved.view;

  const requester = await flow.directory.personOf(message.actor);
  const policy = await flow.directory.policy();
  const { targets } = resolved;
  const mayBegin = mayAsk(policy, { targets, set: command.set }, requester);
  if (mayBegin.kind === "refused") return refusalView(mayBegin.refusal);

  const refusal = command.breakGlass
    ? await whyNoBreakGlass(flow, { requester, rule: mayBegin.rule, reason: command.reason })
    : undefined;
  if (refusal) return refusalView(refusal);

  const built = await buildPlan(flow, targets, { set: command.set, via: command.via, signal });
  switch (built.kind) {
    case "failed":
      return failureView(built.failure);
    case "refused":
      return refusalView(built.refusal);
    case "no-op":
      return noOpView(built.unchanged);
    case "plan": {
      const allowed = mayAskFor(policy, built.plan, requester);
      if (allowed.kind === "refused") return refusalView(allowed.refusal);
      if (command.dryRun) return dryRunView(built.plan, built.unchanged);
      return await opened(flow, asked, { plan: built.plan, rule: allowed.rule, requester, policy });
    }
    default:
      return built satisfies never;
  }
}

type Wanted = {
  readonly plan: ChangePlan;
  readonly rule: Rule;
  readonly requester: Person;
  readonly policy: Policy;
};

async function opened(flow: Flow, { message, command }: Asked<ChangeCommand>, wanted: Wanted) {
  const { plan, rule, requester, policy } = wanted;
  const lasting = lastsUnder(rule, command.revertAfter);
  if (lasting.kind === "refused") return refusalView(lasting.refusal);
  const result = await openRequest(flow, {
    plan,
    terms: termsUnder(rule, policy),
    decideWithinMs: rule.decideWithinMs,
    requester,
    account: message.actor.account,
    reason: command.reason,
    place: message.place,
    surface: message.kind === "picked" ? "button" : "text",
    answers: message.id,
    under: { rule, policy },
    extra: {
      wish: { set: command.set, via: command.via },
      ...(lasting.ms === undefined ? {} : { lastsMs: lasting.ms }),
      ...(message.kind === "picked" && message.follows ? { follows: message.follows } : {}),
    },
    ...(command.breakGlass ? { asks: breakingGlass(flow, message.place, policy) } : {}),
  });
  return result.kind === "refused" ? refusalView(result.refusal) : undefined;
}

/** The question of a break glass, asked with the request that it is about. */
function breakingGlass(flow: Flow, place: Place, policy: Policy) {
  return (request: ChangeRequest) => {
    const prompt = breakGlassQuestion(flow, request);
    return { prompt, said: askToBreakGlass(request, { prompt, place, policy }) };
  };
}

type Lasting =
  | { readonly kind: "lasts"; readonly ms?: number }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/** How long a change is to last, where a duration was given and the rule allows it. */
function lastsUnder(rule: Rule, revertAfter: string | undefined): Lasting {
  if (revertAfter === undefined) return { kind: "lasts" };
  const ms = durationMs(revertAfter);
  if (ms === undefined || ms < shortestMs || ms > longestMs) {
    return {
      kind: "refused",
      refusal: {
        code: "duration-not-allowed",
        message: "A temporary change lasts from one minute to 30 days. Ask again with such a time.",
      },
    };
  }
  if (rule.maxDurationMs !== undefined && ms > rule.maxDurationMs) {
    return {
      kind: "refused",
      refusal: {
        code: "duration-not-allowed",
        message: `A temporary change may last ${duration(rule.maxDurationMs)} at most here (rule "${rule.name}"). Ask again with a shorter time.`,
      },
    };
  }
  return { kind: "lasts", ms };
}

const shortestMs = 60_000;
export const longestMs = 30 * 86_400_000;

type Breaking = { readonly requester: Person; readonly rule: Rule; readonly reason: string | undefined };

/** Said before a plan is shown: who may not have it written without approval should know that at once. */
async function whyNoBreakGlass(
  flow: Flow,
  { requester, rule, reason }: Breaking,
): Promise<Refusal | undefined> {
  if (!mayBreakGlass(rule, requester)) {
    return {
      code: "not-allowed-to-break-glass",
      message: `You are not among those who may have changes written without approval (rule "${rule.name}"). Ask without it, and an approver can decide at once.`,
    };
  }
  if (reason === undefined || reason.trim() === "") {
    return {
      code: "reason-missing",
      message: 'Say why it cannot wait, for example "because checkout is down". Nothing was done.',
    };
  }
  const [due] = await flow.reviews.due({ person: requester.id, limit: 1 });
  return due && { code: "review-due", message: reviewDueText(due) };
}
