import { describe, expect, test } from "vitest";
import { mayApprove, type Policy, type Rule } from "../../../src/domain/change/approval-policy.ts";
import { type Member, type Memberships, withMembers } from "../../../src/domain/change/group-members.ts";

const inTeams = (user: string) => ({ platform: "teams", tenant: "t", user }) as const;
const inSlack = (user: string) => ({ platform: "slack", tenant: "T1", user }) as const;
const ana = { id: "ana", name: "Ana", accounts: [inTeams("oid-ana"), inSlack("UANA")] };
const ben = { id: "ben", name: "Ben", accounts: [inTeams("oid-ben")] };
const dan = { id: "dan", name: "Dan", accounts: [inTeams("oid-dan")] };

const rule: Rule = {
  name: "r",
  sites: { subscriptions: ["*"], resourceGroups: ["*"], names: ["*"] },
  request: ["group:net"],
  approve: ["group:net"],
  quorum: 1,
  decideWithinMs: 1,
  applyWithinMs: 1,
};
const group = { name: "net", members: ["ben"], entra: ["g1"], slack: ["T1/S1"], slackListedOnly: false };
const policy: Policy = { version: "1", people: [ana, ben, dan], rules: [rule], groups: [group] };
const at = new Date("2026-11-22T12:00:00Z");

function approversUnder(changed: Partial<Policy>, memberships: Memberships = new Map(), when = at) {
  const [first] = withMembers({ ...policy, ...changed }, memberships, when).rules;
  return first?.approve;
}
function read(entra: readonly string[], slack: readonly string[] = []): Memberships {
  const members: readonly (readonly [string, readonly Member[]])[] = [
    ["entra:g1", entra.map((user) => ({ account: inTeams(user), name: `Name of ${user}` }))],
    ["slack:T1/S1", slack.map((user) => ({ account: inSlack(user) }))],
  ];
  return new Map(members);
}

describe("groups", () => {
  test("are people of the file and members of directories, each human once", () => {
    expect(approversUnder({}, read(["oid-ana"], ["UANA"]))).toEqual(["ben", "ana"]);
  });

  test("a member whom the file does not list is a person of their own, who may approve", () => {
    const expanded = withMembers(policy, read(["oid-new"]), at);
    const [first] = expanded.rules;
    const person = expanded.people.find(({ name }) => name === "Name of oid-new");
    expect(person?.accounts).toEqual([inTeams("oid-new")]);
    expect(first && person && mayApprove(first, person)).toBe(true);
  });

  test("unlisted members of a Slack group are left out where Teams is on", () => {
    const groups = [{ ...group, slackListedOnly: true }];
    expect(approversUnder({ groups }, read([], ["UNEW", "UANA"]))).toEqual(["ben", "ana"]);
    expect(approversUnder({}, read([], ["UNEW"]))).toEqual(["ben", "slack:T1/UNEW"]);
  });

  test("one that could not be read has no members, and the rule says so", () => {
    const [first] = withMembers(policy, new Map([["slack:T1/S1", []]]), at).rules;
    expect(first).toMatchObject({ approve: ["ben"], unreadable: ["net"] });
    const [whole] = withMembers(policy, read([]), at).rules;
    expect(whole).not.toHaveProperty("unreadable");
  });

  test("one that is named and not there approves nothing", () => {
    expect(approversUnder({ groups: [] })).toEqual([]);
  });
});

describe("delegates", () => {
  const delegates = [
    {
      person: "ben",
      to: "dan",
      since: new Date("2026-11-20T00:00:00Z"),
      until: new Date("2026-11-23T00:00:00Z"),
    },
  ];

  test("decide in place of the person, from the first moment to before the last", () => {
    const on = (time: string) => approversUnder({ delegates }, new Map(), new Date(time));
    expect(on("2026-11-19T23:59:59.999Z")).toEqual(["ben"]);
    expect(on("2026-11-20T00:00:00Z")).toEqual(["dan"]);
    expect(on("2026-11-22T23:59:59.999Z")).toEqual(["dan"]);
    expect(on("2026-11-23T00:00:00Z")).toEqual(["ben"]);
  });

  test("give no second vote, get no right to ask, and hand nothing on", () => {
    const both = { ...group, members: ["ben", "dan"] };
    expect(approversUnder({ groups: [both], delegates })).toEqual(["dan"]);
    expect(withMembers({ ...policy, delegates }, new Map(), at).rules[0]?.request).toEqual(["ben"]);
    const chain = [...delegates, { ...delegates[0], person: "dan", to: "ana" }].flatMap((one) =>
      one.since && one.until ? [{ ...one, since: one.since, until: one.until }] : [],
    );
    expect(approversUnder({ delegates: chain })).toEqual(["dan"]);
  });
});
