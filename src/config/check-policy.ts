import { accountKey, type Platform } from "../domain/actor.ts";
import { groupIn } from "../domain/change/group-members.ts";
import { checkDelegates, checkGroups, membersOf } from "./check-groups.ts";
import { didYouMean } from "./nearest-name.ts";
import { accountsOf, canReachUs } from "./policy-accounts.ts";
import type { PolicyContext } from "./policy-context.ts";
import type {
  ChannelEntry,
  DelegateEntry,
  FreezeEntry,
  GroupEntry,
  PersonEntry,
  RuleEntry,
} from "./policy-schema.ts";

/** An entry with its place in the file's list. */
export type Numbered<T> = { readonly index: number; readonly entry: T };

export type PolicyEntries = {
  readonly people: readonly Numbered<PersonEntry>[];
  readonly rules: readonly Numbered<RuleEntry>[];
  readonly channels: readonly Numbered<ChannelEntry>[];
  readonly groups: readonly Numbered<GroupEntry>[];
  readonly delegates: readonly Numbered<DelegateEntry>[];
  /** The names of all groups, of those too whose entry has another mistake. */
  readonly namedGroups: readonly string[];
  readonly freezes: readonly Numbered<FreezeEntry>[];
  /** The names of all freezes, of those too whose entry has another mistake. */
  readonly freezeNames: readonly string[];
  /** Who may stop all changes. */
  readonly stop: readonly string[];
  /** The ids of all people, of those too whose entry has another mistake. */
  readonly namedIds: readonly string[];
};

export type Finding = { readonly name: string; readonly message: string };

/** What does not fit together in a policy whose parts are well formed, and what fits but is hardly meant. */
export function checkPolicy(
  entries: PolicyEntries,
  context: PolicyContext,
): { readonly problems: readonly Finding[]; readonly warnings: readonly string[] } {
  return {
    problems: [
      ...repeatedIds(entries),
      ...accountProblems(entries, context),
      ...repeatedNames("rules", entries.rules),
      ...repeatedNames("freezes", entries.freezes),
      ...unknownPeople("stop", entries.stop, entries.namedIds),
      ...entries.rules.flatMap((rule) => [
        ...ruleProblems(rule, entries, context),
        ...stepUpProblems(rule, context),
      ]),
      ...entries.channels.flatMap((channel) => [...channelProblems(channel)]),
      ...checkGroups(entries),
      ...checkDelegates(entries),
    ],
    warnings: [
      ...(entries.rules.length === 0 ? ["There is no rule: nobody may request anything."] : []),
      ...entries.rules.flatMap(({ entry }) => [...ruleWarnings(entry, entries, context)]),
    ],
  };
}

function* repeatedIds({ people }: PolicyEntries): Generator<Finding> {
  const seen = new Map<string, number>();
  for (const { index, entry } of people) {
    const first = seen.get(entry.id.toLowerCase());
    if (first === undefined) seen.set(entry.id.toLowerCase(), index);
    else
      yield {
        name: `people[${index}].id`,
        message: `is the id of people[${first}] too; give each person one of their own`,
      };
  }
}

function* accountProblems({ people }: PolicyEntries, context: PolicyContext): Generator<Finding> {
  const seen = new Map<string, number>();
  for (const { index, entry } of people) {
    if (entry.teams.length + entry.slack.length === 0) {
      yield {
        name: `people[${index}]`,
        message: "has no account; give a Teams account, a Slack account or both",
      };
    }
    // While Teams is off, its accounts still must not be given twice: any tenant will do to compare them.
    for (const account of accountsOf(entry, {
      ...context,
      teamsTenant: context.teamsTenant ?? "the-configured-tenant",
    })) {
      const key = accountKey(account);
      const first = seen.get(key);
      if (first === undefined) seen.set(key, index);
      else {
        yield {
          name: `people[${index}].${account.platform}`,
          message:
            first === index
              ? "lists an account twice; remove one of them"
              : `lists an account of people[${first}]; an account belongs to one person`,
        };
      }
    }
  }
}

function* repeatedNames(
  list: "rules" | "freezes",
  entries: readonly Numbered<{ readonly name: string }>[],
): Generator<Finding> {
  const seen = new Map<string, number>();
  for (const { index, entry } of entries) {
    const first = seen.get(entry.name.toLowerCase());
    if (first === undefined) seen.set(entry.name.toLowerCase(), index);
    else {
      yield {
        name: `${list}[${index}].name`,
        message: `is the name of ${list}[${first}] too; give each ${list === "rules" ? "rule" : "freeze"} one of its own`,
      };
    }
  }
}

function* unknownPeople(
  list: string,
  ids: readonly string[],
  namedIds: readonly string[],
): Generator<Finding> {
  for (const [position, id] of ids.entries()) {
    if (!namedIds.includes(id)) {
      yield {
        name: `${list}[${position}]`,
        message: `names ${id}, who is not under people${didYouMean(id, namedIds)}; add that person or mend the id`,
      };
    }
  }
}

function* ruleProblems(
  { index, entry }: Numbered<RuleEntry>,
  entries: PolicyEntries,
  context: PolicyContext,
): Generator<Finding> {
  const { namedIds, namedGroups, freezeNames } = entries;
  yield* unknownPeople(`rules[${index}].breakGlass`, entry.breakGlass, namedIds);
  yield* unknownPeople(`rules[${index}].remind.escalate`, entry.remind?.escalate ?? [], namedIds);
  for (const [position, name] of entry.freeze.entries()) {
    if (!freezeNames.includes(name)) {
      yield {
        name: `rules[${index}].freeze[${position}]`,
        message: `names "${name}", which is not under freezes${didYouMean(name, freezeNames)}; add it there or mend the name`,
      };
    }
  }
  for (const list of ["see", "request", "approve"] as const) {
    for (const [position, id] of (entry[list] ?? []).entries()) {
      const group = groupIn(id);
      const name = `rules[${index}].${list}[${position}]`;
      if (id === "*") {
        if (list === "approve")
          yield { name, message: "is *, but approvers have to be named; list their ids" };
      } else if (entry[list]?.indexOf(id) !== position) {
        yield { name, message: `names ${id} a second time; remove it` };
      } else if (group !== undefined) {
        if (!namedGroups.includes(group)) {
          yield {
            name,
            message: `names ${id}, which is not under groups${didYouMean(group, namedGroups)}; add that group or mend the name`,
          };
        }
      } else if (!namedIds.includes(id)) {
        yield {
          name,
          message: `names ${id}, who is not under people${didYouMean(id, namedIds)}; add that person or mend the id`,
        };
      }
    }
  }
  for (const id of twiceAHuman(entry, entries, context)) {
    yield {
      name: `rules[${index}].approve`,
      message: `names ${id}, who has no Teams account here, beside a group of Entra ID that ${id} may be in: one human would count as two; give ${id} a Teams account`,
    };
  }
  const { ids, isOpen } = membersOf(entry.approve, entries);
  const approvers = ids.length;
  if (approvers > 0 && !isOpen && entry.quorum > approvers) {
    yield {
      name: `rules[${index}].quorum`,
      message: `asks for ${entry.quorum} approvals, but only ${people(approvers)} can approve; lower it or name more approvers`,
    };
  }
}

/** Else nobody would notice before the first approval under the rule is refused. */
function* stepUpProblems(
  { index, entry }: Numbered<RuleEntry>,
  { stepUp }: PolicyContext,
): Generator<Finding> {
  if (entry.stepUp && stepUp !== true) {
    yield {
      name: `rules[${index}].stepUp`,
      message:
        "asks for a fresh sign-in, which is not set up; set ROUTEBOT_STEPUP_CLIENT_ID, ROUTEBOT_STEPUP_CLIENT_SECRET and ROUTEBOT_PUBLIC_URL, or leave it out",
    };
  }
}

function* channelProblems({ index, entry }: Numbered<ChannelEntry>): Generator<Finding> {
  const name = `channels[${index}]`;
  if (entry.teams.length + entry.slack.length === 0) {
    yield { name, message: "names no channel; give a Teams channel, a Slack channel or both" };
  }
  if (entry.subscriptions.length + entry.resourceGroups.length === 0) {
    yield { name, message: "is bound to nothing; give resourceGroups, subscriptions or both" };
  }
}

function* ruleWarnings(rule: RuleEntry, entries: PolicyEntries, context: PolicyContext): Generator<string> {
  const label = `Rule "${rule.name}":`;
  if (rule.approve.length === 0) {
    yield `${label} nobody can approve, so that no request under it can be carried out.`;
    return;
  }
  if (rule.request.length === 0) yield `${label} nobody may request.`;
  if (rule.quickUndo.length > 0 && rule.watch.for === 0) {
    yield `${label} quickUndo has no effect, since it lasts as long as a change is watched, and watch is off.`;
  }
  const { ids: approvers, isOpen } = membersOf(rule.approve, entries);
  const reachable = (id: string) => accountsIn(id, entries, context);
  const mute = approvers.filter((id) => reachable(id)?.length === 0);
  if (mute.length > 0) {
    yield `${label} ${mute.join(", ")} cannot approve, having no account on a platform, tenant or workspace that is configured.`;
  }
  if (rule.stepUp) {
    const unable = approvers.filter((id) => {
      const person = entries.people.find(({ entry }) => entry.id === id)?.entry;
      return person && !accountsOf(person, context).some(({ platform }) => platform === "teams");
    });
    if (unable.length > 0)
      yield `${label} ${unable.join(", ")} cannot approve, having no Teams account to sign in with (stepUp).`;
    if (rule.breakGlass.length > 0)
      yield `${label} breakGlass is refused, since stepUp asks for a fresh sign-in.`;
  }
  if (
    rule.breakGlass.length > 0 &&
    rule.approve.every((id) => rule.breakGlass.includes(id)) &&
    rule.approve.length === 1
  ) {
    yield `${label} a break-glass change by ${rule.breakGlass.join(", ")} can be reviewed by nobody else.`;
  }
  if (rule.remind?.escalateAfter !== undefined && rule.remind.escalate.length === 0) {
    yield `${label} remind.escalateAfter is given, but nobody under remind.escalate.`;
  }
  const requesters = membersOf(rule.request, entries);
  const ownRequests = approvers.filter((id) => rule.request.includes("*") || requesters.ids.includes(id));
  if (!isOpen && !rule.selfApproval && ownRequests.length > 0 && rule.quorum > approvers.length - 1) {
    yield `${label} what ${ownRequests.join(" or ")} requests can never be approved, since nobody approves their own request and ${people(approvers.length - 1)} remaining cannot give ${rule.quorum}.`;
  }
  if (rule.request.includes("*")) {
    for (const [platform, title] of configuredPlatforms(context)) {
      const without = approvers.filter((id) => {
        const accounts = reachable(id);
        return accounts && accounts.length > 0 && !accounts.some((one) => one.platform === platform);
      });
      if (without.length > 0) {
        yield `${label} anybody may request, and ${without.join(", ")} cannot approve what an account that is not listed requests in ${title}, having no account there: it could be theirs.`;
      }
    }
  }
}

function configuredPlatforms({
  teamsTenants,
  slackTeams,
}: PolicyContext): readonly (readonly [Platform, string])[] {
  return [
    ...(teamsTenants.length > 0 ? [["teams", "Teams"] as const] : []),
    ...(slackTeams.length > 0 ? [["slack", "Slack"] as const] : []),
  ];
}

/** The accounts of a person from which messages are taken; nothing for an id that nobody has. */
function accountsIn(id: string, { people }: PolicyEntries, context: PolicyContext) {
  const person = people.find(({ entry }) => entry.id === id)?.entry;
  return person && accountsOf(person, context).filter((account) => canReachUs(account, context));
}

/**
 * Approvers of a rule, those who stand in for them included, who may be in one of its Entra groups under an account that the file
 * does not know: each of them would be two people. The groups are in the tenant of the Teams accounts.
 */
function twiceAHuman(
  { approve }: RuleEntry,
  entries: PolicyEntries,
  context: PolicyContext,
): readonly string[] {
  const { ids, fromEntra } = membersOf(approve, entries);
  if (!fromEntra) return [];
  const standIns = entries.delegates
    .filter(({ entry }) => ids.includes(entry.person))
    .map(({ entry }) => entry.to);
  return [...new Set([...ids, ...standIns])].filter((id) => {
    const person = entries.people.find(({ entry }) => entry.id === id)?.entry;
    if (!person) return false;
    const { teamsTenant } = context;
    return teamsTenant === undefined
      ? person.teams.length === 0
      : !accountsOf(person, context).some(
          ({ platform, tenant }) => platform === "teams" && tenant === teamsTenant,
        );
  });
}

function people(count: number): string {
  return count === 1 ? "1 person" : `${count} people`;
}
