import { personSchema, ruleSchema } from "../../config/policy-schema.ts";
import type { Found } from "./answers.ts";
import type { Chats } from "./ask-chats.ts";
import type { Asker } from "./asker.ts";
import { judgeBy } from "./judge-answer.ts";
import { type Person, type PolicyAnswers, policyText, type Role } from "./policy-text.ts";

/** What the accounts of people are asked with. */
export type Workspaces = { readonly chats: Chats; readonly slackTeams: readonly string[] };

/** The first policy: some people and one rule. */
export async function askPolicy(ask: Asker, found: Found, workspaces: Workspaces): Promise<string> {
  ask.say(
    "Who may ask for changes, and who may approve them. Only who is listed may, and nobody approves what they asked for themselves.",
  );
  const people: Person[] = [];
  while (await ask.another({ at: "people", text: "Another person?", count: people.length })) {
    people.push(await askPerson(ask, found, workspaces, people));
  }
  if (people.length === 0) people.push(await askPerson(ask, found, workspaces, people));
  const approvers = people.filter(({ role }) => role !== "request");
  if (approvers.length === 0)
    ask.say("Nobody of these may approve: no request can be carried out until somebody may.");
  return policyText(await askRule(ask, people, approvers.length));
}

async function askRule(ask: Asker, people: readonly Person[], approvers: number): Promise<PolicyAnswers> {
  const groups = await ask.write({
    at: "rule.resourceGroups",
    text: "Resource groups whose sites they may change",
    hint: "Separated by commas, * for any characters",
    initial: "*",
    judge: (answer) => judgeBy(ruleSchema.shape.sites, { resourceGroups: listed(answer) }),
  });
  const everybody = await ask.agree({
    at: "rule.everybody",
    text: "May everybody who can write to the bot ask for changes there, listed or not?",
    initial: false,
  });
  const quorum = await ask.write({
    at: "rule.quorum",
    text: "How many of the approvers have to approve",
    initial: "1",
    judge: (answer) =>
      judgeBy(ruleSchema.shape.quorum, Number(answer)) ??
      (Number(answer) > Math.max(1, approvers)
        ? `That is more than the ${approvers === 1 ? "one approver" : `${approvers} approvers`} listed; give a smaller number.`
        : undefined),
  });
  const stop = await ask.agree({
    at: "rule.approversStop",
    text: 'May the approvers also stop all changes at once ("freeze all")?',
    initial: true,
  });
  return { people, resourceGroups: listed(groups), everybody, quorum: Number(quorum) || 1, stop };
}

async function askPerson(
  ask: Asker,
  found: Found,
  { chats, slackTeams }: Workspaces,
  before: readonly Person[],
): Promise<Person> {
  const at = `people[${before.length}]`;
  const name = await ask.write({
    at: `${at}.name`,
    text: "Name of a person",
    judge: (answer) => judgeBy(personSchema.shape.name, answer),
  });
  const id = await ask.write({
    at: `${at}.id`,
    text: `Short id of ${name}, which rules and the audit use`,
    initial: freeId(name, before),
    judge: (answer) =>
      judgeBy(personSchema.shape.id, answer) ??
      (before.some((other) => other.id.toLowerCase() === answer.toLowerCase())
        ? "Somebody else has that id; give another one."
        : undefined),
  });
  // With both chats one account is enough; with one chat it has to be there.
  const teams =
    chats === "slack" ? "" : await askTeamsAccount(ask, found, { at, name, optional: chats === "both" });
  const slack =
    chats === "teams" ? "" : await askSlackAccount(ask, slackTeams, { at, name, optional: teams !== "" });
  const role = await ask.choose<Role>({
    at: `${at}.may`,
    text: `What ${name} may do`,
    options: [
      { value: "both", label: "Ask for changes and approve those of others" },
      { value: "approve", label: "Approve" },
      { value: "request", label: "Ask" },
    ],
    initial: "both",
  });
  return { id, name, ...(teams !== "" && { teams }), ...(slack !== "" && { slack }), role };
}

type Account = { readonly at: string; readonly name: string; readonly optional: boolean };

const email = /^[^\s@/]+@[^\s@/]+\.[^\s@/]+$/;

async function askTeamsAccount(
  ask: Asker,
  { accountOf }: Found,
  { at, name, optional }: Account,
): Promise<string> {
  const blank = {
    at: `${at}.teams`,
    text: `Entra object id of ${name}, for Teams`,
    hint: "Or the e-mail address, which the Azure CLI is then asked about",
    ...(optional && { initial: "" }),
  };
  const judgeId = (answer: string) =>
    email.test(answer)
      ? `That address cannot be looked up here; give the id: az ad user show --id ${answer} --query id --output tsv`
      : judgeBy(personSchema.shape.teams, answer);
  const answer = await ask.write({
    ...blank,
    judge: (given) => (email.test(given) ? undefined : judgeId(given)),
  });
  if (!email.test(answer)) return answer;
  const found = await accountOf(answer);
  if (found === undefined || judgeId(found) !== undefined) {
    const text = `The Azure CLI does not know that address here. Entra object id of ${name}`;
    return ask.write({ ...blank, text, judge: judgeId });
  }
  ask.say(`${answer} is ${found}.`);
  return found;
}

async function askSlackAccount(
  ask: Asker,
  teams: readonly string[],
  { at, name, optional }: Account,
): Promise<string> {
  const [team] = teams;
  const whole = (answer: string) =>
    answer.includes("/") || team === undefined ? answer : `${team}/${answer}`;
  const answer = await ask.write({
    at: `${at}.slack`,
    text: `Slack member id of ${name}`,
    hint: "In Slack: the person's profile, …, Copy member ID (U…); TEAM/U… for another workspace",
    ...(optional && { initial: "" }),
    judge: (given) => judgeBy(personSchema.shape.slack, whole(given)),
  });
  return answer === "" ? "" : whole(answer);
}

/** The first name in small letters, with a number where it is taken. */
function freeId(name: string, before: readonly Person[]): string {
  const plain = name
    .normalize("NFD")
    .toLowerCase()
    .replaceAll(/[^a-z0-9 ._-]/g, "");
  const first = plain.split(" ").find((word) => /^[a-z0-9]/.test(word)) ?? "person";
  const taken = new Set(before.map(({ id }) => id.toLowerCase()));
  if (!taken.has(first)) return first;
  for (let number = 2; ; number += 1) if (!taken.has(`${first}${number}`)) return `${first}${number}`;
}

export function listed(answer: string): readonly string[] {
  return answer
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}
