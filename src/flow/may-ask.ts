import type { Person } from "../domain/actor.ts";
import {
  mayRequest,
  type Policy,
  type Rule,
  ruleFor,
  ruleForAll,
  ruleForPlan,
  rulesAt,
} from "../domain/change/approval-policy.ts";
import type { ChangePlan } from "../domain/change/plan.ts";
import { type ChangePart, partsOfEntry, partsOfFlags } from "../domain/change/plan-parts.ts";
import type { Refusal } from "../domain/failure.ts";
import { type FlagValues, flagTitles } from "../domain/routing/routing-flag.ts";
import { type ResolvedTarget, targetLabel } from "../domain/target.ts";

/** What somebody asks for, before the sites were read. */
export type Wish = { readonly targets: readonly ResolvedTarget[]; readonly set: FlagValues };

export type Allowed =
  | { readonly kind: "allowed"; readonly rule: Rule }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/**
 * Whether somebody may ask for this, as far as can be said before the sites are read: for each flag of each site the first
 * rule that fits has to let them.
 */
export function mayAsk(policy: Policy, { targets, set }: Wish, person: Person): Allowed {
  const asked = targets.map((target) => ({ target, parts: partsOfFlags(set) }));
  return judge(policy, asked, { person, rule: ruleForAll(policy, targets, set) });
}

/** The same for a plan: what is really changed, with the sites' tags as they were just read. */
export function mayAskFor(policy: Policy, plan: ChangePlan, person: Person): Allowed {
  const asked = plan.entries.map((entry) => ({ target: entry.target, parts: partsOfEntry(entry) }));
  return judge(policy, asked, { person, rule: ruleForPlan(policy, plan) });
}

type Asked = { readonly target: ResolvedTarget; readonly parts: readonly ChangePart[] };

function judge(
  policy: Policy,
  asked: readonly Asked[],
  { person, rule }: { readonly person: Person; readonly rule: Rule | undefined },
): Allowed {
  for (const { target, parts } of asked) {
    for (const part of parts) {
      const found = ruleFor(policy, target, part);
      if (!found) return refuse("no-rule", noRule(policy, target, part));
      if (!mayRequest(found, person)) {
        const message = `You are not among those who may ask for changes of ${targetLabel(target)} (rule "${found.name}").`;
        return refuse("not-allowed-to-request", message);
      }
    }
  }
  if (!rule) throw new Error("every part has a rule, and all of them have none");
  const isJoined = !policy.rules.includes(rule);
  const deciders = rule.approve.filter((id) => rule.selfApproval === true || id !== person.id);
  if (isJoined && deciders.length < rule.quorum) {
    return refuse(
      "several-sites",
      asked.length > 1
        ? "Too few people may decide for all of these sites together. Ask for them in requests of their own."
        : "Too few people may decide for all of these flags together. Ask for them in requests of their own.",
    );
  }
  return { kind: "allowed", rule };
}

function noRule(policy: Policy, target: ResolvedTarget, { flag, on }: ChangePart): string {
  const label = targetLabel(target);
  const unread = unreadOf(policy, target);
  if (unread) {
    return `I found no rule of the policy for ${label}, and could not read ${unread}, so nobody can change it now. Try again in some minutes; if it stays so, ask whoever keeps the policy to add a rule that does without.`;
  }
  const what =
    rulesAt(policy, target).length > 0 ? `turning ${on ? "on" : "off"} "${flagTitles[flag]}" for ` : "";
  return `No rule of the policy covers ${what}${label}, so nobody can change it. Ask whoever keeps the policy to add one.`;
}

/** What could not be read of a site and is asked for by some rule. */
function unreadOf({ rules }: Policy, target: ResolvedTarget): string | undefined {
  if (target.subscriptionName === undefined) return "the name of its subscription";
  const asksForTags = rules.some(({ sites }) => sites.tags !== undefined);
  return target.tags === undefined && asksForTags ? "its tags" : undefined;
}

function refuse(code: Refusal["code"], message: string): Allowed {
  return { kind: "refused", refusal: { code, message } };
}
