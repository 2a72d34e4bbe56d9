import type { Person } from "../domain/actor.ts";
import {
  approverNames,
  mayRequest,
  type Policy,
  type Rule,
  ruleFor,
} from "../domain/change/approval-policy.ts";
import { type ChangeRequest, requestId } from "../domain/change/change-request.ts";
import type { ChangePlan } from "../domain/change/plan.ts";
import type { ChangeCommand } from "../domain/command.ts";
import type { Refusal } from "../domain/failure.ts";
import { type ResolvedTarget, targetKey, targetLabel } from "../domain/target.ts";
import { dryRunView, failureView, noOpView, refusalView } from "../reply/answers.ts";
import { maxReasonLength } from "../reply/change-request-card.ts";
import type { Answer } from "./answer-message.ts";
import { buildPlan } from "./build-plan.ts";
import { cardsBeside } from "./commit-step.ts";
import type { Asked } from "./find-site.ts";
import type { Flow } from "./flow.ts";
import { severalSites } from "./one-at-a-time.ts";
import { resolveTarget } from "./resolve-target.ts";

/**
 * From "route all traffic for app-x" to a change request that waits for approval: one site, a fresh plan, the rule that
 * covers the site, no opposite request under way. Whoever may not ask learns nothing of the plan; what is already so is
 * said and nobody is asked.
 */
export async function openChangeRequest(flow: Flow, asked: Asked<ChangeCommand>): Promise<Answer> {
  const { message, command, signal } = asked;
  const unsupported = unsupportedWish(command);
  if (unsupported) return refusalView(unsupported);
  const resolved = await resolveTarget(flow, asked);
  if (resolved.kind === "answer") return resolved.view;
  const several = severalSites(resolved.targets);
  if (several) return refusalView(several);
  const [target] = resolved.targets;

  const requester = await flow.directory.personOf(message.actor);
  const policy = await flow.directory.policy();
  const allowed = mayAsk(policy, target, requester);
  if (allowed.kind === "refused") return refusalView(allowed.refusal);

  const built = await buildPlan(flow, target, { set: command.set, signal });
  switch (built.kind) {
    case "failed":
      return failureView(built.failure);
    case "refused":
      return refusalView(built.refusal);
    case "no-op":
      return noOpView(built.because, built.observation);
    case "plan":
      if (command.dryRun) return dryRunView(built.plan);
      return open(flow, asked, { plan: built.plan, rule: allowed.rule, requester, policy });
    default:
      return built satisfies never;
  }
}

/** What was understood and cannot be done whole is not done at all. */
function unsupportedWish(command: ChangeCommand): Refusal | undefined {
  const refuse = (message: string): Refusal => ({ code: "not-supported", message });
  if (command.revertAfter !== undefined) {
    return refuse(
      "Temporary changes are not available yet, so I did nothing. Ask without the duration, and for the opposite change when the time has come.",
    );
  }
  if (command.via === "appSetting") {
    return refuse(
      'I change routing through the site property, not through a WEBSITE_ app setting. Ask for it in words, e.g. "route all traffic for app-x".',
    );
  }
  if (command.breakGlass) {
    return refuse(
      "There is no way around an approval yet. Ask without it, and an approver can decide at once.",
    );
  }
  return undefined;
}

type Allowed =
  | { readonly kind: "allowed"; readonly rule: Rule }
  | { readonly kind: "refused"; readonly refusal: Refusal };

function mayAsk(policy: Policy, target: ResolvedTarget, person: Person): Allowed {
  const rule = ruleFor(policy, target);
  if (!rule) {
    return {
      kind: "refused",
      refusal: {
        code: "no-rule",
        message:
          target.subscriptionName === undefined
            ? `I found no rule of the policy for ${targetLabel(target)}, and could not read the name of its subscription, so nobody can change it now. Try again in some minutes; if it stays so, ask whoever keeps the policy to add a rule with the subscription's id.`
            : `No rule of the policy covers ${targetLabel(target)}, so nobody can change it. Ask whoever keeps the policy to add one.`,
      },
    };
  }
  if (!mayRequest(rule, person)) {
    return {
      kind: "refused",
      refusal: {
        code: "not-allowed-to-request",
        message: `You are not among those who may ask for changes of ${targetLabel(target)} (rule "${rule.name}").`,
      },
    };
  }
  return { kind: "allowed", rule };
}

type Basis = {
  readonly plan: ChangePlan;
  readonly rule: Rule;
  readonly requester: Person;
  readonly policy: Policy;
};

async function open(flow: Flow, { message, command }: Asked<ChangeCommand>, basis: Basis): Promise<Answer> {
  const { plan, rule, requester, policy } = basis;
  const number = await flow.requests.nextNumber();
  const at = flow.clock.now();
  const request: ChangeRequest = {
    state: "pending",
    id: requestId(number),
    number,
    revision: 1,
    plan,
    requester,
    requesterAccount: message.actor.account,
    ...(command.reason === undefined ? {} : { reason: command.reason.slice(0, maxReasonLength) }),
    openedAt: at,
    terms: {
      rule: rule.name,
      policyVersion: policy.version,
      quorum: rule.quorum,
      applyWithinMs: rule.applyWithinMs,
      approvers: approverNames(rule, policy),
    },
    decideBy: new Date(at.getTime() + rule.decideWithinMs),
    approvals: [],
  };
  const opened = await flow.requests.open({
    request,
    check: (others) => conflictWith(others, request),
    effects: {
      events: [
        {
          kind: "opened",
          at,
          request: request.id,
          person: requester,
          account: message.actor.account,
          surface: "text",
          to: "pending",
          fingerprint: plan.fingerprint,
          policyVersion: policy.version,
          details: {
            site: targetKey(plan.entries[0].target),
            changes: JSON.stringify(plan.entries[0].changes),
            before: JSON.stringify(plan.entries[0].before.storedMap),
          },
        },
      ],
      owed: [
        { kind: "card", key: `${request.id}:card`, place: message.place, request: request.id },
        ...(await cardsBeside(flow, request)),
      ],
      jobs: [{ kind: "deadline", request: request.id, at: request.decideBy }],
      answers: message.id,
    },
  });
  return opened.kind === "refused" ? refusalView(opened.refusal) : undefined;
}

/**
 * Two requests for one site: the same wish a second time, or an opposite one, is refused while the first is open. Others
 * may wait side by side; the one that is applied second finds a changed site and becomes stale, as it should.
 */
function conflictWith(others: readonly ChangeRequest[], request: ChangeRequest): Refusal | undefined {
  const wanted = request.plan.entries[0].changes;
  for (const other of others) {
    const changes = other.plan.entries[0].changes;
    const shared = Object.entries(wanted).filter(([flag]) => flag in changes);
    if (shared.length === 0) continue;
    const opposite = shared.some(([flag, value]) =>
      Object.entries(changes).some(([f, v]) => f === flag && v !== value),
    );
    const label = targetLabel(request.plan.entries[0].target);
    return {
      code: "opposite-request-open",
      message: opposite
        ? `${other.id} for ${label} is open and asks for the opposite. Decide or cancel it first, then ask again.`
        : `${other.id} for ${label} is open and asks for the same. Decide that one, or cancel it and ask again.`,
    };
  }
  return undefined;
}
