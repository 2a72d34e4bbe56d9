import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { launchBrowser } from "../support/browser.ts";
import { startTinyPlayground, type TinyPlayground } from "../support/tiny-playground.ts";

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
const become = (name: string) => page.getByRole("radio", { name: new RegExp(name) }).check();
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
