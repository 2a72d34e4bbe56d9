import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Conversation, Playground, slackChannel, teamsChannel } from "../support/playground.ts";

let playground: Playground;
beforeAll(async () => {
  playground = await Playground.start();
});
afterAll(() => playground?.stop());
beforeEach(() => playground.faults([]));

const audit = (where: Conversation, as: "robin" | "olga", text: string) =>
  playground.ask(where, as, text, "Read from Azure");

test("an audit in Teams: what is routed, from lists; slots of a group among them; more than fits follows", async () => {
  const before = await playground.lastSequence();
  const result = await audit(teamsChannel, "robin", "audit rg-shop");
  expect(result.plainText).toContain("Outbound routing in resource group rg-shop");
  expect(result.plainText).toMatch(/\d+ of \d+ sites do not comply with Azure's built-in routing policies/);
  expect(result.plainText).toContain("App settings were not read");
  expect(await playground.armRequests("shop-web", before)).toEqual([]);
  expect(await playground.armRequests("app-x", before)).toEqual([]);
});

test("an audit in Slack ends with a file that holds every site", async () => {
  const { seq } = await playground.say(slackChannel, "robin", "list all apps");
  await playground.sees(slackChannel, "robin", { after: seq, contains: "Outbound routing of all sites" });
  const file = await playground.sees(slackChannel, "robin", { after: seq, contains: ".csv" });
  const world = await playground.world("robin");
  const text = world.messages.find(({ id }) => id === file.id)?.text ?? "";
  const url = /<(http:[^|>]+)\|/.exec(text)?.[1] ?? "";
  const response = await fetch(url);
  expect(response.headers.get("content-disposition")).toBe("attachment");
  const lines = (await response.text()).split("\r\n");
  expect(lines[0]).toContain('"site","resourceGroup"');
  expect(lines.some((line) => line.startsWith('"shop-web","rg-shop"'))).toBe(true);
});

test("legacy settings: said before what it takes, then read one by one; what may not be read is said", async () => {
  const before = await playground.lastSequence();
  const result = await playground.ask(
    teamsChannel,
    "robin",
    "which sites in rg-shop use legacy settings",
    "Read from Azure",
  );
  expect(result.plainText).toContain("shop-legacy");
  expect(result.plainText).toContain("WEBSITE_VNET_ROUTE_ALL on");
  const asked = await playground.armRequests("shop-legacy", before);
  expect(asked.map(({ method }) => method)).toEqual(["POST"]);
});

test("who has no rights sees no name", async () => {
  const { seq } = await playground.say(teamsChannel, "olga", "list all apps");
  const answer = await playground.sees(teamsChannel, "olga", {
    after: seq,
    contains: "There is no site that you may",
  });
  expect(answer.plainText).not.toMatch(/shop-|app-/);
});

test("killed in the middle, the audit is gone on with: one message, and it is complete", async () => {
  const whole = await audit(teamsChannel, "robin", "which apps do not route all traffic");
  const [, counts] = /(\d+ of \d+) sites/.exec(whole.plainText) ?? [];
  await playground.faults([
    { match: { route: "sites/list" }, times: null, fault: { kind: "slow", delayMs: 1_500 } },
  ]);
  const since = await playground.lastSequence();
  const { seq } = await playground.say(teamsChannel, "robin", "which apps do not route all traffic");
  const began = await playground.sees(teamsChannel, "robin", {
    after: seq,
    contains: "I am reading the sites",
  });
  await listBegan(since);
  await playground.kill();
  await playground.faults([]);
  const result = await playground.sees(teamsChannel, "robin", {
    after: seq,
    contains: "Read from Azure",
    timeoutMs: 90_000,
  });
  expect(result.id).toBe(began.id);
  expect(result.plainText).toContain(`${counts} sites`);
});

/** A list has been answered slowly: the bot waits for the next page. */
async function listBegan(since: number): Promise<void> {
  for (const limit = performance.now() + 20_000; performance.now() < limit; await pause(20)) {
    if ((await playground.lastSequence()) > since) return;
  }
  throw new Error("no list was asked for");
}
