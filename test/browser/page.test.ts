import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { launchBrowser } from "../support/browser.ts";
import { startTinyPlayground, type TinyPlayground } from "../support/tiny-playground.ts";
import { auditPage } from "./support/audit.ts";

/** The page in a real browser; the tiny bot answers. */
const artifacts = "test/artifacts/browser";
let tiny: TinyPlayground;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  mkdirSync(artifacts, { recursive: true });
  [tiny, browser] = await Promise.all([startTinyPlayground(), launchBrowser()]);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await tiny?.stop();
});
beforeEach(async () => {
  context = await browser.newContext({ viewport: { width: 1360, height: 860 } });
  page = await context.newPage();
  complaints = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", ({ message }) => complaints.push(message));
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.origin !== new URL(tiny.playground.pageUrl).origin) complaints.push(`asked ${url}`);
  });
  await page.goto(tiny.playground.pageUrl);
  await page.getByText("Routebot is ready").waitFor();
  await page.locator(".site").first().waitFor();
});
afterEach(async () => {
  await context.close();
  // Neither errors, nor anything that the content security policy stopped, nor a request to elsewhere.
  expect(complaints).toEqual([]);
});

const composer = () => page.getByRole("textbox", { name: /^Message/ });
const become = async (name: string) => {
  await page.getByRole("radio", { name: new RegExp(name) }).check();
  await page.locator("#conversation:not([aria-busy])").waitFor();
};
const go = (platform: string, name: string) =>
  page.locator(`.places [data-platform=${platform}]`).getByRole("button", { name }).click();
const picture = (name: string) => page.screenshot({ path: join(artifacts, `${name}.png`) });
const lastThread = () => page.locator(".thread").last();

async function write(text: string) {
  await composer().fill(text);
  await composer().press("Enter");
}

describe("Teams", () => {
  test("a request is approved by somebody else, and both see it", async () => {
    await write("card");
    await lastThread().getByRole("button", { name: "Approve" }).waitFor();
    await picture("teams-pending");
    await become("Ana");
    await lastThread().getByLabel("Reason").fill("good");
    await lastThread().getByRole("button", { name: "Approve" }).click();
    await lastThread().getByText("approved by you", { exact: false }).waitFor();
    expect(await lastThread().textContent()).toContain('"reason":"good"');
    await become("Robin");
    await lastThread().getByText("approved by Ana Alvarez").waitFor();
    expect(await lastThread().getByRole("button", { name: "Approve" }).count()).toBe(0);
    await picture("teams-approved");
  });

  test("what is being typed into a card stays when the card is drawn anew", async () => {
    await write("refreshing card");
    const card = lastThread().locator(".message", { hasText: "for your eyes" });
    await card.waitFor();
    const reason = card.getByLabel("Reason");
    await reason.fill("not n");
    await reason.evaluate((field) => field.classList.add("before"));
    const messageId = (await card.getAttribute("data-id")) ?? "";
    await tiny.refresh({ platform: "teams", conversation: "on-call", messageId, as: "robin" });
    await card.locator(":not(.before)").and(reason).waitFor();
    await page.keyboard.type("ow");
    expect(await reason.inputValue()).toBe("not now");
  });

  test("without the mention the person is told that Routebot was not", async () => {
    await page.getByRole("button", { name: "@Routebot", pressed: true }).click();
    await write("good morning");
    await page.getByText("Routebot was not told").waitFor();
  });

  test("a reply goes into the thread", async () => {
    await write("first");
    await lastThread().getByText("you said: first").waitFor();
    await lastThread().locator(".message").first().hover();
    await lastThread()
      .getByRole("button", { name: /Reply in thread/ })
      .first()
      .click();
    await write("second");
    await lastThread().getByText("you said: second").waitFor();
    expect(await lastThread().getByText("you said: first").count()).toBe(1);
  });
});

describe("Slack", () => {
  test("a form: opened, refused with a reason at its field, then taken, all by keyboard", async () => {
    await go("slack", "on-call");
    await write("card");
    await lastThread().getByRole("button", { name: "Reject" }).focus();
    await page.keyboard.press("Enter");
    const form = page.getByRole("dialog", { name: "Reject" });
    await form.waitFor();
    await page.keyboard.type("no");
    await page.keyboard.press("Enter");
    await form.getByRole("alert").getByText("Say a little more.").waitFor();
    await picture("slack-form");
    expect(await form.getByLabel("Why?").getAttribute("aria-invalid")).toBe("true");
    await form.getByLabel("Why?").fill("not tonight");
    await page.keyboard.press("Enter");
    await form.waitFor({ state: "detached" });
    await lastThread().getByText("not tonight", { exact: false }).waitFor();
  });

  test("what was typed is shown as typed: no mention of everybody, no markup", async () => {
    await go("slack", "on-call");
    await write("<!channel> <img src=x onerror=alert(1)> & *bold*");
    const answer = lastThread().locator(".replies .text");
    await answer.waitFor();
    expect(await answer.textContent()).toContain("you said: <!channel> <img src=x onerror=alert(1)> & bold");
    expect(await answer.locator("img, .everyone").count()).toBe(0);
    expect(await answer.locator("strong").textContent()).toBe("bold");
  });

  test("the slash command is answered for one's eyes only", async () => {
    await go("slack", "on-call");
    await write("/routebot status app-x");
    await page.locator(".message.ephemeral").first().getByText("looking at status app-x").waitFor();
    await page.getByText("status app-x, said to all").first().waitFor();
  });
});

describe("the audit as the log tells it", () => {
  beforeEach(async () => {
    expect((await tiny.call("POST", "/api/reset")).status).toBe(200);
    await page.getByRole("tab", { name: "Changes" }).click();
    await numbers().getByText("no record yet").waitFor();
  });

  const numbers = () => page.locator(".audit-numbers");
  const minute = 60_000;

  /** As the bot's log has it; this bot keeps no audit. */
  function tell(seq: number, { ago = minute, digit = String(seq), kind = "stopped", ...more }) {
    const time = new Date(Date.now() - ago).toISOString();
    const line = { level: "info", time, kind, ...more, seq, hash: digit.repeat(64), event: "recorded" };
    appendFileSync(join(tiny.data, "bot.log"), `${JSON.stringify(line)}\n`);
  }

  test("a gap and a contradiction are shown, and all of it is forgotten at the way back to the beginning", async () => {
    tell(1, { kind: "sealing-key" });
    tell(2, { kind: "opened", request: "CR-1", to: "pending" });
    tell(3, { kind: "constructor", request: "CR-1", from: "pending", to: "pending" });
    await numbers().getByText("3 records, none missing").waitFor();
    const audit = page.getByRole("list", { name: "Audit of CR-1" });
    expect(await audit.getByRole("listitem").allTextContents()).toEqual([
      expect.stringMatching(/^Record 2.*Opened→ to Waitinghash 22222222$/),
      expect.stringMatching(/^Record 3.*constructorhash 33333333$/),
    ]);
    const others = page.locator(".change", { hasText: "about no single request" });
    await others.locator("summary").press("Enter");
    await others.getByText("A new key signs from here on").waitFor();

    tell(6, { kind: "moved", request: "CR-1", from: "verifying", to: "confirmed" });
    await numbers().getByText("records 4 to 5 are missing in the log").waitFor();
    await page.getByText("The audit says confirmed; the card does not show it yet").waitFor();
    // Whoever is about to fold something by keyboard is still there after the list was drawn again.
    expect(await page.evaluate("document.activeElement.parentElement.dataset.id")).toBe("others");
    for (const seq of [4, 5]) tell(seq, { kind: "tried-again", request: "CR-1" });
    await numbers().getByText("6 records, none missing").waitFor();
    tell(3, { digit: "4" });
    await numbers().getByText("record 3 is told in two ways: 33333333 and 44444444").waitFor();
    await audit.getByText("33333333 or 44444444").waitFor();
    expect(await auditPage(page)).toEqual([]);
    await picture("audit-contradiction");

    await page.getByRole("tab", { name: "Trouble" }).click();
    page.on("dialog", (dialog) => dialog.accept());
    await page.getByRole("button", { name: /^Back to the beginning/ }).click();
    await page.getByRole("tab", { name: "Changes" }).click();
    await numbers().getByText("no record yet").waitFor();
    expect(await audit.count()).toBe(0);
  });

  test("what is out of step for a moment alarms nobody; what has lasted is said without anything else happening", async () => {
    tell(1, {});
    tell(3, { ago: -minute });
    await numbers().getByText("2 records", { exact: true }).waitFor();
    tell(2, {});
    await numbers().getByText("3 records, none missing").waitFor();
    tell(5, { ago: 0 });
    await numbers().getByText("record 4 is missing in the log").waitFor();
  });

  const [before, after] = [0, 20_000].map((ms) => new Date(Date.UTC(2026, 10, 30) + ms).toISOString());
  const opened = { to: "pending", at: before };
  test.each([
    ["both are under way", { state: "pending", at: before }, [opened], undefined],
    ["the card is to follow", { state: "applying", at: before }, [{ to: "confirmed", at: after }], undefined],
    ["the record is to follow", { state: "confirmed", at: after }, [opened], undefined],
    ["both have ended alike", { state: "stale", at: before }, [{ to: "stale", at: after }], "good"],
    [
      "what came after the end changes nothing",
      { state: "failed", at: before },
      [
        { to: "failed", at: before },
        { to: null, at: after },
      ],
      "good",
    ],
    ["they differ", { state: "confirmed", at: after }, [{ to: "failed", at: after }], "problem"],
    [
      "the card has been behind for long",
      { state: "applying", at: after },
      [{ to: "confirmed", at: before }],
      "waiting",
    ],
    ["there is no card at all", undefined, [{ to: "expired", at: before }], "waiting"],
    [
      "the card has said for long what no record tells",
      { state: "confirmed", at: before },
      [opened],
      "problem",
    ],
    ["the log is younger than the card", { state: "confirmed", at: before }, [], "waiting"],
  ])("audit and card: %s", async (_, card, records, tone) => {
    const given = JSON.stringify([{ card, records }, Date.parse(after ?? "") + 1_000]);
    const answer = await page.evaluate(
      `import("/azure/audit-check.js").then(({ checkEnd }) => checkEnd(...${given}).tone)`,
    );
    expect(answer).toBe(tone);
  });

  test.each([
    [
      "a crash in that moment",
      ["2026-11-30T00:00:15.000Z"],
      "2 records; the bot was killed before its log told 2 to 3",
    ],
    ["a crash before it", ["2026-11-29T23:00:00.000Z"], "records 2 to 3 are missing in the log"],
    ["no crash", [], "records 2 to 3 are missing in the log"],
  ])("a number that no line told, and %s", async (_, deaths, text) => {
    const told = [
      { seq: 1, at: before, hash: "1", otherHash: null },
      { seq: 4, at: after, hash: "4", otherHash: null },
    ];
    const given = JSON.stringify([told, deaths, Date.parse(after ?? "") + 60_000]);
    const answer = await page.evaluate(
      `import("/azure/audit-check.js").then(({ checkNumbers }) => checkNumbers(...${given}).text)`,
    );
    expect(answer).toBe(text);
  });
});

describe("the rest of the page", () => {
  test("unread marks tell where something happened", async () => {
    await become("Ben");
    await tiny.say({ platform: "teams", conversation: "general", as: "robin", text: "hello there" });
    const general = page.getByRole("button", { name: /General \d+ unread/ });
    await general.click();
    await page.getByRole("button", { name: "General", exact: true }).waitFor();
  });

  test("sites show their flags, can be changed, and requests and trouble have their tabs", async () => {
    await page.getByLabel("Find a site").fill("app-y");
    await page.locator(".site summary").first().click();
    await page.getByRole("switch", { name: "Content share: off" }).click();
    await page.getByRole("switch", { name: "Content share: on" }).waitFor();
    await page.getByRole("row", { name: /Content share: on through the VNet/ }).waitFor();
    await page.getByLabel("WEBSITE_VNET_ROUTE_ALL").selectOption("1");
    await page.getByRole("row", { name: /Application: off likely through the VNet/ }).waitFor();
    await page.getByRole("tab", { name: "Sites" }).press("ArrowRight");
    await page.getByRole("tabpanel", { name: "ARM requests" }).waitFor();
    await page.getByRole("tab", { name: "Trouble" }).click();
    await page.getByRole("button", { name: /^Throttled/ }).click();
    await page.getByText("Azure: throttled × 1").waitFor();
    await picture("trouble");
    await page.getByRole("button", { name: /^Withdraw all/ }).click();
    await page.getByText("Azure: throttled × 1").waitFor({ state: "detached" });
  });

  test("a crash is told, and so is the return", async () => {
    await page.getByRole("tab", { name: "Trouble" }).click();
    await page.getByRole("button", { name: /^Crash it now/ }).click();
    await page.getByRole("status").getByText("crashed, coming back").waitFor();
    await page.getByText("Routebot is ready").waitFor();
  });

  test("at phone width one part is shown at a time", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole("button", { name: "Azure" }).click();
    await page.getByLabel("Find a site").waitFor();
    expect(await composer().isVisible()).toBe(false);
    await page.getByRole("button", { name: "Places" }).click();
    await go("teams", "General");
    await composer().waitFor();
    await picture("phone");
    const width = await page.evaluate("document.documentElement.scrollWidth");
    expect(width).toBeLessThanOrEqual(390);
  });

  test("in the dark, text stands out from its ground", async () => {
    await write("card");
    await lastThread().getByRole("button", { name: "Approve" }).waitFor();
    await page.emulateMedia({ colorScheme: "dark" });
    const words = lastThread().getByText("Request is", { exact: false });
    await expect
      .poll(() => words.evaluate((node) => node.ownerDocument.defaultView?.getComputedStyle(node).color))
      .toBe("rgb(244, 244, 246)");
    await picture("dark");
  });
});
