import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startRoutebot } from "../cli/run-routebot.ts";
import { completeEnvironment, completePolicy } from "../config/complete-environment.ts";
import { Playground, slackChannel, teamsChannel } from "../support/playground.ts";

let playground: Playground;
beforeAll(async () => {
  playground = await Playground.start();
});
afterAll(() => playground?.stop());

test("what happened in both chats is told there, exported, and verified against the anchor; a forged record is not", async () => {
  const wish = "route all traffic for app-x";
  const card = await playground.ask(teamsChannel, "robin", wish, "Waiting for approval");
  const id = /CR-\d+/.exec(card.plainText)?.[0] ?? "";
  const [platform, other] = [teamsChannel, slackChannel];
  const pending = await playground.ask(other, "ben", "what is waiting for approval?", `${id} `);
  expect(pending.plainText).toContain("you can decide");
  await playground.click(platform, "olga", { on: card, action: "Approve" });
  const { seq } = await playground.click(platform, "ana", { on: card, action: "Approve", times: 3 });
  await playground.sees(platform, "robin", { after: seq, contains: ": confirmed" });

  // Seals come from a process that dies, too: what is not anchored yet is caught up with.
  await playground.kill();
  for (const where of [platform, other]) {
    const told = await playground.ask(where, "robin", `history of ${id}`, `History of ${id}`);
    expect(told.plainText).toContain("Robin Reyes asked for it (Teams, text)");
    expect(told.plainText).toContain("Olga");
    expect(told.plainText).toContain("Ana Alvarez approved it, 1 of 1 (Teams, button)");
    expect(told.plainText).toContain("read back and confirmed");
    const site = await playground.ask(where, "ben", "history of app-x", "Requests for app-x");
    expect(site.plainText).toContain(`${id} Application traffic`);
  }
  // Who may see no site is told of none.
  await playground.ask(slackChannel, "olga", `history of ${id}`, `I know no change request ${id}`);

  await playground.end();
  const folder = playground.data;
  await writeFile(join(folder, "routebot.yaml"), completePolicy);
  const environment = { ...completeEnvironment, ROUTEBOT_DATA_DIR: "bot" };
  const audit = (...words: readonly string[]) =>
    startRoutebot(["audit", ...words], { folder, environment }).ended;
  await writeFile(join(folder, "public.pem"), (await audit("key")).stdout);
  const exported = (await audit("export")).stdout;
  await writeFile(join(folder, "export.jsonl"), exported);
  const verify = (file: string) =>
    audit("verify", file, "--anchor", "audit-anchor.jsonl", "--key", "public.pem");

  const whole = await verify("export.jsonl");
  expect(whole.stdout).toMatch(/^whole: \d+ records/);
  const [, records, anchored] =
    /^whole: (\d+) records.*the last one with record (\d+)\.$/m.exec(whole.stdout) ?? [];
  // It was sealed when it stopped.
  expect(anchored).toBe(records);
  expect(exported.match(/\\"kind\\":\\"approval\\"/g)).toHaveLength(1);

  await writeFile(join(folder, "forged.jsonl"), exported.replace("Ana Alvarez", "Eve Evans"));
  expect((await verify("forged.jsonl")).stdout).toMatch(
    /^broken at record \d+: the record is not what was written/,
  );
  expect(await readFile(join(folder, "bot.log"), "utf8")).not.toContain("audit-not-sealed");
});
