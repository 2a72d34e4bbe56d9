import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Conversation, Playground, slackChannel, teamsChannel } from "../support/playground.ts";

let playground: Playground;
beforeAll(async () => {
  playground = await Playground.start();
});
afterAll(() => playground?.stop());

/** Sites of the local Azure for each chat, so that no journey depends on another. */
const journeys = [
  {
    where: teamsChannel,
    group: "rg-shop",
    typo: "shop-wbe",
    meant: "shop-web",
    site: "app-x",
    next: "app-y",
  },
  {
    where: slackChannel,
    group: "rg-shop-dev",
    typo: "shop-ap",
    meant: "shop-api",
    site: "shop-reviews",
    next: "shop-web-dev",
  },
] as const;

describe.each(journeys)("in $where.platform", ({ where, group, typo, meant, site, next }) => {
  const direct: Conversation = { platform: where.platform, conversation: "direct" };

  test("a name that two sites have is asked back, and the choice continues the same request", async () => {
    const question = await playground.ask(
      where,
      "robin",
      "turn on backup over vnet for orders-api because the firewall is ready",
      '2 sites fit "orders-api"',
    );
    expect(question.plainText).toContain("rg-shop-dev");
    const button = question.actions.find(({ title }) => title.includes(`in ${group},`));
    if (button === undefined) throw new Error(`no button: ${JSON.stringify(question.actions)}`);

    const wrong = await playground.click(where, "ana", { on: question, action: button.key });
    expect(await noticeOf(where, "ana", wrong)).toContain("This question is for Robin Reyes");

    const { seq } = await playground.click(where, "robin", { on: question, action: button.key, times: 2 });
    const card = await playground.sees(where, "ana", { after: seq, contains: "Waiting for approval" });
    expect(card.plainText).toContain("orders-api");
    expect(card.plainText).toContain(group);
    expect(card.plainText).toContain("the firewall is ready");
    expect(card.thread ?? card.id).toBe(question.thread ?? question.id);
    const settled = await playground.sees(where, "ben", { id: question.id, contains: "Robin Reyes chose" });
    expect(settled.actions).toEqual([]);
    await playground.click(where, "robin", { on: card, action: "Cancel request" });
  });

  test("a name with a typo: did you mean, which takes nothing by itself", async () => {
    const before = await playground.lastSequence();
    const question = await playground.ask(where, "robin", `status of ${typo}`, "Did you mean");
    expect(await playground.armRequests(meant, before)).toEqual([]);
    const button = question.actions.find(({ title }) => title.includes(`${meant} in rg-shop`));
    if (button === undefined) throw new Error(`no button: ${JSON.stringify(question.actions)}`);
    const { seq } = await playground.click(where, "robin", { on: question, action: button.key });
    await playground.sees(where, "robin", { after: seq, contains: `Outbound routing of ${meant}` });
  });

  test("none of these ends it", async () => {
    const question = await playground.ask(where, "ana", "route all traffic for orders-api", "Which one");
    await playground.click(where, "ana", { on: question, action: "None of these" });
    const settled = await playground.sees(where, "ana", { id: question.id, contains: "Nothing was done" });
    expect(settled.actions).toEqual([]);
  });

  test("names are not shown to somebody without rights", async () => {
    const several = await playground.ask(where, "olga", "status of orders-api", "Several sites fit");
    expect(several.plainText).not.toContain("rg-shop");
    const none = await playground.ask(where, "olga", `status of ${typo}`, "I know no site");
    expect(none.plainText).not.toContain(meant);
  });

  test("in the thread of a request: status, turn it off again, and a question when two sites could be meant", async () => {
    const card = await playground.ask(
      where,
      "robin",
      `turn on backup over vnet for ${site}`,
      "Waiting for approval",
    );
    const thread = card.thread ?? card.id;
    const reply = async (text: string, contains: string) => {
      const { seq } = await playground.say(where, "robin", text, thread);
      return playground.sees(where, "robin", { after: seq, contains });
    };
    await reply("status", `Outbound routing of ${site}`);
    const { seq } = await playground.click(where, "ana", { on: card, action: "Approve" });
    await playground.sees(where, "robin", { after: seq, contains: ": confirmed" });

    const off = await reply("turn it off again", "Waiting for approval");
    expect(off.plainText).toContain(site);
    expect(off.plainText).toContain("Backup and restore off");
    await playground.click(where, "robin", { on: off, action: "Cancel request" });

    const same = await reply(`turn on backup over vnet for ${next}`, "Waiting for approval");
    expect(same.plainText).toContain(next);
    const asked = await reply("turn it off again", "Which one do you mean");
    expect(asked.actions.map(({ title }) => title)).toEqual([
      expect.stringContaining(next),
      expect.stringContaining(site),
      "None of these",
    ]);
    await playground.click(where, "robin", { on: asked, action: "None of these" });
    await playground.click(where, "robin", { on: same, action: "Cancel request" });
  });

  test("same for another site is the same request, which was only to be tried", async () => {
    const text = "what would happen if we route managed identity traffic for shop-web?";
    const first = await playground.ask(
      where,
      "robin",
      text,
      "Dry run: Managed identity tokens on for shop-web",
    );
    const { seq } = await playground.say(where, "robin", "same for shop-web-dev", first.thread ?? first.id);
    const expected = "Dry run: Managed identity tokens on for shop-web-dev";
    const second = await playground.sees(where, "robin", { after: seq, contains: expected });
    const thread = first.thread ?? first.id;
    expect(second.thread).toBe(thread);
    await playground.say(where, "robin", "same for shop-web", thread);
    const slot = await playground.say(where, "robin", "and the staging slot", thread);
    const third = "Managed identity tokens on for shop-web/staging";
    await playground.sees(where, "robin", { after: slot.seq, contains: third });
  });

  test("a direct chat remembers its last subject", async () => {
    await playground.ask(direct, "ana", "status of app-y", "Outbound routing of app-y");
    await playground.ask(direct, "ana", "is it routed?", "Outbound routing of app-y");
  });

  test("help shows what each person may do, with a site that they see", async () => {
    const robins = await playground.ask(where, "robin", "help", "You may ask for changes");
    expect(robins.plainText).toContain("route all traffic for app-x");
    const olgas = await playground.ask(where, "olga", "help", "You may look");
    expect(olgas.plainText).not.toContain("route all traffic for");
  });
});

/** What the person was told alone: in the answer to the click (Teams), or in an ephemeral message (Slack). */
async function noticeOf(
  where: Conversation,
  as: "ana",
  clicked: Awaited<ReturnType<Playground["click"]>>,
): Promise<string> {
  if (where.platform === "teams") return JSON.stringify(clicked.reply);
  const told = await playground.sees(where, as, { after: clicked.seq });
  expect(told.ephemeral).toBe(true);
  return told.plainText;
}
