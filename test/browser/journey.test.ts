import type { Locator } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { RealPage } from "./support/real-page.ts";

/** What a visitor does on the page, with the real bot behind it. */
let real: RealPage;
beforeAll(async () => {
  real = await RealPage.start();
}, 120_000);
afterAll(() => real?.stop());
beforeEach(async () => {
  await real.call("DELETE", "/api/azure/faults");
  await real.call("DELETE", "/api/chat-faults");
  await real.open();
});
afterEach(() => real.close());

/** The numbers and words of a request's audit, as a screen reader reads them. */
async function auditOf(change: Locator) {
  const records = change.getByRole("list", { name: /^Audit of CR-/ }).getByRole("listitem");
  const read = async (part: string) => await records.locator(part).allTextContents();
  return {
    numbers: (await read(".number")).map((text) => Number(text.replace("Record ", ""))),
    words: (await read("p")).map((text) => text.replace("→", "")),
  };
}

describe.each([
  ["teams", "on-call", "app-x"],
  ["slack", "on-call", "shop-web"],
] as const)("side by side in %s", (platform, place, site) => {
  test("what one asks for appears at the other, who approves it; nobody approves their own", async () => {
    await real.go(platform, place);
    const thread = await real.ask(`route all traffic for ${site}`);
    await real.page.getByRole("button", { name: "Side by side" }).click();
    await real.side.getByRole("button", { name: "Approve", exact: true }).last().waitFor();
    await real.picture(`beside-${platform}-pending`);
    const own = thread.getByRole("button", { name: "Approve", exact: true });
    // Teams draws the card for each person: whoever asked has no button to try. Slack shows one card to all, and says why not.
    if (platform === "teams") await expect.poll(() => own.count()).toBe(0);
    else await own.first().click();
    await real.page.getByText("somebody else has to approve it").first().waitFor();
    expect((await real.routing(site)).applicationTraffic).toBe(false);

    await real.side.getByRole("button", { name: "Approve", exact: true }).last().click();
    for (const conversation of [real.chat, real.side]) {
      await conversation
        .getByText(/CR-\d+: confirmed/)
        .last()
        .waitFor();
      await conversation.getByText("Done. Approved by Ana Alvarez").last().waitFor();
    }
    await expect.poll(() => real.side.getByRole("button", { name: "Approve", exact: true }).count()).toBe(0);
    expect((await real.routing(site)).applicationTraffic).toBe(true);
    expect(await real.writesTo(site)).toBe(1);
    const changes = await real.part("Changes");
    const newest = changes.locator(".change").first();
    const states = await newest.locator(".state-line b").allTextContents();
    expect([states[0], states.at(-1)]).toEqual(["Waiting", "Confirmed"]);
    const record = newest.getByRole("list", { name: /^Record of CR-/ });
    if (platform === "slack") await record.getByText("Robin Reyes clicks Approve").waitFor();
    await record.getByText("Ana Alvarez clicks Approve").waitFor();
    await record.getByText(`PATCH ${site}: 200`).waitFor();
    await newest.getByText("Audit and card agree: confirmed").waitFor();
    const audit = await auditOf(newest);
    expect(audit.words.filter((words) => !words.includes("refused"))).toEqual([
      "Opened to Waiting",
      "Approval to Approved",
      "Approved to Applying",
      "Applying to Verifying",
      "Verifying to Confirmed",
    ]);
    expect(audit.numbers).toEqual(audit.numbers.map((_, index) => (audit.numbers[0] ?? 0) + index));
    await real.picture(`beside-${platform}-confirmed`);
  });
});

test("rejected with a reason: a form on the card in Teams, a form of its own in Slack", async () => {
  await real.ask("turn on backup over vnet for app-y");
  await real.become("Ben");
  const card = real.chat.locator(".thread").last();
  await card.getByRole("button", { name: "Reject", exact: true }).first().click();
  await card.getByLabel("Why?").fill("not during the sale");
  await card.getByRole("button", { name: "Reject", exact: true }).last().click();
  await card.getByText("not during the sale").first().waitFor();
  await card.getByText(/CR-\d+: rejected/).waitFor();

  await real.become("Robin");
  await real.go("slack", "on-call");
  await real.ask("turn on backup over vnet for app-y");
  await real.become("Ben");
  const thread = real.chat.locator(".thread").last();
  await thread.getByRole("button", { name: "Reject", exact: true }).click();
  const form = real.page.getByRole("dialog", { name: /Reject/ });
  await form.getByLabel("Why?").fill("still not");
  await real.picture("slack-reject-form");
  await form.getByRole("button", { name: "Reject", exact: true }).click();
  await thread.getByText("still not").first().waitFor();
  await thread.getByText(/CR-\d+: rejected/).waitFor();
  expect(await real.writesTo("app-y")).toBe(0);
});

test("asked in Slack, approved in Teams by somebody with an account on both", async () => {
  await real.go("slack", "on-call");
  const thread = await real.ask("turn on backup over vnet for shop-reviews");
  const [id = ""] = /CR-\d+/.exec((await thread.textContent()) ?? "") ?? [];
  await real.become("Ana");
  await real.go("teams", "Routebot");
  const question = await real.ask(`approve ${id}`, `Yes, approve ${id}`);
  await question.getByText("shop-reviews").first().waitFor();
  await real.picture("across-platforms");
  await question.getByRole("button", { name: `Yes, approve ${id}` }).click();
  await real.go("slack", "on-call");
  await real.seeEnd("confirmed", { site: "shop-reviews" });
  expect((await real.routing("shop-reviews")).backupRestoreTraffic).toBe(true);
});

test("a site that is changed behind its back makes the request out of date", async () => {
  await real.ask("turn on backup over vnet for shop-checkout");
  await real.page.getByLabel("Find a site").fill("shop-checkout");
  await real.page.locator(".site summary").first().click();
  await real.page.getByRole("switch", { name: "Content share: off" }).click();
  await real.page.getByRole("switch", { name: "Content share: on" }).waitFor();
  await real.page.getByLabel("WEBSITE_CONTENTOVERVNET").selectOption("1");
  await real.approveAndSee("out of date");
  await real.chat.getByText("contentShareTraffic was false and is true").first().waitFor();
  await real.page.getByRole("heading", { name: /has ended: out of date/ }).waitFor();
  await real.picture("drift");
  expect(await real.writesTo("shop-checkout")).toBe(0);
});

test.each([
  ["before it is done", /^Crash in a change/, "shop-api"],
  ["after it is done", /^Crash after a write/, "shop-web/staging"],
])("kill -9 while a write is under way, %s: it comes back and finishes", async (_, button, site) => {
  const before = await real.writesTo(site);
  await real.ask(`turn on backup over vnet for ${site}`);
  await real.trouble(button);
  await real.page.getByText("Routebot: kill -9 at its next write").waitFor();
  await real.approveAndSee("confirmed", 60_000);
  await real.page.getByText("Routebot is ready").waitFor();
  await real.page.getByText("Routebot was killed in the middle and went on").waitFor();
  const record = (await real.part("Changes")).locator(".record").first();
  await record.getByText("The bot ended (SIGKILL)").waitFor();
  const change = real.page.locator(".change").first();
  await change.getByText("Audit and card agree: confirmed").waitFor();
  const { words, numbers } = await auditOf(change);
  expect(words).toContain("Work taken over");
  expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index));
  await real.page.getByText(/^\d+ records, none missing$/).waitFor();
  await real.picture(`crash-${site.replace("/", "-")}`);
  expect((await real.routing(site)).backupRestoreTraffic).toBe(true);
  // What was not carried out is sent once more; what was is read back and not sent again.
  expect((await real.writesTo(site)) - before).toBe(site === "shop-api" ? 2 : 1);
});

test("a first visit is led, and the way back to the beginning works", async () => {
  real.page.on("dialog", (dialog) => dialog.accept());
  await real.become("Olga");
  await real.trouble(/^Back to the beginning/);
  await real.page
    .getByRole("heading", { name: "You are Robin, on call tonight" })
    .waitFor({ timeout: 30_000 });
  await real.page.getByText("Routebot is ready").waitFor();
  await (await real.part("Changes")).getByText("1 record, none missing").waitFor();
  await real.page.getByRole("button", { name: "Ask: route all traffic for app-x" }).click();
  await real.page.getByRole("heading", { name: "CR-1 waits for approval" }).waitFor();
  // The card is taller than the conversation: it is read from its beginning.
  await real.seeAtTop(real.chat.getByText("CR-1: Application traffic (Route All) on"));
  await real.picture("guide-pending");
  await real.page.getByRole("button", { name: "Be Ana, who may approve" }).click();
  await real.page.getByText("Approve or reject it on the card.").waitFor();
  await real.page.getByRole("button", { name: "Go to the buttons" }).click();
  await expect.poll(() => real.page.evaluate("document.activeElement.textContent")).toBe("Approve");
  await real.page.keyboard.press("Enter");
  await real.page.getByRole("heading", { name: "CR-1 has ended: confirmed" }).waitFor();
  // Whoever clicked at its end sees what came of it.
  await real.seeAtTop(real.chat.getByText("CR-1: confirmed"));
  await real.page.getByRole("button", { name: "See its record" }).click();
  await real.page.getByRole("list", { name: "Record of CR-1" }).waitFor();
  await real.page.getByRole("button", { name: "Hide the guide" }).click();
  expect(await real.page.getByRole("heading", { name: /CR-1 has ended/ }).count()).toBe(0);
  await real.page.reload();
  await real.page.getByRole("button", { name: "Guide", exact: true }).click();
  await real.page.getByRole("heading", { name: "CR-1 has ended: confirmed" }).waitFor();
});

test("what is approved while changes are stopped waits, and the guide says who lets it go on", async () => {
  const say = (as: string, text: string) =>
    real.call("POST", "/api/messages", { platform: "teams", conversation: "on-call", as, text });
  await say("ana", "@Routebot freeze all because of an outage");
  await real.chat.getByText("Changes are stopped").waitFor();
  await real.become("Robin");
  await real.ask("turn on backup for shop-checkout");
  await real.approveLast();
  await real.page.getByRole("heading", { name: /^CR-\d+ is approved, and waits$/ }).waitFor();
  await real.page.getByRole("button", { name: "Write: unfreeze" }).click();
  await real.page.getByRole("heading", { name: /^CR-\d+ has ended: confirmed$/ }).waitFor();
});
