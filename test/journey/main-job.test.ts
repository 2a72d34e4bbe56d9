import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Conversation, Playground, slackChannel, teamsChannel } from "../support/playground.ts";

let playground: Playground;
beforeAll(async () => {
  playground = await Playground.start();
});
afterAll(() => playground?.stop());

/** A site of the local Azure for each journey, so that none depends on another. */
const journeys = [
  { where: teamsChannel, site: "app-x", rejected: "app-y", texted: "shop-web" },
  { where: slackChannel, site: "shop-api", rejected: "app-y", texted: "shop-web/staging" },
] as const;

describe.each(journeys)("in $where.platform", ({ where, site, rejected, texted }) => {
  test("a change is asked for, not approved by oneself or an outsider, approved by another, applied and confirmed", async () => {
    const before = await playground.lastSequence();
    const card = await playground.ask(
      where,
      "robin",
      `route all traffic for ${site}`,
      "Waiting for approval",
    );
    expect(card.plainText).toContain(site);
    expect(card.plainText).toContain("Application traffic (Route All)");

    const own = await playground.click(where, "robin", { on: card, action: "Approve" });
    expect(await noticeOf(where, "robin", own)).toContain("somebody else has to approve it");
    const outsider = await playground.click(where, "olga", { on: card, action: "Approve" });
    expect(await noticeOf(where, "olga", outsider)).toContain("not an approver");
    expect((await playground.routing(site)).applicationTraffic).toBe(false);

    const { seq } = await playground.click(where, "ana", { on: card, action: "Approve" });
    const confirmation = await playground.sees(where, "robin", { after: seq, contains: ": confirmed" });
    expect(confirmation.plainText).toContain("Approved by Ana Alvarez, applied, and read back from Azure");
    expect(confirmation.plainText).toContain("through the VNet");
    expect(confirmation.thread ?? confirmation.id).toBe(card.thread ?? card.id);
    expect((await playground.routing(site)).applicationTraffic).toBe(true);

    for (const viewer of ["robin", "ana", "olga"] as const) {
      const seen = await playground.sees(where, viewer, { id: card.id, contains: "Done." });
      expect(seen.actions).toEqual([]);
      expect(seen.plainText).toContain("Ana Alvarez");
    }

    const requests = await playground.armRequests(site, before);
    const counted = requests.filter(({ path }) => !path.includes("/config/"));
    expect(counted.map(({ method }) => method)).toEqual(["GET", "GET", "PATCH", "GET"]);
    expect(counted[2]?.requestBody).toEqual({
      properties: {
        outboundVnetRouting: {
          allTraffic: false,
          applicationTraffic: true,
          imagePullTraffic: false,
          contentShareTraffic: false,
          backupRestoreTraffic: false,
          managedIdentityTraffic: false,
        },
      },
    });
  });

  test("what is so already is said, and nobody is asked", async () => {
    const answer = await playground.ask(
      where,
      "robin",
      "route all traffic for shop-checkout",
      "Nothing to change",
    );
    expect(answer.actions).toEqual([]);
  });

  test("a rejection with its reason ends a request and changes nothing", async () => {
    const text = `enable backup over vnet on ${rejected}`;
    const card = await playground.ask(where, "robin", text, "Waiting for approval");
    await playground.reject(where, "ben", card, "not during the sale");
    const told = await playground.sees(where, "robin", { after: card.seq, contains: ": rejected" });
    expect(told.plainText).toContain("not during the sale");
    const seen = await playground.sees(where, "olga", { id: card.id, contains: "Rejected" });
    expect(seen.actions).toEqual([]);
    expect((await playground.routing(rejected)).backupRestoreTraffic).toBe(false);
  });

  test("status tells stored and effective values; pending and help answer", async () => {
    const status = await playground.ask(
      where,
      "olga",
      "status of shop-search",
      "Outbound routing of shop-search",
    );
    expect(status.plainText).toContain("through the VNet");
    await playground.ask(where, "olga", "pending", "open");
    await playground.ask(where, "olga", "help", "What I can do");
  });

  test("approve as text shows the plan and asks; the answer approves exactly that", async () => {
    const card = await playground.ask(
      where,
      "robin",
      `turn on backup over vnet for ${texted}`,
      "Waiting for approval",
    );
    const id = /CR-\d+/.exec(card.plainText)?.[0] ?? "";
    const question = await playground.ask(where, "ana", `approve ${id}`, `do you want to approve ${id}`);
    expect((await playground.routing(texted)).backupRestoreTraffic).toBe(false);
    const wrong = await playground.click(where, "ben", { on: question, action: `Yes, approve ${id}` });
    expect(await noticeOf(where, "ben", wrong)).toContain("This question is for Ana Alvarez");
    const { seq } = await playground.click(where, "ana", { on: question, action: `Yes, approve ${id}` });
    await playground.sees(where, "robin", { after: seq, contains: `${id}: confirmed` });
    const asked = await playground.sees(where, "ben", { id: question.id, contains: "approved" });
    expect(asked.actions).toEqual([]);
    expect((await playground.routing(texted)).backupRestoreTraffic).toBe(true);
  });

  test("the requester cancels; a click that comes later is told so", async () => {
    const card = await playground.ask(
      where,
      "robin",
      "disable image pull over vnet on shop-api/staging",
      "Waiting for approval",
    );
    const { seq } = await playground.click(where, "robin", { on: card, action: "Cancel request" });
    await playground.sees(where, "ana", { after: seq, contains: ": cancelled" });
    expect((await playground.routing("shop-api/staging")).imagePullTraffic).toBe(true);
  });

  test("two people clicking at the same moment, one of them twice, have one effect", async () => {
    const site = where.platform === "teams" ? "shop-web/staging" : "shop-api/staging";
    const before = await playground.lastSequence();
    const card = await playground.ask(
      where,
      "robin",
      `stop routing all traffic for ${site}`,
      "Waiting for approval",
    );
    await Promise.all([
      playground.click(where, "ana", { on: card, action: "Approve", times: 2 }),
      playground.click(where, "ben", { on: card, action: "Approve" }).catch(() => undefined),
    ]);
    await playground.sees(where, "robin", { after: card.seq, contains: ": confirmed" });
    const writes = (await playground.armRequests(site, before)).filter(({ method }) => method === "PATCH");
    expect(writes).toHaveLength(1);
  });
});

test("a direct chat works without a mention, in both chats", async () => {
  for (const platform of ["teams", "slack"] as const) {
    const where: Conversation = { platform, conversation: "direct" };
    const answer = await playground.ask(where, "olga", "status of app-y", "Outbound routing of app-y");
    expect(answer.plainText).toContain("app-y");
  }
});

test("a group chat in Teams and the slash command in Slack work", async () => {
  const group: Conversation = { platform: "teams", conversation: "release" };
  await playground.ask(group, "robin", "status of app-y", "Outbound routing of app-y");
  await playground.ask(slackChannel, "robin", "/routebot status of app-y", "Outbound routing of app-y");
});

test("somebody without rights asks for nothing", async () => {
  const answer = await playground.ask(teamsChannel, "olga", "route all traffic for app-y", "not among those");
  expect(answer.actions).toEqual([]);
});

test("a request made in Teams is not decided by text in another channel, and is in one's own chat in Slack", async () => {
  const card = await playground.ask(
    teamsChannel,
    "robin",
    "route all traffic for shop-reports",
    "Waiting for approval",
  );
  const id = /CR-\d+/.exec(card.plainText)?.[0] ?? "";
  await playground.ask(slackChannel, "ana", `approve ${id}`, "asked for in another conversation");
  expect((await playground.routing("shop-reports")).applicationTraffic).toBe(false);

  const own: Conversation = { platform: "slack", conversation: "direct" };
  const question = await playground.ask(own, "ana", `approve ${id}`, id);
  const { seq } = await playground.click(own, "ana", { on: question, action: `Yes, approve ${id}` });
  await playground.sees(teamsChannel, "robin", { after: seq, contains: ": confirmed" });
  expect((await playground.routing("shop-reports")).applicationTraffic).toBe(true);
});

/** What the person was told alone: in the answer to the click (Teams), or in an ephemeral message (Slack). */
async function noticeOf(
  where: Conversation,
  as: "robin" | "ben" | "olga",
  clicked: Awaited<ReturnType<Playground["click"]>>,
): Promise<string> {
  if (where.platform === "teams") return JSON.stringify(clicked.reply);
  const told = await playground.sees(where, as, { after: clicked.seq });
  expect(told.ephemeral).toBe(true);
  return told.plainText;
}
