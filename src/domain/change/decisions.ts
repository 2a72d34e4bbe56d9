import { type Account, accountKey, type Person } from "../actor.ts";
import type { Refusal } from "../failure.ts";
import {
  approverNames,
  approvesOnlyFor,
  mayApprove,
  type Policy,
  type Rule,
  ruleForAll,
  ruleForPlan,
} from "./approval-policy.ts";
import type { ChangeRequest, Decision, RequestBase, SignedIn, Surface } from "./change-request.ts";
import { isTerminal } from "./change-request.ts";
import { closedFor, endOf } from "./closed.ts";
import { permitCounts } from "./permit.ts";
import { movement, refused, type Step } from "./step.ts";

/** Somebody acts on a request: who, from which account, how, when, and under which policy. */
export type Acting = {
  readonly person: Person;
  readonly account: Account;
  readonly surface: Surface;
  readonly at: Date;
  readonly policy: Policy;
  /** The fresh sign-in that confirms it. */
  readonly signedIn?: SignedIn;
};

/**
 * Approves the plan with the given fingerprint. Self-approval is refused before anything else is looked at, then the state
 * and the limit, then the right to approve under the policy now in force. When the quorum is reached, the request is
 * `approved`. Where the rule asks for a fresh sign-in, all of that is checked first, and then that there is one.
 */
export function approve(request: ChangeRequest, acting: Acting, fingerprint: string): Step {
  const hindrance = hindranceFor(request, acting);
  if (hindrance?.code === "self-approval") return { kind: "refused", refusal: hindrance };
  const closed = closedFor(request, acting, "approve");
  if (closed) return closed;
  if (hindrance) return { kind: "refused", refusal: hindrance };
  const rule = ruleInForce(request, acting.policy);
  if (!rule) throw new Error("an approver without a rule");
  if (fingerprint !== request.plan.fingerprint) {
    return refused(
      "plan-changed",
      `${request.id} is not the plan that you were shown. Look at its card and decide again.`,
    );
  }
  if (request.approvals.some(({ person }) => person.id === acting.person.id)) {
    return refused("already-approved-by-you", `You have already approved ${request.id}.`);
  }
  const missing = missingSignIn(request, rule, acting);
  if (missing) return { kind: "refused", refusal: missing };
  const { signedIn } = acting;
  const decision: Decision = {
    person: acting.person,
    account: acting.account,
    at: acting.at,
    fingerprint,
    surface: acting.surface,
    ...(signedIn && { signedIn }),
  };
  const quorum = Math.max(request.terms.quorum, rule.quorum);
  const base: RequestBase = {
    ...baseOf(request),
    // What people see from here on is what is still needed: a quorum that was raised, without those who left meanwhile.
    terms: { ...request.terms, quorum, approvers: approverNames(rule, acting.policy) },
    approvals: [...keptApprovals(request, acting.policy), decision],
  };
  const to: ChangeRequest =
    base.approvals.length < quorum
      ? { ...base, revision: request.revision + 1, state: "pending" }
      : {
          ...base,
          revision: request.revision + 1,
          state: "approved",
          approvedAt: acting.at,
          applyBy: new Date(acting.at.getTime() + request.terms.applyWithinMs),
        };
  return movement(request, to, {
    ...eventFrom(acting),
    kind: "approval",
    details: {
      approvals: `${base.approvals.length} of ${quorum}`,
      ...(signedIn && { stepUp: accountKey(signedIn.account), authTime: signedIn.at.toISOString() }),
    },
  });
}

/** What keeps an approval from counting as far as its sign-in goes. One that nobody asked for has to be the approver's, too. */
function missingSignIn(
  { id }: RequestBase,
  rule: Rule,
  { person, policy, signedIn }: Acting,
): Refusal | undefined {
  if (signedIn) {
    if (owns(policy, person, signedIn.account)) return undefined;
    return {
      code: "sign-in-of-another",
      message: `The account that signed in is not one of ${person.name}'s, so nothing was approved.`,
    };
  }
  if (rule.stepUp !== true) return undefined;
  const accounts = policy.people.find((one) => one.id === person.id)?.accounts ?? [];
  return accounts.some(({ platform }) => platform === "teams")
    ? { code: "sign-in-needed", message: `Your approval of ${id} counts once you have signed in again.` }
    : {
        code: "sign-in-impossible",
        message: `Approvals of ${id} need a fresh sign-in with Entra ID, and the policy lists no Teams account of yours to sign in with, so nothing was approved.`,
      };
}

/**
 * Takes one's own approval back, while the request still waits for others. Whoever gave it may always do that, also when they
 * are no approver any more.
 */
export function withdraw(request: ChangeRequest, acting: Acting): Step {
  const closed = closedFor(request, acting, "withdraw");
  if (closed) return closed;
  const left = request.approvals.filter(
    ({ person, account }) => person.id !== acting.person.id && !owns(acting.policy, acting.person, account),
  );
  if (left.length === request.approvals.length) {
    return refused(
      "nothing-to-withdraw",
      `You have not approved ${request.id}, so there is nothing to withdraw.`,
    );
  }
  const to: ChangeRequest = {
    ...baseOf(request),
    revision: request.revision + 1,
    state: "pending",
    approvals: left,
  };
  return movement(request, to, {
    ...eventFrom(acting),
    kind: "withdrawn",
    details: { approvals: `${left.length} of ${request.terms.quorum}` },
  });
}

/** Rejects the request: one rejection by somebody who could approve ends it. The requester cancels instead. */
export function reject(request: ChangeRequest, acting: Acting, why: string | undefined): Step {
  if (isRequester(request, acting.person, acting.policy)) {
    return refused("self-approval", `You asked for ${request.id} yourself: cancel it instead.`);
  }
  const closed = closedFor(request, acting, "reject");
  if (closed) return closed;
  const rule = ruleInForce(request, acting.policy);
  if (!rule || !mayApprove(rule, acting.person))
    return { kind: "refused", refusal: noApprover(request, rule) };
  const to: ChangeRequest = {
    ...baseOf(request),
    revision: request.revision + 1,
    state: "rejected",
    endedAt: acting.at,
    by: acting.person,
    ...(why ? { why } : {}),
  };
  return movement(request, to, { ...eventFrom(acting), kind: "moved", details: why ? { why } : {} });
}

/** Cancels a request that is not being written yet: its requester can, and whoever can approve it. */
export function cancel(request: ChangeRequest, acting: Acting): Step {
  if (request.state !== "pending" && request.state !== "approved") {
    return refused(
      "not-cancellable",
      isTerminal(request)
        ? `${request.id} has already ended: ${endOf(request, acting.person)}.`
        : `${request.id} is being written to Azure, so it cannot be cancelled any more. Its outcome follows here.`,
    );
  }
  const rule = ruleInForce(request, acting.policy);
  const isTheirs = isRequester(request, acting.person, acting.policy);
  if (!isTheirs && !(rule && mayApprove(rule, acting.person))) {
    return refused(
      "not-yours-to-cancel",
      `Only ${request.requester.name} and the approvers can cancel ${request.id}.`,
    );
  }
  const to: ChangeRequest = {
    ...baseOf(request),
    revision: request.revision + 1,
    state: "cancelled",
    endedAt: acting.at,
    by: acting.person,
  };
  return movement(request, to, { ...eventFrom(acting), kind: "moved", details: {} });
}

/**
 * Whether the approvals of a request still count under the policy now in force: enough different persons, all of them
 * still approvers, none of them the requester, each for the plan that is to be written. Where it needs none, whether its
 * permit does.
 */
export function approvalsStillCount(request: RequestBase, policy: Policy): boolean {
  const rule = ruleInForce(request, policy);
  if (request.permit) {
    const owned = (person: Person, account: Account) => owns(policy, person, account);
    return permitCounts(request.permit, { rule, plan: request.plan.fingerprint, owns: owned });
  }
  if (!rule) return false;
  const persons = new Set(countingApprovals(request, policy).map(({ person }) => person.id));
  return persons.size >= Math.max(request.terms.quorum, rule.quorum);
}

/**
 * Those approvals that a further one finds: the ones that count, and those of people whose group cannot be read at this moment,
 * since they counted when they were given. Whether they still do is asked before the write.
 */
function keptApprovals(request: RequestBase, policy: Policy): readonly Decision[] {
  const counting = countingApprovals(request, policy);
  const rule = ruleInForce(request, policy);
  if (rule?.unreadable === undefined || rule.unreadable.length === 0) return counting;
  return request.approvals.filter(
    (decision) =>
      counting.includes(decision) ||
      (!mayApprove(rule, decision.person) && !isRequester(request, decision.person, policy)),
  );
}

/** Those approvals that count under this policy: it may have changed since they were given, and ask for a sign-in by now. */
function countingApprovals(request: RequestBase, policy: Policy): readonly Decision[] {
  const rule = ruleInForce(request, policy);
  return request.approvals.filter(
    (decision) =>
      rule !== undefined &&
      missingSignIn(request, rule, { ...decision, policy }) === undefined &&
      hindranceFor(request, { ...decision, policy }) === undefined &&
      decision.fingerprint === request.plan.fingerprint,
  );
}

/**
 * Why the policy now in force does not let somebody approve a request from this account, whatever its state; nothing if it
 * does.
 */
export function hindranceFor(
  request: RequestBase,
  { person, account, policy }: Pick<Acting, "person" | "account" | "policy">,
): Refusal | undefined {
  const rule = ruleInForce(request, policy);
  const isApprover = rule !== undefined && mayApprove(rule, person) && owns(policy, person, account);
  if (isRequester(request, person, policy)) {
    if (isApprover && rule.selfApproval === true) return undefined;
    return {
      code: "self-approval",
      message: `You asked for ${request.id} yourself, so somebody else has to approve it: ${names(request.terms.approvers, request.requester.name)}.`,
    };
  }
  if (!isApprover) return noApprover(request, rule);
  if (isOnlyForRequester(request, { rule, person, policy })) {
    return {
      code: "not-an-approver",
      message: `You could decide ${request.id} only in place of ${request.requester.name}, who asked for it, so somebody else has to approve it.`,
    };
  }
  if (isToldApart(request, person, policy)) return undefined;
  return {
    code: "not-an-approver",
    message: `${request.id} was asked for from an account that the policy does not list, on a platform where it lists no account of yours, so I cannot tell you apart from whoever asked. Somebody else has to approve it, or the policy needs the missing account.`,
  };
}

/** Whether somebody has the right to approve only in place of whoever asked: that would be approving one's own request by proxy. */
export function isOnlyForRequester(
  request: RequestBase,
  { rule, person, policy }: { readonly rule: Rule; readonly person: Person; readonly policy: Policy },
): boolean {
  if (rule.selfApproval === true) return false;
  return approvesOnlyFor(rule, person, (id) => isRequester(request, { id, name: "" }, policy));
}

function noApprover({ id, terms, requester }: RequestBase, rule: Rule | undefined): Refusal {
  const unread =
    rule?.unreadable && rule.unreadable.length > 0
      ? ` I could not read who is in ${rule.unreadable.join(" and ")}; if you are, try again in a minute.`
      : "";
  return {
    code: "not-an-approver",
    message: `You are not an approver for this site, so ${id} stays as it is. It can be decided by ${names(terms.approvers, requester.name)}.${unread}`,
  };
}

/**
 * Whether an approver surely is somebody else than whoever asked. From an account that the file does not list, that is so only for those
 * who have another account on the same platform: else they may have asked from it themselves.
 */
function isToldApart({ requesterAccount }: RequestBase, person: Person, { people }: Policy): boolean {
  const key = accountKey(requesterAccount);
  // A member of a directory whom the file does not list has the account's key as id: that says nothing of other accounts.
  const isOwned = people.some(
    ({ id, accounts }) => id !== key && accounts.some((one) => accountKey(one) === key),
  );
  const theirs = people.find(({ id }) => id === person.id)?.accounts ?? [];
  return isOwned || theirs.some(({ platform }) => platform === requesterAccount.platform);
}

/**
 * Whether somebody made the request, as the policy now tells people apart: an account that was nobody's when it asked, or
 * whose owner had another id, may be theirs by now.
 */
export function isRequester(request: RequestBase, person: Person, policy: Policy): boolean {
  return person.id === request.requester.id || owns(policy, person, request.requesterAccount);
}

/** Whether an account is one of a person's, as the policy now lists them. */
export function owns(policy: Policy, person: Person, account: Account): boolean {
  const key = accountKey(account);
  const listed = policy.people.find(({ id }) => id === person.id);
  return listed?.accounts.some((one) => accountKey(one) === key) === true;
}

/** What every state has, without the fields of the state that it is in. */
export function baseOf(request: RequestBase): RequestBase {
  const { id, number, revision, plan, requester, requesterAccount, openedAt, terms, decideBy, approvals } =
    request;
  const { reason, wish, follows, permit, lastsMs, extends: extension, baseline } = request;
  return {
    ...{ id, number, revision, plan, requester, requesterAccount, openedAt, terms, decideBy, approvals },
    ...(reason === undefined ? {} : { reason }),
    ...(wish === undefined ? {} : { wish }),
    ...(follows === undefined ? {} : { follows }),
    ...(permit === undefined ? {} : { permit }),
    ...(lastsMs === undefined ? {} : { lastsMs }),
    ...(extension === undefined ? {} : { extends: extension }),
    ...(baseline === undefined ? {} : { baseline }),
  };
}

/** The rule for everything that a request changes, in the policy now in force. */
export function ruleInForce(request: RequestBase, policy: Policy): Rule | undefined {
  const { plan, extends: extension } = request;
  return extension
    ? ruleForAll(
        policy,
        plan.entries.map(({ target }) => target),
        extension.keeps,
      )
    : ruleForPlan(policy, plan);
}

/** Who acted and how, for the audit. */
export function eventFrom({ person, account, surface, at, policy }: Acting) {
  return { person, account, surface, at, policyVersion: policy.version } as const;
}

function names(approvers: readonly string[], except: string): string {
  const others = approvers.filter((name) => name !== except);
  if (others.length === 0) return "nobody (the policy names no other approver)";
  return others.length === 1 ? (others[0] ?? "") : `${others.slice(0, -1).join(", ")} or ${others.at(-1)}`;
}
