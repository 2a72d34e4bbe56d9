import { expect, test } from "vitest";
import { checkPolicyText } from "../../src/cli/policy/check-policy-text.ts";
import { explainOffline } from "../../src/cli/policy/explain-offline.ts";
import { readPolicy } from "../../src/config/read-policy.ts";
import { withMembers } from "../../src/domain/change/group-members.ts";
import { FlowWorld, people, type Who } from "../support/flow-world.ts";
import { type Example, readPolicyPage } from "../support/policy-page.ts";

const tenant = "6a1f0c1e-0000-4000-8000-000000000000";
const context = { teamsTenant: tenant, teamsTenants: [tenant], slackTeams: ["T0CONTOSO"], stepUp: true };
const sections = readPolicyPage();
const examples = sections.flatMap(({ policy, examples }) =>
  examples.map((example) => [titleOf(example), policy, example] as const),
);

function titleOf(example: Example): string {
  return example.kind === "console" ? example.words.join(" ") : `${example.who}: ${example.says}`;
}

test("the page has examples of every kind", () => {
  expect(sections.length).toBeGreaterThanOrEqual(3);
  expect(new Set(examples.map(([, , { kind }]) => kind))).toEqual(new Set(["console", "chat"]));
});

test.each(sections.map(({ policy }, index) => [index + 1, policy] as const))(
  "policy %i of the page is valid and nothing of it is hardly meant",
  (_, policy) => {
    const { lines, code } = checkPolicyText(policy, context);
    expect({ lines, code }).toEqual({ lines: [expect.stringMatching(/^valid: /)], code: 0 });
  },
);

test.each(examples)("%s", async (_, text, example) => {
  if (example.kind === "console") {
    const { words, prints, at } = example;
    const option = (name: string) => {
      const index = words.indexOf(name);
      return index < 0 ? undefined : words[index + 1];
    };
    const group = option("--group");
    const [tagName, tagValue = ""] = option("--tag")?.split("=") ?? [];
    const { lines } = explainOffline({
      text,
      context,
      at,
      as: option("--as") ?? "",
      change: option("--change") ?? "",
      ...(group === undefined ? {} : { group }),
      tags: tagName === undefined ? {} : { [tagName]: tagValue },
    });
    expect(lines).toEqual(prints);
    return;
  }
  const read = readPolicy(text, context);
  if (read.kind !== "policy") throw new Error("the policy is not valid");
  const world = new FlowWorld();
  world.policyInForce = withMembers(read.policy, new Map(), world.clock.now());
  const who = Object.keys(people).find((name): name is Who => name === example.who);
  if (!who) throw new Error(`nobody is called ${example.who}`);
  await world.say(who, example.says);
  expect(world.latest).toBe(example.hears);
});
