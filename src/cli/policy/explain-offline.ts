import { parseCommand } from "../../command/parse.ts";
import type { PolicyContext } from "../../config/policy-context.ts";
import { readPolicy } from "../../config/read-policy.ts";
import type { Person } from "../../domain/actor.ts";
import {
  approvesOnlyFor,
  mayApprove,
  mayRequest,
  type Policy,
  type Rule,
  ruleForAll,
} from "../../domain/change/approval-policy.ts";
import { directoryGroups, withMembers } from "../../domain/change/group-members.ts";
import { type ChangePart, partsOfFlags } from "../../domain/change/plan-parts.ts";
import { fitOf } from "../../domain/change/rule-fit.ts";
import type { ChangeCommand, TargetReference } from "../../domain/command.ts";
import { flagTitles } from "../../domain/routing/routing-flag.ts";
import { type ResolvedTarget, targetLabel } from "../../domain/target.ts";
import { approversWords } from "../../reply/policy-words.ts";
import { duration } from "../../reply/words.ts";
import type { Report } from "./check-policy-text.ts";

export type Question = {
  /** The policy file's text. */
  readonly text: string;
  readonly context: PolicyContext;
  /** Id of the person who would ask. */
  readonly as: string;
  /** What that person would write. */
  readonly change: string;
  /** What the text does not say of the sites. */
  readonly group?: string;
  readonly subscription?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly at: Date;
};

/**
 * What the policy makes of a change, without asking anybody: which rule counts, whether the person may ask, who may approve, and
 * why the rules before it do not count. Exit code 1 where the person may not ask.
 */
export function explainOffline(question: Question): Report {
  const read = readPolicy(question.text, question.context);
  if (read.kind === "invalid") return failed('The policy is not valid; "routebot policy check" says why.');
  const policy = withMembers(read.policy, new Map(), question.at);
  const person = policy.people.find(({ id }) => id === question.as);
  if (!person) return failed(`Nobody under people has the id ${question.as}.`);
  const { command } = parseCommand(question.change);
  if (command.kind !== "change") {
    return failed("That text is no clear change of routing; write what you would write in the chat.");
  }
  const unread = directoryGroups(policy);
  const note = `Groups of directories are not asked here: ${unread.join(", ")} count as empty.`;
  const { lines, code } = explain(policy, { command, person, question });
  return { lines: unread.length > 0 ? [...lines, note] : lines, code };
}

type Asked = { readonly command: ChangeCommand; readonly person: Person; readonly question: Question };

function explain(policy: Policy, { command, person, question }: Asked): Report {
  const targets = command.targets.map((reference) => targetOf(reference, question));
  const lines: string[] = [];
  for (const target of targets) {
    for (const part of partsOfFlags(command.set)) lines.push(...walk(policy, target, part));
  }
  const rule = ruleForAll(policy, targets, command.set);
  if (!rule) return { lines: [...lines, "No rule counts, so nobody may ask for it."], code: 1 };
  const may = mayRequest(rule, person);
  lines.push(
    may
      ? `${person.name} may ask for it.`
      : `${person.name} may not ask for it: not among those of rule "${rule.name}".`,
    approval(rule, { policy, person, at: question.at }),
    `Time: ${duration(rule.decideWithinMs)} to decide, then ${duration(rule.applyWithinMs)} to begin.`,
    mayApprove(rule, person)
      ? `${person.name} may approve it when somebody else asks${rule.selfApproval ? ", and their own request" : ""}.`
      : `${person.name} may not approve it.`,
  );
  return { lines, code: may ? 0 : 1 };
}

function approval(
  rule: Rule,
  { policy, person, at }: { readonly policy: Policy; readonly person: Person; readonly at: Date },
): string {
  const isTheirs = (id: string) => id === person.id;
  const except = (one: Person) =>
    rule.selfApproval !== true && (isTheirs(one.id) || approvesOnlyFor(rule, one, isTheirs));
  const who = approversWords(rule, { policy, at, except });
  const signIn = rule.stepUp === true ? " Each approval counts once its approver has signed in again." : "";
  return rule.quorum === 1
    ? `It can be approved by ${who}.${signIn}`
    : `It needs ${rule.quorum} approvals by different people of: ${who}.${signIn}`;
}

/** The rules in order, up to the first that counts or that cannot be judged. */
function walk(policy: Policy, target: ResolvedTarget, part: ChangePart): readonly string[] {
  const lines = [`${targetLabel(target)}, ${flagTitles[part.flag]} ${part.on ? "on" : "off"}:`];
  for (const rule of policy.rules) {
    const fit = fitOf(rule, target, part);
    if (fit === "no") lines.push(`  rule "${rule.name}" is not about it`);
    else if (fit === "yes") return [...lines, `  rule "${rule.name}" counts`];
    else {
      const hint = "give --subscription or --tag";
      return [...lines, `  rule "${rule.name}" may be about it, so no later one counts (${hint})`];
    }
  }
  return [...lines, "  no rule is about it"];
}

function targetOf(reference: TargetReference, { group, subscription, tags }: Question): ResolvedTarget {
  const { name = "", slot, resourceGroup = group ?? "", subscription: said = subscription } = reference;
  return {
    resourceId: `/${name}/${slot ?? ""}`,
    subscriptionId: said ?? "",
    ...(said !== undefined && { subscriptionName: said }),
    resourceGroup,
    site: name,
    ...(slot !== undefined && { slot }),
    ...(Object.keys(tags).length > 0 && { tags }),
  };
}

function failed(line: string): Report {
  return { lines: [line], code: 1 };
}
