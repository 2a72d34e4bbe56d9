import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readPolicy } from "../../src/config/read-policy.ts";
import { accountKey } from "../../src/domain/actor.ts";
import { completePolicy, ids } from "./complete-environment.ts";

const context = { teamsTenant: ids.tenant, teamsTenants: [ids.tenant], slackTeams: ["T0CONTOSO"] };
const read = (text: string) => readPolicy(text, context);
const problemsOf = (text: string): readonly string[] => {
  const result = read(text);
  return result.kind === "policy" ? [] : result.problems.map(({ name, message }) => `${name}: ${message}`);
};

/** A policy with one rule, in which only what a test is about differs. */
const withRule = (rule: string, people = "") => `
people:
  - { id: ana, name: Ana, teams: ${ids.ana}, slack: T0CONTOSO/U0ANA }
  - { id: ben, name: Ben, teams: ${ids.ben}, slack: T0CONTOSO/U0BEN }
${people}
rules:
  - name: everything
    request: ["*"]
${rule}
`;

describe("a right policy file", () => {
  test("becomes a policy with its defaults, and the hash of its content as version", () => {
    expect(read(completePolicy)).toEqual({
      kind: "policy",
      warnings: [],
      policy: {
        version: expect.stringMatching(/^[0-9a-f]{64}$/),
        people: [
          {
            id: "ana",
            name: "Ana Alvarez",
            accounts: [
              { platform: "teams", tenant: ids.tenant, user: ids.ana },
              { platform: "slack", tenant: "T0CONTOSO", user: "U0ANA" },
            ],
          },
          {
            id: "ben",
            name: "Ben Becker",
            accounts: [
              { platform: "teams", tenant: ids.tenant, user: ids.ben },
              { platform: "slack", tenant: "T0CONTOSO", user: "U0BEN" },
            ],
          },
        ],
        rules: [
          {
            name: "everything",
            sites: { subscriptions: ["*"], resourceGroups: ["*"], names: ["*"] },
            request: ["*"],
            approve: ["ana", "ben"],
            quorum: 1,
            decideWithinMs: 30 * 60_000,
            applyWithinMs: 3_600_000,
            ownSite: false,
            selfApproval: false,
            notify: "when-needed",
            watch: { forMs: 600_000 },
          },
        ],
        channels: [],
        groups: [],
        delegates: [],
      },
    });
  });

  test("binds channels of both platforms to groups and subscriptions", () => {
    const result = read(`${completePolicy}
channels:
  - teams: 19:abc@thread.tacv2
    slack: [T0CONTOSO/C0ONCALL, T0CONTOSO/C0OTHER]
    resourceGroups: rg-shop-*
`);
    expect(result).toMatchObject({
      kind: "policy",
      policy: {
        channels: [
          {
            channels: [
              { platform: "teams", conversation: "19:abc@thread.tacv2" },
              { platform: "slack", tenant: "T0CONTOSO", conversation: "C0ONCALL" },
              { platform: "slack", tenant: "T0CONTOSO", conversation: "C0OTHER" },
            ],
            resourceGroups: ["rg-shop-*"],
            subscriptions: ["*"],
          },
        ],
      },
    });
  });

  test("has another version as soon as one character differs", () => {
    const first = read(completePolicy);
    const second = read(`${completePolicy}# a remark\n`);
    if (first.kind !== "policy" || second.kind !== "policy") throw new Error("not read");
    expect(second.policy.version).not.toBe(first.policy.version);
    expect(second.policy.rules).toEqual(first.policy.rules);
  });

  test("restricts a rule to sites by name patterns, one or many", () => {
    const result = read(
      withRule("    approve: [ana, ben]\n    sites: { resourceGroups: rg-shop-*, names: [shop-*, '*-web'] }"),
    );
    expect(result).toMatchObject({
      policy: {
        rules: [
          { sites: { subscriptions: ["*"], resourceGroups: ["rg-shop-*"], names: ["shop-*", "*-web"] } },
        ],
      },
    });
  });

  test("takes a Teams account of another tenant with the tenant before it", () => {
    const result = read(
      withRule(
        "    approve: [ana, ben]",
        `  - { id: cleo, name: Cleo, teams: ${ids.otherTenant}/${ids.ben} }`,
      ),
    );
    expect(result).toMatchObject({
      policy: { people: [{}, {}, { accounts: [{ tenant: ids.otherTenant, user: ids.ben }] }] },
    });
  });

  test("gives nobody a Teams account while Teams is off", () => {
    const result = readPolicy(completePolicy, { teamsTenants: [], slackTeams: ["T0CONTOSO"] });
    expect(result).toMatchObject({
      policy: { people: [{ accounts: [{ platform: "slack" }] }, { accounts: [{ platform: "slack" }] }] },
      warnings: [],
    });
  });
});

describe("a policy that is allowed but hardly meant is warned about", () => {
  test.each([
    ["nobody can approve", "    approve: []", "nobody can approve"],
    [
      "own requests that nobody can approve",
      "    approve: [ana, ben]\n    quorum: 2",
      "what ana or ben requests can never be approved",
    ],
    ["one approver who may request", "    approve: [ana]", "what ana requests can never be approved"],
  ])("%s", (_, rule, expected) => {
    expect(read(withRule(rule))).toMatchObject({
      kind: "policy",
      warnings: [expect.stringContaining(expected)],
    });
  });

  test("no rule at all", () => {
    expect(read("people: []\nrules: []")).toMatchObject({
      kind: "policy",
      warnings: [expect.stringContaining("no rule")],
    });
  });

  test("an approver of a workspace whose messages are not taken", () => {
    const result = read(
      withRule("    approve: [ana, ben, cleo]", "  - { id: cleo, name: Cleo, slack: T0OTHER/U0CLEO }"),
    );
    expect(result).toMatchObject({
      kind: "policy",
      warnings: [expect.stringContaining("cleo cannot approve")],
    });
  });
});

describe("a wrong policy file", () => {
  test.each([
    [
      "an unknown key",
      withRule("    approve: [ana, ben]\n    quorom: 2"),
      "rules[0]: has an unknown key: quorom (did you mean quorum?); known are",
    ],
    [
      "an unknown approver",
      withRule("    approve: [ana, bne]"),
      "rules[0].approve[1]: names bne, who is not under people",
    ],
    [
      "everybody as approver",
      withRule("    approve: ['*']"),
      "rules[0].approve[0]: is *, but approvers have to be named",
    ],
    [
      "an approver named twice",
      withRule("    approve: [ana, ana]"),
      "rules[0].approve[1]: names ana a second time",
    ],
    [
      "a quorum that cannot be reached",
      withRule("    approve: [ana, ben]\n    quorum: 3"),
      "rules[0].quorum: asks for 3 approvals, but only 2 people can approve",
    ],
    [
      "a quorum of nobody",
      withRule("    approve: [ana, ben]\n    quorum: 0"),
      "rules[0].quorum: is less than 1",
    ],
    [
      "a quorum in words",
      withRule("    approve: [ana, ben]\n    quorum: two"),
      "rules[0].quorum: is not a number",
    ],
    ["no approvers key", withRule("    quorum: 1"), "rules[0].approve: is missing; give a list"],
    ["approvers that are no list", withRule("    approve: ana"), "rules[0].approve: is not a list"],
    [
      "a time without a unit",
      withRule("    approve: [ana, ben]\n    decideWithin: 30"),
      "rules[0].decideWithin: is not a length of time",
    ],
    [
      "no time at all",
      withRule("    approve: [ana, ben]\n    applyWithin: 0m"),
      "rules[0].applyWithin: is not a length of time",
    ],
    [
      "a very long time",
      withRule("    approve: [ana, ben]\n    applyWithin: 31d"),
      "rules[0].applyWithin: is longer than 30d",
    ],
    [
      "an empty pattern",
      withRule("    approve: [ana, ben]\n    sites: { names: '' }"),
      "rules[0].sites.names[0]: is empty",
    ],
    [
      "a person twice",
      withRule("    approve: [ana, ben]", `  - { id: Ana, name: A, slack: T1/U1 }`),
      "people[2].id: is the id of people[0] too",
    ],
    [
      "an account of two people",
      withRule("    approve: [ana, ben]", `  - { id: eve, name: Eve, teams: ${ids.ana.toUpperCase()} }`),
      "people[2].teams: lists an account of people[0]",
    ],
    [
      "an account twice",
      withRule("    approve: [ana, ben]", "  - { id: eve, name: Eve, slack: [T1/U1, T1/U1] }"),
      "people[2].slack: lists an account twice",
    ],
    [
      "a person without account",
      withRule("    approve: [ana, ben]", "  - { id: eve, name: Eve }"),
      "people[2]: has no account",
    ],
    [
      "an e-mail address as account",
      withRule("    approve: [ana, ben]", "  - { id: eve, name: Eve, teams: eve@contoso.com }"),
      "people[2].teams[0]: is not a Teams account",
    ],
    [
      "a Slack name as account",
      withRule("    approve: [ana, ben]", "  - { id: eve, name: Eve, slack: '@eve' }"),
      "people[2].slack[0]: is not a Slack account",
    ],
    [
      "a number as id",
      withRule("    approve: [ana, ben]", "  - { id: 7, name: Eve, slack: T1/U1 }"),
      "people[2].id: is not text; put it in quotes",
    ],
    [
      "an id like a stranger's",
      withRule("    approve: [ana, ben]", "  - { id: 'slack:T1/U1', name: Eve, slack: T1/U2 }"),
      "people[2].id: is not an id",
    ],
    [
      "two rules of one name",
      withRule("    approve: [ana, ben]\n  - { name: Everything, request: ['*'], approve: [ana, ben] }"),
      "rules[1].name: is the name of rules[0] too",
    ],
    [
      "a channel that is none",
      `${completePolicy}channels: [{ teams: on-call, resourceGroups: rg }]`,
      "channels[0].teams[0]: is not a Teams channel",
    ],
    [
      "a binding of no channel",
      `${completePolicy}channels: [{ resourceGroups: rg }]`,
      "channels[0]: names no channel",
    ],
    [
      "a binding to nothing",
      `${completePolicy}channels: [{ slack: T1/C1 }]`,
      "channels[0]: is bound to nothing",
    ],
    [
      "the own site by a word",
      withRule("    approve: [ana, ben]\n    ownSite: 'yes'"),
      "rules[0].ownSite: is neither true nor false",
    ],
    ["no rules", "people: []", "rules: is missing; give a list"],
    ["an empty file", "", "the file: has no value; give it the keys people, rules"],
    ["something else", "- a\n- b", "the file: is not a map"],
  ])("%s is one problem", (_, text, expected) => {
    const problems = problemsOf(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(expected);
  });

  test("is told all at once, in its form and in what does not fit together", () => {
    const problems = problemsOf(`
people:
  - { id: ana, name: Ana, teams: nobody }
  - { id: ben, name: Ben, slack: T1/U1 }
rules:
  - { name: one, request: ["*"], approve: [ana, ben], quorum: 3 }
  - { name: two, request: [zoe], approve: [ben], decideWithin: soon }
  - { name: three, request: [zoe], approve: [ben] }
`);
    expect(problems).toHaveLength(4);
    expect(problems).toEqual([
      expect.stringMatching(/^people\[0\]\.teams\[0\]: /),
      expect.stringMatching(/^rules\[1\]\.decideWithin: /),
      expect.stringMatching(/^rules\[0\]\.quorum: /),
      expect.stringMatching(/^rules\[2\]\.request\[0\]: names zoe/),
    ]);
  });

  test("YAML mistakes are told with their line and without an excerpt", () => {
    const problems = problemsOf("people: []\nrules:\n  - name: [unclosed\nsecret: hunter2-hunter2");
    expect(problems.length).toBeGreaterThan(0);
    expect(problems[0]).toMatch(/^line \d+: is not valid YAML \(.+\); mend it there$/);
    expect(problems.join()).not.toContain("hunter2");
  });

  test("an alias bomb is refused", () => {
    const levels = Array.from(
      { length: 12 },
      (_, i) =>
        `x${i}: &x${i} [${Array(9)
          .fill(i === 0 ? "a" : `*x${i - 1}`)
          .join(",")}]`,
    );
    expect(problemsOf(levels.join("\n"))).toEqual(["the file: has too many aliases; write the values out"]);
  });
});

describe("whatever stands in the file", () => {
  test("it is a policy or a list of problems, never an exception", () => {
    const yamlLike = fc.oneof(
      fc.string(),
      fc.json(),
      fc.record({ people: fc.anything(), rules: fc.anything() }).map((value) => JSON.stringify(value) ?? ""),
    );
    fc.assert(
      fc.property(yamlLike, (text) => {
        const result = read(text);
        if (result.kind === "invalid") expect(result.problems.length).toBeGreaterThan(0);
      }),
    );
  });

  test("no listed person has the id that an unlisted account gets", () => {
    const id = fc.oneof(fc.string(), fc.constantFrom(`teams:${ids.tenant}/${ids.ana}`, "slack:T1/U1"));
    fc.assert(
      fc.property(id, (someId) => {
        const result = read(
          JSON.stringify({ people: [{ id: someId, name: "X", slack: "T1/U1" }], rules: [] }),
        );
        if (result.kind === "invalid") return;
        for (const { accounts } of result.policy.people) {
          for (const account of accounts) expect(someId).not.toBe(accountKey(account));
        }
        expect(someId).not.toMatch(/[:/*]/);
      }),
    );
  });
});
