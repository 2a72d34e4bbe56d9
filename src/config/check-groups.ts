import { groupIn } from "../domain/change/group-members.ts";
import type { Finding, PolicyEntries } from "./check-policy.ts";
import { didYouMean } from "./nearest-name.ts";

/** What is wrong with the groups of a policy. */
export function* checkGroups({ groups, namedIds }: PolicyEntries): Generator<Finding> {
  const seen = new Map<string, number>();
  for (const { index, entry } of groups) {
    const first = seen.get(entry.name.toLowerCase());
    if (first === undefined) seen.set(entry.name.toLowerCase(), index);
    else {
      yield {
        name: `groups[${index}].name`,
        message: `is the name of groups[${first}] too; give each group one of its own`,
      };
    }
    const { members = [], entra, slack } = entry;
    if (members.length + entra.length + slack.length === 0) {
      yield { name: `groups[${index}]`, message: "has nobody in it; give members, entra or slack" };
    }
    for (const [position, id] of members.entries()) {
      if (namedIds.includes(id)) continue;
      yield {
        name: `groups[${index}].members[${position}]`,
        message: `names ${id}, who is not under people${didYouMean(id, namedIds)}; add that person or mend the id`,
      };
    }
  }
}

/** What is wrong with the delegates of a policy. */
export function* checkDelegates({ delegates, namedIds }: PolicyEntries): Generator<Finding> {
  for (const { index, entry } of delegates) {
    const at = `delegates[${index}]`;
    for (const key of ["person", "to"] as const) {
      if (namedIds.includes(entry[key])) continue;
      yield {
        name: `${at}.${key}`,
        message: `names ${entry[key]}, who is not under people${didYouMean(entry[key], namedIds)}; mend the id`,
      };
    }
    if (entry.person === entry.to) yield { name: `${at}.to`, message: "is the person; name somebody else" };
    if (entry.since >= entry.until) {
      yield { name: `${at}.until`, message: "is not after since; give a later time" };
    }
    const other = delegates.find(
      (one) =>
        one.index < index &&
        one.entry.person === entry.person &&
        one.entry.since < entry.until &&
        entry.since < one.entry.until,
    );
    if (other) {
      yield {
        name: at,
        message: `overlaps with delegates[${other.index}]; a person has one delegate at a time`,
      };
    }
  }
}

export type ListedMembers = {
  /** Ids of people, each once. */
  readonly ids: readonly string[];
  /** Others may be in it, by a directory's group or as everybody. */
  readonly isOpen: boolean;
  readonly fromEntra: boolean;
};

/** Who is meant by a list of a rule, as far as the file alone says. */
export function membersOf(list: readonly string[], { groups }: PolicyEntries): ListedMembers {
  const named = list.flatMap((one) => groups.find(({ entry }) => entry.name === groupIn(one))?.entry ?? []);
  const people = list.filter((one) => one !== "*" && groupIn(one) === undefined);
  return {
    ids: [...new Set([...people, ...named.flatMap(({ members = [] }) => members)])],
    isOpen: list.includes("*") || named.some(({ entra, slack }) => entra.length + slack.length > 0),
    fromEntra: named.some(({ entra }) => entra.length > 0),
  };
}
