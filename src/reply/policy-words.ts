import type { Person } from "../domain/actor.ts";
import { mayApprove, type Policy, type Rule } from "../domain/change/approval-policy.ts";
import { standsInFor } from "../domain/change/group-members.ts";
import { flagTitles } from "../domain/routing/routing-flag.ts";
import type { Block } from "./view.ts";
import { duration, listed, utcTime } from "./words.ts";

/** Who asks the policy: at which time delegates count, and whom the words must not name as an approver. */
export type RuleAsked = {
  readonly policy: Policy;
  readonly at: Date;
  readonly except?: (person: Person) => boolean;
};

/** Who can approve under a rule, in words: with those in whose place they do, and the groups that could not be read. */
export function approversWords(rule: Rule, { policy, at, except }: RuleAsked): string {
  const people = policy.people.filter((person) => mayApprove(rule, person) && except?.(person) !== true);
  const names = people.map((person) => {
    const [absent] = standsInFor(policy, person, at);
    const name = policy.people.find(({ id }) => id === absent?.person)?.name;
    return absent && name ? `${person.name} (for ${name} until ${utcTime(absent.until)})` : person.name;
  });
  const unread = rule.unreadable ?? [];
  const rest =
    unread.length > 0 ? `; the group ${listed(unread)} could not be read, so nobody counts by it now` : "";
  return `${listed(names, "or") || "nobody"}${rest}`;
}

/** What a rule says, for people: what it is about, who may what, and within what time. */
export function ruleBlock(rule: Rule, asked: RuleAsked): Block {
  const { policy } = asked;
  const only = [
    ...(rule.flags ? [listed(rule.flags.map((flag) => flagTitles[flag]))] : []),
    ...(rule.direction ? [`turning ${rule.direction}`] : []),
  ];
  const named = (ids: readonly string[]) =>
    ids.includes("*")
      ? "everybody"
      : listed(policy.people.filter(({ id }) => ids.includes(id)).map(({ name }) => name)) || "nobody";
  return {
    kind: "facts",
    facts: [
      { label: "Rule", value: rule.name },
      ...(only.length > 0 ? [{ label: "Only for", value: only.join(", ") }] : []),
      { label: "May ask", value: named(rule.request) },
      { label: "May approve", value: approversWords(rule, asked) },
      { label: "Approvals needed", value: rule.quorum === 1 ? "one" : `${rule.quorum}, by different people` },
      {
        label: "Own requests",
        value: rule.selfApproval ? "approvers may approve theirs" : "nobody approves their own",
      },
      {
        label: "Time",
        value: `${duration(rule.decideWithinMs)} to decide, then ${duration(rule.applyWithinMs)} to begin`,
      },
    ],
  };
}
