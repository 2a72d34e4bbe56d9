import type { Account, Person } from "../actor.ts";
import type { ChannelBinding } from "../channel-binding.ts";
import { type FlagValues, type RoutingFlag, routingFlags } from "../routing/routing-flag.ts";
import type { ResolvedTarget } from "../target.ts";
import type { FreezeWindow } from "./freeze-window.ts";
import type { Delegation, Group } from "./group-members.ts";
import type { QuickUndoRole } from "./permit.ts";
import type { ChangePlan } from "./plan.ts";
import { type ChangePart, partsOfEntry, partsOfFlags } from "./plan-parts.ts";
import { fitOf } from "./rule-fit.ts";

/** Name patterns with `*` for any run of characters; compared without regard to case. */
export type Patterns = readonly string[];

/** One rule of the policy: for which sites, who may do what, and within what time. */
export type Rule = {
  readonly name: string;
  readonly sites: {
    readonly subscriptions: Patterns;
    readonly resourceGroups: Patterns;
    readonly names: Patterns;
    /** Names of slots; the site itself is called `production`. Absent: every slot. */
    readonly slots?: Patterns;
    /** By name, patterns for the tag's value; all of them have to fit. */
    readonly tags?: Readonly<Record<string, Patterns>>;
  };
  /** Only changes of these flags. Absent: of any. */
  readonly flags?: readonly RoutingFlag[];
  /** Only turning on, or only turning off. Absent: both. */
  readonly direction?: "on" | "off";
  /** Ids of the persons who may see the sites besides those who may request or approve; `*` is everybody. */
  readonly see?: readonly string[];
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
  /** Whether an approver's own request counts as approved by them when they click. Default false. */
  readonly selfApproval?: boolean;
  /** Which approvers get the card in their own chat. Default `when-needed`. */
  readonly notify?: Notify;
  /** Those of its approvers who have that right in place of others alone. */
  readonly standIns?: readonly StandIn[];
  /** Groups among its approvers whose members could not be read: they approve nothing now. */
  readonly unreadable?: readonly string[];
  /** Times in which approved changes wait. */
  readonly freeze?: readonly FreezeWindow[];
  /** Ids of the persons who may have a change written without approval, to be reviewed afterwards. */
  readonly breakGlass?: readonly string[];
  readonly remind?: Reminders;
  /** How long the sites are watched after a change, in milliseconds, and what is asked of them. Absent: not at all. */
  readonly watch?: { readonly forMs: number; readonly probe?: string };
  /** Who may undo a change without a new quorum while it is watched. Default nobody. */
  readonly quickUndo?: readonly QuickUndoRole[];
  /** The longest that a temporary change may last, in milliseconds, extensions included. */
  readonly maxDurationMs?: number;
  /** Of several sites: whether those after one that failed are changed all the same. Default `stop`. */
  readonly onFailure?: OnFailure;
  /** Whether an approval counts only with a fresh sign-in of its approver. Default false. */
  readonly stepUp?: boolean;
};

/** Who approves under a rule only in place of others: `from` are those who named that person their delegate. */
export type StandIn = { readonly to: string; readonly from: readonly string[] };

/** When people are reminded of a request that waits for decisions. */
export type Reminders = {
  /** Milliseconds from the opening to the first reminder; the pauses after it double. */
  readonly afterMs: number;
  /** Ids of the persons who are told once, `escalateAfterMs` after the opening (with the second reminder, where it is absent). */
  readonly escalate: readonly string[];
  readonly escalateAfterMs?: number;
};

/**
 * `direct`: every approver. `when-needed`: those who would not see the card in the conversation where it was asked, having no
 * account on its platform, or all of them when it was asked in somebody's own chat. `never`: nobody.
 */
export const notifications = ["direct", "when-needed", "never"] as const;
export type Notify = (typeof notifications)[number];
/** What a step that failed means for the sites after it. */
export const onFailureChoices = ["stop", "continue"] as const;
export type OnFailure = (typeof onFailureChoices)[number];

export type KnownPerson = Person & { readonly accounts: readonly Account[] };

/** The whole policy, as read from one version of the file. */
export type Policy = {
  /** SHA-256 of the file's content: goes into the audit. */
  readonly version: string;
  readonly people: readonly KnownPerson[];
  readonly rules: readonly Rule[];
  /** Where unqualified names are looked for first, by channel. */
  readonly channels?: readonly ChannelBinding[];
  /** As the file names them. The lists of the rules hold their members: see `withMembers`. */
  readonly groups?: readonly Group[];
  readonly delegates?: readonly Delegation[];
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
  /** How long the sites are watched after the change, in milliseconds; absent: not at all. */
  readonly watchMs?: number;
  /** `continue`: a site that fails does not stop those after it. */
  readonly onFailure?: OnFailure;
  /** Whom the card offers a quick undo; what they may is asked of the policy at the click. */
  readonly quickUndo?: readonly QuickUndoRole[];
};

/**
 * The first rule that matches what is done to the site; `undefined` means that no rule does, and nothing is allowed. So it is
 * too where a rule asks for what is not known (the name of the subscription, the tags, or which part of a change is meant):
 * a later rule, perhaps a milder one, must not stand in for it.
 */
export function ruleFor(policy: Policy, target: ResolvedTarget, part?: ChangePart): Rule | undefined {
  for (const rule of policy.rules) {
    const fit = fitOf(rule, target, part);
    if (fit !== "no") return fit === "yes" ? rule : undefined;
  }
  return undefined;
}

/** All rules that count for some change or other of a site. */
export function rulesAt(policy: Policy, target: ResolvedTarget): readonly Rule[] {
  const differ = policy.rules.some(({ flags, direction }) => flags !== undefined || direction !== undefined);
  const rules = differ ? everyPart.map((part) => ruleFor(policy, target, part)) : [ruleFor(policy, target)];
  return [...new Set(rules.flatMap((rule) => rule ?? []))];
}

const everyPart: readonly ChangePart[] = routingFlags.flatMap((flag) => [
  { flag, on: true },
  { flag, on: false },
]);

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

/**
 * What holds for a change of several sites: whoever decides must be allowed to for each of them, the highest quorum and the
 * shortest times count. So it is for the flags of one site. `undefined` when a part of it has no rule. `set` are the flags that
 * are to be changed; left out where no rule asks for flags.
 */
export function ruleForAll(
  policy: Policy,
  targets: readonly ResolvedTarget[],
  set?: FlagValues,
): Rule | undefined {
  const parts = set === undefined ? [undefined] : partsOfFlags(set);
  return strictest(targets.flatMap((target) => parts.map((part) => ruleFor(policy, target, part))));
}

/** The same for exactly what a plan changes, its legacy settings included. */
export function ruleForPlan(policy: Policy, plan: ChangePlan): Rule | undefined {
  return strictest(
    plan.entries.flatMap((entry) => partsOfEntry(entry).map((part) => ruleFor(policy, entry.target, part))),
  );
}

function strictest(rules: readonly (Rule | undefined)[]): Rule | undefined {
  let all: Rule | undefined;
  for (const rule of new Set(rules)) {
    if (!rule) return undefined;
    all = all ? bothRules(all, rule) : rule;
  }
  return all;
}

function bothRules(one: Rule, other: Rule): Rule {
  return {
    name: `${one.name} + ${other.name}`,
    sites: one.sites,
    see: both(one.see ?? [], other.see ?? []),
    request: both(one.request, other.request),
    approve: one.approve.filter((id) => other.approve.includes(id)),
    quorum: Math.max(one.quorum, other.quorum),
    decideWithinMs: Math.min(one.decideWithinMs, other.decideWithinMs),
    applyWithinMs: Math.min(one.applyWithinMs, other.applyWithinMs),
    ownSite: one.ownSite === true && other.ownSite === true,
    selfApproval: one.selfApproval === true && other.selfApproval === true,
    notify: notifications.find((notify) => notify === one.notify || notify === other.notify) ?? "when-needed",
    unreadable: [...new Set([...(one.unreadable ?? []), ...(other.unreadable ?? [])])],
    ...joinedStandIns(one, other),
    ...joinedFreeze(one, other),
    ...joinedBreakGlass(one, other),
    ...joinedReminders(one, other),
    ...afterwards(one, other),
    ...(one.stepUp === true || other.stepUp === true ? { stepUp: true } : {}),
  };
}

/** Each of the rules has to give the right: where one gives it in place of others alone, that holds for both. */
function joinedStandIns(
  { standIns: one = [] }: Rule,
  { standIns: other = [] }: Rule,
): Pick<Rule, "standIns"> {
  const standIns = [...one, ...other];
  return standIns.length > 0 ? { standIns } : {};
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

/** Who is on both lists. */
function both(one: readonly string[], other: readonly string[]): readonly string[] {
  if (one.includes("*")) return other;
  return one.filter((id) => other.includes(id) || other.includes("*"));
}

/** What holds after a change of several sites: the longest watch, the fewest who may undo at once, the shortest time. */
function afterwards(one: Rule, other: Rule): Partial<Rule> {
  const watchMs = Math.max(one.watch?.forMs ?? 0, other.watch?.forMs ?? 0);
  const quickUndo = (one.quickUndo ?? []).filter((role) => other.quickUndo?.includes(role));
  const maxDurationMs = Math.min(one.maxDurationMs ?? Infinity, other.maxDurationMs ?? Infinity);
  return {
    quickUndo,
    ...(watchMs > 0 ? { watch: { forMs: watchMs } } : {}),
    ...(maxDurationMs < Infinity ? { maxDurationMs } : {}),
    onFailure: one.onFailure === "continue" && other.onFailure === "continue" ? "continue" : "stop",
  };
}

/** What a request under a rule remembers of it. */
export function termsUnder(rule: Rule, policy: Policy): RuleTerms {
  return {
    rule: rule.name,
    policyVersion: policy.version,
    quorum: rule.quorum,
    applyWithinMs: rule.applyWithinMs,
    approvers: approverNames(rule, policy),
    ...(rule.watch ? { watchMs: rule.watch.forMs } : {}),
    ...(rule.onFailure === "continue" ? { onFailure: rule.onFailure } : {}),
    ...(rule.quickUndo && rule.quickUndo.length > 0 ? { quickUndo: rule.quickUndo } : {}),
  };
}

export function mayRequest(rule: Rule, person: Person): boolean {
  return rule.request.includes("*") || rule.request.includes(person.id);
}

/** `*` is no approver: a list of approvers names them. */
export function mayApprove(rule: Rule, person: Person): boolean {
  return rule.approve.includes(person.id);
}

/** Whether somebody could approve under a rule only in place of people of whom `isOne` holds, such as whoever asked. */
export function approvesOnlyFor(
  { standIns = [] }: Rule,
  person: Person,
  isOne: (id: string) => boolean,
): boolean {
  return standIns.some(({ to, from }) => to === person.id && from.every(isOne));
}

/** Nobody may, unless the rule names them; nor under a rule that asks for a fresh sign-in, which a break glass does not have. */
export function mayBreakGlass(rule: Rule, person: Person): boolean {
  return rule.stepUp !== true && rule.breakGlass?.includes(person.id) === true;
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
 * Whether a person sees a site: who may neither see, request nor approve anything there is never shown its name. No rule, no
 * sight.
 */
export function maySee(policy: Policy, target: ResolvedTarget, person: Person): boolean {
  return rulesAt(policy, target).some(
    (rule) =>
      mayRequest(rule, person) ||
      mayApprove(rule, person) ||
      rule.see?.includes("*") === true ||
      rule.see?.includes(person.id) === true,
  );
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
