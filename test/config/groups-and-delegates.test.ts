import { describe, expect, test } from "vitest";
import { readPolicy } from "../../src/config/read-policy.ts";
import { ids } from "./complete-environment.ts";

const context = { teamsTenant: ids.tenant, teamsTenants: [ids.tenant], slackTeams: ["T0CONTOSO"] };
const entra = "5f3e2d1c-0b9a-4877-a665-544332211005";

/** A policy of two people in which only what a test is about is added. */
const policy = (more: string, rule = "request: [ana]\n    approve: [group:net]") => `
people:
  - { id: ana, name: Ana, teams: ${ids.ana}, slack: T0CONTOSO/U0ANA }
  - { id: ben, name: Ben, teams: ${ids.ben}, slack: T0CONTOSO/U0BEN }
  - { id: cleo, name: Cleo, slack: T0CONTOSO/U0CLEO }
${more}
rules:
  - name: everything
    ${rule}
`;
const net = (members: string) => `groups:\n  - { name: net, ${members} }`;

function problems(text: string): readonly string[] {
  const result = readPolicy(text, context);
  return result.kind === "policy" ? [] : result.problems.map(({ name, message }) => `${name}: ${message}`);
}

test("groups and delegates become what the domain knows", () => {
  const text = policy(
    `${net(`members: [ben], entra: ${entra.toUpperCase()}, slack: T0CONTOSO/S0NET`)}
delegates:
  - { person: ben, to: ana, since: 2026-11-20, until: 2026-11-21 }
  - { person: ana, to: ben, since: 2026-11-20T08:00+01:00, until: 2026-11-20T10:00Z }`,
  );
  expect(readPolicy(text, context)).toMatchObject({
    kind: "policy",
    policy: {
      groups: [
        { name: "net", members: ["ben"], entra: [entra], slack: ["T0CONTOSO/S0NET"], slackListedOnly: true },
      ],
      delegates: [
        { person: "ben", since: new Date("2026-11-20T00:00Z"), until: new Date("2026-11-22T00:00Z") },
        { person: "ana", since: new Date("2026-11-20T07:00Z"), until: new Date("2026-11-20T10:00Z") },
      ],
    },
  });
});

test("unlisted members of a Slack group count where Teams is off", () => {
  const text = policy(net("slack: T0CONTOSO/S0NET"));
  const result = readPolicy(text, { teamsTenants: [], slackTeams: ["T0CONTOSO"] });
  expect(result).toMatchObject({ policy: { groups: [{ slackListedOnly: false }] } });
});

describe("refused", () => {
  const delegate = (fields: string) => `${net("members: [ben]")}\ndelegates:\n  - { ${fields} }`;
  test.each([
    [
      "a group that is not there",
      policy(""),
      "rules[0].approve[0]: names group:net, which is not under groups",
    ],
    ["a group of nobody", policy(net("members: []")), "groups[0]: has nobody in it"],
    [
      "a stranger in a group",
      policy(net("members: [dan]")),
      "groups[0].members[0]: names dan, who is not under people",
    ],
    [
      "two groups of one name",
      policy(`${net("members: [ana]")}\n  - { name: NET, members: [ben] }`),
      "groups[1].name: is the name of groups[0] too",
    ],
    ["no object id", policy(net("entra: network")), "groups[0].entra[0]: is not a group of Entra ID"],
    [
      "no user group",
      policy(net("slack: T0CONTOSO/U0ANA")),
      "groups[0].slack[0]: is not a user group of Slack",
    ],
    [
      "a delegate of nobody",
      policy(delegate("person: dan, to: ana, since: 2026-11-20, until: 2026-11-21")),
      "delegates[0].person: names dan",
    ],
    [
      "a delegate of oneself",
      policy(delegate("person: ana, to: ana, since: 2026-11-20, until: 2026-11-21")),
      "delegates[0].to: is the person",
    ],
    [
      "an end before the beginning",
      policy(delegate("person: ana, to: ben, since: 2026-11-22, until: 2026-11-20")),
      "delegates[0].until: is not after since",
    ],
    [
      "a day that is none",
      policy(delegate("person: ana, to: ben, since: 2026-02-30, until: 2026-11-20")),
      "delegates[0].since: is not a date",
    ],
    [
      "no end",
      policy(delegate("person: ana, to: ben, since: 2026-11-20")),
      "delegates[0].until: is not a date",
    ],
    [
      "two delegates at a time",
      policy(
        `${delegate("person: ana, to: ben, since: 2026-11-20, until: 2026-11-22")}\n  - { person: ana, to: cleo, since: 2026-11-22, until: 2026-11-25 }`,
      ),
      "delegates[1]: overlaps with delegates[0]",
    ],
    [
      "a quorum beyond a group of the file",
      policy(net("members: [ana]"), "request: [ben]\n    approve: [group:net]\n    quorum: 2"),
      "rules[0].quorum: asks for 2 approvals, but only 1 person can approve",
    ],
    [
      "somebody who could be two people",
      policy(net(`entra: ${entra}`), "request: [ana]\n    approve: [group:net, cleo]"),
      "rules[0].approve: names cleo, who has no Teams account here",
    ],
    [
      "a stand-in who could be two people",
      policy(
        `${net(`entra: ${entra}`)}\ndelegates:\n  - { person: ben, to: cleo, since: 2026-11-20, until: 2026-11-21 }`,
        "request: [ana]\n    approve: [group:net, ben]",
      ),
      "rules[0].approve: names cleo, who has no Teams account here",
    ],
    [
      "somebody whose Teams account is in another tenant than the group",
      policy(
        `  - { id: dora, name: Dora, teams: ${ids.otherTenant}/${ids.app} }\n${net(`entra: ${entra}`)}`,
        "request: [ana]\n    approve: [group:net, dora]",
      ),
      "rules[0].approve: names dora, who has no Teams account here",
    ],
    [
      "an unknown flag",
      policy(net("members: [ben]"), "request: [ana]\n    approve: [ben]\n    flags: [everything]"),
      "rules[0].flags[0]: is no routing flag",
    ],
    [
      "tags as a list",
      policy(net("members: [ben]"), "request: [ana]\n    approve: [ben]\n    sites: { tags: [env] }"),
      "rules[0].sites.tags: is not a map",
    ],
  ])("%s", (_, text, expected) => {
    expect(problems(text)).toEqual([expect.stringContaining(expected)]);
  });
});

test("no quorum is too high for a group whose members only a directory knows", () => {
  expect(
    problems(policy(net(`entra: ${entra}`), "request: [ana]\n    approve: [group:net]\n    quorum: 5")),
  ).toEqual([]);
});

test("approvers who cannot be told from an unlisted requester are named", () => {
  const result = readPolicy(policy("", 'request: ["*"]\n    approve: [ana, cleo]'), context);
  expect(result).toMatchObject({
    kind: "policy",
    warnings: [
      expect.stringContaining("cleo cannot approve what an account that is not listed requests in Teams"),
    ],
  });
});
