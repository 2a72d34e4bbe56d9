import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { Playground, slackChannel, teamsChannel } from "../support/playground.ts";

let playground: Playground;
beforeAll(async () => {
  playground = await Playground.start();
  const policy = join(playground.data, "policy.yaml");
  const text = await readFile(policy, "utf8");
  await writeFile(
    policy,
    text.replace(
      /^( +)quorum: 1$/m,
      "$1quorum: 1\n$1watch: { for: 1m, probe: /health }\n$1quickUndo: [requester]",
    ),
  );
  // An edit counts after a second; a bot that starts reads it at once.
  await playground.kill();
  await vi.waitFor(async () => expect((await playground.botState()).state).toBe("ready"), {
    timeout: 60_000,
    interval: 100,
  });
});
afterAll(() => playground?.stop());

const requestIn = (text: string) => /CR-\d+/.exec(text)?.[0] ?? "no request";

test("Teams: a temporary change that somebody else has edited is asked about at its end, with the edit", async () => {
  const card = await playground.ask(
    teamsChannel,
    "robin",
    "route all traffic for app-x for 2 hours",
    "Waiting for approval",
  );
  expect(card.plainText).toContain("temporary, 2 hours");
  expect(card.plainText).toContain("Then it is turned back without another approval");
  const approved = await playground.click(teamsChannel, "ana", { on: card, action: "Approve" });
  await playground.sees(teamsChannel, "robin", { after: approved.seq, contains: ": confirmed" });
  const id = requestIn(card.plainText);
  const running = await playground.sees(teamsChannel, "robin", {
    id: card.id,
    contains: "To be turned back at",
  });

  await playground.drift("app-x", { contentShareTraffic: true });
  const ended = await playground.click(teamsChannel, "robin", { on: running, action: "End now" });
  const asking = await playground.sees(teamsChannel, "ben", {
    after: ended.seq,
    contains: `End of ${id}`,
  });
  expect(asking.plainText).toContain("Waiting for approval");
  expect(asking.plainText).toContain("contentShareTraffic was false and is true");
  expect((await playground.routing("app-x")).applicationTraffic).toBe(true);

  const decided = await playground.click(teamsChannel, "ben", { on: asking, action: "Approve" });
  await playground.sees(teamsChannel, "robin", { after: decided.seq, contains: ": confirmed" });
  expect(await playground.routing("app-x")).toMatchObject({
    applicationTraffic: false,
    contentShareTraffic: true,
  });
});

test("Slack: a site that answers worse after a change is told with a button, and the button undoes at once where the rule says so", async () => {
  const card = await playground.ask(
    slackChannel,
    "robin",
    "route all traffic for app-y",
    "Waiting for approval",
  );
  const approved = await playground.click(slackChannel, "ben", { on: card, action: "Approve" });
  await playground.sees(slackChannel, "robin", { after: approved.seq, contains: ": confirmed" });
  await playground.change("app-y", { properties: { frontStatus: 503 } });

  const id = requestIn(card.plainText);
  const worse = await playground.sees(slackChannel, "ben", {
    after: approved.seq,
    contains: `Worse since ${id}`,
    timeoutMs: 40_000,
  });
  expect(worse.plainText).toContain("answered 200 before and answered 503 now");
  const pressed = await playground.click(slackChannel, "robin", { on: worse, action: `Undo ${id}` });
  const done = await playground.sees(slackChannel, "robin", {
    after: pressed.seq,
    contains: "Undone at once by Robin",
  });
  expect(done.plainText).toContain("(requester), as the rule allows without another approval");
  await playground.sees(slackChannel, "ben", {
    after: pressed.seq,
    contains: `${requestIn(done.plainText)}: confirmed`,
  });
  expect((await playground.routing("app-y")).applicationTraffic).toBe(false);
}, 90_000);
