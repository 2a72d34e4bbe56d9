import type { Account, Person } from "../actor.ts";
import type { ChannelBinding } from "../channel-binding.ts";
import type { ResolvedTarget } from "../target.ts";
import type { FreezeWindow } from "./freeze-window.ts";

/** Name patterns with `*` for any run of characters; compared without regard to case. */
export type Patterns = readonly string[];

/** One rule of the policy: for which sites, who may do what, and within what time. */
export type Rule = {
  readonly name: string;
  readonly sites: {
    readonly subscriptions: Patterns;
    readonly resourceGroups: Patterns;
    readonly names: Patterns;
  };
  /** Ids of the persons who may request a change; `*` is everybody. */
  readonly request: readonly string[];
  /** Ids of the persons who may approve. Empty means that nobody can. */
  readonly approve: readonly string[];
  /** Approvals needed, by different persons. */
  readonly quorum: number;
  /** Milliseconds to decide in. */
  readonly decideWithinMs: number;
  /** Milliseconds from the last approval to the start of the write. */
  readonly applyWithinMs: number;
  /** Whether it also covers the site that Routebot itself runs on. Default false. */
  readonly ownSite?: boolean;
  /** Times in which approved changes wait. */
  readonly freeze?: readonly FreezeWindow[];
  /** Ids of the persons who may have a change written without approval, to be reviewed afterwards. */
  readonly breakGlass?: readonly string[];
  readonly remind?: Reminders;
};

/** When people are reminded of a request that waits for decisions. */
export type Reminders = {
  /** Milliseconds from the opening to the first reminder; the pauses after it double. */
  readonly afterMs: number;
  /** Ids of the persons who are told once, `escalateAfterMs` after the opening (with the second reminder, where it is absent). */
  readonly escalate: readonly string[];
  readonly escalateAfterMs?: number;
};

export type KnownPerson = Person & { readonly accounts: readonly Account[] };

/** The whole policy, as read from one version of the file. */
export type Policy = {
  /** SHA-256 of the file's content: goes into the audit. */
  readonly version: string;
  readonly people: readonly KnownPerson[];
  readonly rules: readonly Rule[];
  /** Where unqualified names are looked for first, by channel. */
  readonly channels?: readonly ChannelBinding[];
  /** Ids of the persons who may stop changes and let them go on again. */
  readonly stop?: readonly string[];
};

/** What a request remembers of the rule that it was opened under; an approval under a stricter one brings it up to date. */
export type RuleTerms = {
  readonly rule: string;
  readonly policyVersion: string;
  readonly quorum: number;
  readonly applyWithinMs: number;
  /** Names of those who could approve when it was opened or last approved; shown, never relied on. */
  readonly approvers: readonly string[];
};

/**
 * The first rule that matches the site; `undefined` means that no rule does, and nothing is allowed. So it is too where a rule
 * asks for the name of a subscription that could not be read: a later rule, perhaps a milder one, must not stand in for it.
 */
export function ruleFor(policy: Policy, target: ResolvedTarget): Rule | undefined {
  const near = policy.rules.find(
    ({ sites }) =>
      matches(sites.resourceGroups, target.resourceGroup) &&
      matches(sites.names, target.site) &&
      (matchesSubscription(sites.subscriptions, target) || dependsOnUnreadName(sites.subscriptions, target)),
  );
  return near && matchesSubscription(near.sites.subscriptions, target) ? near : undefined;
}

/** Whether a target's subscription fits one of the patterns, by id or by name. */
export function matchesSubscription(
  patterns: Patterns,
  { subscriptionId, subscriptionName }: ResolvedTarget,
): boolean {
  return (
    matches(patterns, subscriptionId) ||
    (subscriptionName !== undefined && matches(patterns, subscriptionName))
  );
}

const subscriptionIdForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function dependsOnUnreadName(patterns: Patterns, { subscriptionName }: ResolvedTarget): boolean {
  return subscriptionName === undefined && patterns.some((pattern) => !subscriptionIdForm.test(pattern));
}

/**
 * What holds for a change of several sites: whoever decides must be allowed to for each of them, the highest quorum and the
 * shortest times count. `undefined` when a site has no rule.
 */
export function ruleForAll(policy: Policy, targets: readonly ResolvedTarget[]): Rule | undefined {
  const rules = new Set(targets.map((target) => ruleFor(policy, target)));
  let all: Rule | undefined;
  for (const rule of rules) {
    if (!rule) return undefined;
    all = all ? bothRules(all, rule) : rule;
  }
  return all;
}

function bothRules(one: Rule, other: Rule): Rule {
  return {
    name: `${one.name} + ${other.name}`,
    sites: one.sites,
    request: one.request.includes("*")
      ? other.request
      : one.request.filter((id) => other.request.includes(id) || other.request.includes("*")),
    approve: one.approve.filter((id) => other.approve.includes(id)),
    quorum: Math.max(one.quorum, other.quorum),
    decideWithinMs: Math.min(one.decideWithinMs, other.decideWithinMs),
    applyWithinMs: Math.min(one.applyWithinMs, other.applyWithinMs),
    ...joinedFreeze(one, other),
    ...joinedBreakGlass(one, other),
    ...joinedReminders(one, other),
  };
}

function joinedFreeze({ freeze: one = [] }: Rule, { freeze: other = [] }: Rule): Pick<Rule, "freeze"> {
  const freeze = [...new Set([...one, ...other])];
  return freeze.length > 0 ? { freeze } : {};
}

function joinedBreakGlass(one: Rule, other: Rule): Pick<Rule, "breakGlass"> {
  const breakGlass = (one.breakGlass ?? []).filter((id) => other.breakGlass?.includes(id));
  return breakGlass.length > 0 ? { breakGlass } : {};
}

function joinedReminders({ remind: one }: Rule, { remind: other }: Rule): Pick<Rule, "remind"> {
  if (!one || !other) return one || other ? { remind: one ?? other } : {};
  const afters = [one.escalateAfterMs, other.escalateAfterMs].filter((ms) => ms !== undefined);
  return {
    remind: {
      afterMs: Math.min(one.afterMs, other.afterMs),
      escalate: [...new Set([...one.escalate, ...other.escalate])],
      ...(afters.length > 0 ? { escalateAfterMs: Math.min(...afters) } : {}),
    },
  };
}

export function mayRequest(rule: Rule, person: Person): boolean {
  return rule.request.includes("*") || rule.request.includes(person.id);
}

/** `*` is no approver: a list of approvers names them. */
export function mayApprove(rule: Rule, person: Person): boolean {
  return rule.approve.includes(person.id);
}

/** Nobody may, unless the rule names them. */
export function mayBreakGlass(rule: Rule, person: Person): boolean {
  return rule.breakGlass?.includes(person.id) === true;
}

/** Whether a person may stop all changes. Nobody may, unless the policy names them. */
export function mayStop(policy: Policy, person: Person): boolean {
  return policy.stop?.includes(person.id) === true;
}

/** The names of those who can approve under a rule: for people to read, never to decide by. */
export function approverNames(rule: Rule, policy: Policy): readonly string[] {
  return policy.people.filter((person) => mayApprove(rule, person)).map(({ name }) => name);
}

/**
 * Whether a person sees a site: who may neither request nor approve under its rule is never shown its name. No rule, no
 * sight.
 */
export function maySee(policy: Policy, target: ResolvedTarget, person: Person): boolean {
  const rule = ruleFor(policy, target);
  return rule !== undefined && (mayRequest(rule, person) || mayApprove(rule, person));
}

/** Whether a name fits one of the patterns, in time linear in the product of their lengths (no backtracking). */
export function matches(patterns: Patterns, name: string): boolean {
  return patterns.some((pattern) => fits(pattern.toLowerCase(), name.toLowerCase()));
}

function fits(pattern: string, name: string): boolean {
  const [head = "", ...rest] = pattern.split("*");
  if (rest.length === 0) return head === name;
  const tail = rest.pop() ?? "";
  if (name.length < head.length + tail.length || !name.startsWith(head) || !name.endsWith(tail)) return false;
  let from = head.length;
  for (const part of rest) {
    const at = name.indexOf(part, from);
    if (at < 0 || at + part.length > name.length - tail.length) return false;
    from = at + part.length;
  }
  return true;
}
