import { type Account, accountKey, type Person } from "../actor.ts";
import type { KnownPerson, Policy, Rule } from "./approval-policy.ts";

/** A group of the policy file: people by id, and groups of directories whose members are looked up. */
export type Group = {
  readonly name: string;
  /** Ids of people. */
  readonly members: readonly string[];
  /** Object ids of groups in Entra ID. */
  readonly entra: readonly string[];
  /** `TEAM/S0123`: user groups in Slack. */
  readonly slack: readonly string[];
  /**
   * Whether members of its Slack groups whom the file does not list are left out. So it is wherever Teams is on: nobody could
   * tell whether such an account and one from Entra ID belong to the same human, who would then be two approvers.
   */
  readonly slackListedOnly: boolean;
};

/** Somebody decides in another one's place, from `since` until before `until`. */
export type Delegation = {
  readonly person: string;
  readonly to: string;
  readonly since: Date;
  readonly until: Date;
};

/** Who is in a directory's group now; `undefined` when that could not be read. */
export type Membership = readonly Member[] | undefined;

/** `name` as the directory has it, where it has one. */
export type Member = { readonly account: Account; readonly name?: string };

/** What was read of the directories: by `entra:OBJECT-ID` and `slack:TEAM/GROUP`. */
export type Memberships = ReadonlyMap<string, Membership>;

/** The group that an entry of a list names, as `group:NAME`. */
export function groupIn(entry: string): string | undefined {
  return entry.startsWith("group:") ? entry.slice("group:".length) : undefined;
}

/** The policy's groups that have members in a directory, as keys of `Memberships`. */
export function directoryGroups({ groups = [] }: Policy): readonly string[] {
  return [...new Set(groups.flatMap(keysOf))];
}

/**
 * The policy as it holds now: in the lists of its rules, groups are replaced by their members, and who has a delegate is
 * replaced by that one among the approvers. A member whom the file does not list becomes a person of their own. A group of a
 * directory that could not be read has no members; rules that name it say so.
 *
 * A delegate stands in for the person, who does not decide meanwhile: one right never gives two votes. `standIns` says who has
 * no right but those of others.
 */
export function withMembers(policy: Policy, memberships: Memberships, at: Date): Policy {
  const people = new Map(policy.people.map((person) => [person.id, person]));
  const owner = new Map(
    policy.people.flatMap(({ id, accounts }) => accounts.map((one) => [accountKey(one), id])),
  );

  function idOf({ account, name }: Member, listedOnly: boolean): readonly string[] {
    const key = accountKey(account);
    const known = owner.get(key);
    if (known !== undefined) return [known];
    if (listedOnly && account.platform === "slack") return [];
    const stranger: KnownPerson = { id: key, name: name ?? account.user, accounts: [account] };
    people.set(key, stranger);
    owner.set(key, key);
    return [key];
  }

  const groups = new Map(
    (policy.groups ?? []).map((group) => {
      const read = keysOf(group).map((key) => memberships.get(key));
      const members = [
        ...group.members,
        ...read.flatMap((members) => (members ?? []).flatMap((one) => idOf(one, group.slackListedOnly))),
      ];
      return [group.name, { members, unreadable: read.includes(undefined) }];
    }),
  );
  const delegateOf = new Map(
    (policy.delegates ?? [])
      .filter(({ since, until }) => since <= at && at < until)
      .map(({ person, to }) => [person, to]),
  );
  const expand = (list: readonly string[]) => [
    ...new Set(
      list.flatMap((entry) => {
        const name = groupIn(entry);
        return name === undefined ? [entry] : (groups.get(name)?.members ?? []);
      }),
    ),
  ];
  const rules = policy.rules.map((rule): Rule => {
    const groupsNamed = rule.approve.flatMap((entry) => groupIn(entry) ?? []);
    const unreadable = groupsNamed.filter((name) => groups.get(name)?.unreadable !== false);
    const named = expand(rule.approve);
    const approve = [...new Set(named.map((id) => delegateOf.get(id) ?? id))];
    const standIns = approve
      .filter((id) => !named.includes(id) || delegateOf.has(id))
      .map((to) => ({ to, from: named.filter((id) => delegateOf.get(id) === to) }));
    return {
      ...rule,
      ...(rule.see && { see: expand(rule.see) }),
      request: expand(rule.request),
      approve,
      ...(standIns.length > 0 && { standIns }),
      ...(unreadable.length > 0 && { unreadable }),
    };
  });
  return { ...policy, rules, people: [...people.values()] };
}

/** For whom somebody stands in at a time. */
export function standsInFor({ delegates = [] }: Policy, person: Person, at: Date): readonly Delegation[] {
  return delegates.filter(({ to, since, until }) => to === person.id && since <= at && at < until);
}

function keysOf({ entra, slack }: Group): readonly string[] {
  return [...entra.map((id) => `entra:${id}`), ...slack.map((id) => `slack:${id}`)];
}
