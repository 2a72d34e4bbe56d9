import type { Person } from "../domain/actor.ts";
import { approverNames, mayBreakGlass, type Policy, type Rule } from "../domain/change/approval-policy.ts";
import { reviewDueText } from "../domain/change/break-glass.ts";
import { type ChangeRequest, requestId } from "../domain/change/change-request.ts";
import type { ChangePlan, PlanEntry } from "../domain/change/plan.ts";
import type { ChangeCommand } from "../domain/command.ts";
import type { Refusal } from "../domain/failure.ts";
import { flagOfLegacySetting } from "../domain/routing/legacy-setting.ts";
import { targetKey, targetLabel } from "../domain/target.ts";
import { dryRunView, failureView, noOpView, refusalView } from "../reply/answers.ts";
import { maxReasonLength } from "../reply/change-request-card.ts";
import type { Answer } from "./answer-message.ts";
import { askToBreakGlass, breakGlassQuestion } from "./ask-to-break-glass.ts";
import { buildPlan } from "./build-plan.ts";
import { cardsForApprovers } from "./cards-for-approvers.ts";
import { cardsBeside } from "./commit-step.ts";
import type { Asked } from "./find-site.ts";
import type { Flow } from "./flow.ts";
import { mayAsk, mayAskFor } from "./may-ask.ts";
import { resolveTarget } from "./resolve-target.ts";

/**
 * From "route all traffic for app-x" to a change request that waits for approval: one site or several, a fresh plan,
 * the rules that cover the sites, no opposite request under way. Whoever may not ask learns nothing of the plan; what is already so is
 * said and nobody is asked.
 */
export async function openChangeRequest(flow: Flow, asked: Asked<ChangeCommand>): Promise<Answer> {
  const { message, command, signal } = asked;
  const unsupported = unsupportedWish(command);
  if (unsupported) return refusalView(unsupported);
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
      return open(flow, asked, { plan: built.plan, rule: allowed.rule, requester, policy });
    }
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
  return undefined;
}

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

/** For the audit: of several sites, each has its number. */
function detailsOf({ entries }: ChangePlan): Record<string, string> {
  const details = entries.map((entry, index) => {
    const number = entries.length === 1 ? "" : ` ${index + 1}`;
    return {
      [`site${number}`]: targetKey(entry.target),
      [`changes${number}`]: JSON.stringify(entry.changes),
      ...(entry.settings.length > 0
        ? {
            [`settings${number}`]: JSON.stringify(entry.settings),
            [`settingsBefore${number}`]: JSON.stringify(entry.before.legacy),
          }
        : {}),
      [`before${number}`]: JSON.stringify(entry.before.storedMap),
    };
  });
  return Object.assign({}, ...details);
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
    wish: { set: command.set, via: command.via },
    ...(message.kind === "picked" && message.follows ? { follows: message.follows } : {}),
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
  const prompt = command.breakGlass ? breakGlassQuestion(flow, request) : undefined;
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
          surface: message.kind === "picked" ? "button" : "text",
          to: "pending",
          fingerprint: plan.fingerprint,
          policyVersion: policy.version,
          details: {
            rule: rule.name,
            quorum: String(rule.quorum),
            ...(request.reason === undefined ? {} : { reason: request.reason }),
            ...detailsOf(plan),
            ...(request.follows ? { [request.follows.kind]: request.follows.of } : {}),
          },
        },
      ],
      owed: [
        { kind: "card", key: `${request.id}:card`, place: message.place, request: request.id },
        ...cardsForApprovers(flow, request, { policy, rule, place: message.place }),
        ...(await cardsBeside(flow, request)),
        ...(prompt ? [askToBreakGlass(request, { prompt, place: message.place, policy })] : []),
      ],
      jobs: [
        { kind: "deadline", request: request.id, at: request.decideBy },
        ...(rule.remind
          ? [
              {
                kind: "remind",
                request: request.id,
                at: new Date(at.getTime() + rule.remind.afterMs),
              } as const,
            ]
          : []),
      ],
      ...(prompt ? { prompts: [prompt] } : {}),
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
  for (const entry of request.plan.entries) {
    const wanted = wishesOf(entry);
    for (const other of others) {
      const same = other.plan.entries.find(({ target }) => targetKey(target) === targetKey(entry.target));
      const open = new Map(same ? wishesOf(same) : []);
      const shared = wanted.filter(([flag]) => open.has(flag));
      if (shared.length === 0) continue;
      const opposite = shared.some(([flag, value]) => open.get(flag) !== value);
      const label = targetLabel(entry.target);
      return {
        code: "opposite-request-open",
        message: opposite
          ? `${other.id} for ${label} is open and asks for the opposite. Decide or cancel it first, then ask again.`
          : `${other.id} for ${label} is open and asks for the same. Decide that one, or cancel it and ask again.`,
      };
    }
  }
  return undefined;
}

/** What an entry is about, flag by flag; a legacy setting counts as the flag that it stands for. */
function wishesOf({ changes, settings }: PlanEntry): readonly (readonly [string, boolean | undefined])[] {
  const edits = settings.map(({ setting, to }) => [flagOfLegacySetting[setting], to === "on"] as const);
  return [...Object.entries(changes), ...edits];
}
