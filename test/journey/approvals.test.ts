import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { Playground, slackChannel, teamsChannel } from "../support/playground.ts";

const policySchema = z.looseObject({
  people: z.array(z.looseObject({ id: z.string(), slack: z.string().optional() })),
  rules: z.array(z.looseObject({ name: z.string() })),
});
type PolicyContent = z.infer<typeof policySchema>;

let playground: Playground;
let policyFile: string;
let original: PolicyContent;
beforeAll(async () => {
  playground = await Playground.start();
  policyFile = join(playground.data, "policy.yaml");
  original = policySchema.parse(parse(await readFile(policyFile, "utf8")));
});
afterAll(() => playground?.stop());

let policies = 0;

/** Puts a policy in force while the bot runs: it is when the bot names its rules, which have names of their own each time. */
async function putInForce(policy: PolicyContent, words: string): Promise<void> {
  const edition = `edition ${++policies}`;
  const rules = policy.rules.map((rule) => ({ ...rule, name: `${rule.name}, ${edition}` }));
  await writeFile(policyFile, stringify({ ...policy, rules }));
  const answer = async () =>
    (await playground.ask(teamsChannel, "robin", "who can approve changes for app-x?", "can be approved by"))
      .plainText;
  await expect
    .poll(answer, { timeout: 20_000, interval: 500 })
    .toSatisfy((text: string) => text.includes(`, ${edition}"`) && text.includes(words));
}
const under = (rule: object): PolicyContent => ({
  ...original,
  rules: original.rules.map((one) => ({ ...one, ...rule })),
});

test("one approver in Slack and one in Teams decide together, and both cards show it", async () => {
  const policy = under({ quorum: 2 });
  const people = policy.people.map(({ slack, ...person }) =>
    person.id === "ben" || slack === undefined ? person : { ...person, slack },
  );
  await putInForce({ ...policy, people }, "Approvals needed | 2, by");
  const inSlack = await playground.ask(
    slackChannel,
    "robin",
    "turn on image pull for app-x",
    "Waiting for approval",
  );
  const id = /CR-\d+/.exec(inSlack.plainText)?.[0] ?? "";
  const direct = { platform: "teams", conversation: "direct" } as const;
  const inTeams = await playground.sees(direct, "ben", { contains: `${id}: Container image pull` });

  await playground.click(slackChannel, "ana", { on: inSlack, action: "Approve" });
  await playground.sees(direct, "ben", { id: inTeams.id, contains: "One approval by Ben Becker" });
  expect((await playground.routing("app-x")).imagePullTraffic).toBe(false);
  await playground.click(direct, "ben", { on: inTeams, action: "Approve" });
  await playground.sees(slackChannel, "robin", { contains: `${id}: confirmed` });
  for (const [where, as, on] of [
    [slackChannel, "robin", inSlack],
    [direct, "ben", inTeams],
  ] as const) {
    const seen = await playground.sees(where, as, {
      id: on.id,
      contains: "Approved by Ana Alvarez and Ben Becker",
    });
    expect(seen.actions).toEqual([]);
  }
  expect((await playground.routing("app-x")).imagePullTraffic).toBe(true);
});

test("in Teams each person sees the card that is theirs", async () => {
  await putInForce(original, "Ana Alvarez or Ben Becker");
  const card = await playground.ask(
    teamsChannel,
    "robin",
    "turn on image pull for shop-web",
    "Waiting for approval",
  );
  const titles = async (as: "robin" | "ana" | "olga", contains: string) => {
    const { actions } = await playground.sees(teamsChannel, as, { id: card.id, contains });
    return actions.map(({ title }) => title);
  };
  expect(await titles("robin", "somebody else has to approve it")).toEqual(["Cancel request"]);
  expect(await titles("olga", "You are not an approver for this site")).toEqual([]);
  expect(await titles("ana", "Waiting for approval")).toEqual(
    expect.arrayContaining(["Approve", "Reject", "Cancel request"]),
  );

  // Hiding is comfort: a client that has not asked for its view still shows the button, and the click is checked.
  const clicked = await playground.click(teamsChannel, "olga", { on: card, action: "Approve" });
  expect(JSON.stringify(clicked.reply)).toContain("not an approver");
  await playground.click(teamsChannel, "robin", { on: card, action: "Cancel request" });
  await playground.sees(teamsChannel, "olga", { id: card.id, contains: "Cancelled" });
});

test("a delegate decides in place of somebody who is away", async () => {
  const delegates = [{ person: "ben", to: "olga", since: "2020-01-01", until: "2100-01-01" }];
  await putInForce({ ...original, delegates }, "Olga Outsider (for Ben Becker");
  const card = await playground.ask(
    teamsChannel,
    "robin",
    "turn on image pull for shop-web",
    "Waiting for approval",
  );
  const refused = await playground.click(teamsChannel, "ben", { on: card, action: "Approve" });
  expect(JSON.stringify(refused.reply)).toContain("not an approver");
  const { seq } = await playground.click(teamsChannel, "olga", { on: card, action: "Approve" });
  const told = await playground.sees(teamsChannel, "robin", { after: seq, contains: ": confirmed" });
  expect(told.plainText).toContain("Approved by Olga Outsider");
});

test("the members of groups in Entra ID and Slack decide, and nobody else", async () => {
  const groups = [
    { name: "leads", entra: "8d1f5c60-3e7b-4a92-bd04-6f2a9c8e1b07" },
    { name: "approvers", slack: "T0CONTOSO/S0APPROVE" },
  ];
  await putInForce({ ...under({ approve: ["group:leads"] }), groups }, "Ana Alvarez or Ben Becker");
  await putInForce({ ...under({ approve: ["group:approvers"] }), groups }, "Ana Alvarez or Ben Becker");
  const gone = [{ name: "leads", entra: "00000000-0000-4000-8000-000000000000" }];
  await putInForce({ ...under({ approve: ["group:leads"] }), groups: gone }, "could not be read");
  const card = await playground.ask(
    teamsChannel,
    "robin",
    "turn on image pull for app-y",
    "Waiting for approval",
  );
  const refused = await playground.click(teamsChannel, "ana", { on: card, action: "Approve" });
  expect(JSON.stringify(refused.reply)).toContain("I could not read who is in leads");

  await putInForce({ ...under({ approve: ["group:leads"] }), groups }, "Ana Alvarez or Ben Becker");
  const { seq } = await playground.click(teamsChannel, "ana", { on: card, action: "Approve" });
  await playground.sees(teamsChannel, "robin", { after: seq, contains: ": confirmed" });
});
