import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { auditPage } from "./support/audit.ts";
import { RealPage } from "./support/real-page.ts";

/** The page for those who do not use a mouse, or read it with a screen reader, or need text to stand out. */
let real: RealPage;
beforeAll(async () => {
  real = await RealPage.start();
}, 120_000);
afterAll(() => real?.stop());
afterEach(() => real.close());

const schemes = ["light", "dark"] as const;

describe.each(schemes)("%s: nothing keeps people out", (colorScheme) => {
  beforeEach(() => real.open(colorScheme));
  // The schemes differ in nothing but colours.
  const audit = () => auditPage(real.page, colorScheme === "light" ? "everything" : "colours");

  test("of the first visit, a site opened up, and every part behind the scenes", async () => {
    expect(await audit()).toEqual([]);
    await real.page.locator(".site summary").first().click();
    await real.page.locator(".site", { hasText: "shop-legacy" }).first().locator("summary").click();
    expect(await audit()).toEqual([]);
    await real.picture(`sites-${colorScheme}`);
    for (const part of ["ARM requests", "Changes", "Trouble"] as const) {
      await real.part(part);
      expect([part, await audit()]).toEqual([part, []]);
    }
    await real.trouble(/^Click twice/);
    await real.trouble(/^Throttled/);
    expect(await audit()).toEqual([]);
    await real.picture(`trouble-${colorScheme}`);
    await real.trouble(/^Click twice/);
    await real.trouble(/^Withdraw all/);
  });

  test.each(["teams", "slack"] as const)("of cards, forms and the record in %s", async (platform) => {
    const site = `shop-${colorScheme === "light" ? "api" : "checkout"}${platform === "teams" ? "" : "/staging"}`;
    const name = platform === "teams" ? site : colorScheme === "light" ? site : "app-x/staging";
    await real.go(platform, "on-call");
    await real.ask(`turn on backup over vnet for ${name}`);
    await real.page.getByRole("button", { name: "Side by side" }).click();
    await real.side.getByRole("button", { name: "Reject", exact: true }).first().waitFor();
    expect(await audit()).toEqual([]);
    await real.side.getByRole("button", { name: "Reject", exact: true }).last().click();
    await real.page.getByLabel("Why?").last().waitFor();
    expect(await audit()).toEqual([]);
    await real.picture(`reject-${platform}-${colorScheme}`);
    await real.page.getByLabel("Why?").last().fill("not tonight");
    await real.page.getByRole("button", { name: "Reject", exact: true }).last().click();
    await real.side
      .getByText(/CR-\d+: rejected/)
      .last()
      .waitFor();
    await real.part("Changes");
    expect(await audit()).toEqual([]);
  });

  test("at phone width, every part", async () => {
    await real.page.setViewportSize({ width: 390, height: 844 });
    for (const pane of ["Places", "Chat", "Beside", "Azure"]) {
      await real.page.getByRole("navigation").getByRole("button", { name: pane, exact: true }).click();
      await real.page.locator(`body[data-shown]`).waitFor();
      expect([pane, await audit()]).toEqual([pane, []]);
      expect(await real.page.evaluate("document.documentElement.scrollWidth")).toBe(390);
      await real.picture(`phone-${pane.toLowerCase()}-${colorScheme}`);
    }
    await real.part("Changes");
    expect(await audit()).toEqual([]);
    expect(await real.page.evaluate("document.documentElement.scrollWidth")).toBe(390);
    await real.picture(`phone-changes-${colorScheme}`);
  });
});

describe("in light", () => {
  beforeEach(() => real.open());

  test("the audit itself finds what would keep people out", async () => {
    await real.page.evaluate(`
    const spoil = document.createElement("div");
    spoil.innerHTML = '<div><a href="#">alone</a></div><button></button><button id="beside">x</button><p>pale words</p><div tabindex="-1"><b>long</b></div>';
    spoil.querySelector("p").style.color = "#8a9aa5";
    Object.assign(spoil.lastElementChild.style, { height: "20px", overflow: "auto" });
    spoil.querySelector("b").style.fontSize = "60px";
    document.querySelector("main").prepend(spoil);
  `);
    const found = (await auditPage(real.page)).join("\n");
    expect(found).toMatch(/^contrast \d\.\d+: p/m);
    expect(found).toContain("a button without a name");
    expect(found).toContain("twice: #beside");
    expect(found).toContain("cannot be scrolled by keyboard: div");
    expect(found).toMatch(/^\d+×\d+ px: button/m);
    expect(found).toMatch(/^\d+×\d+ px: a\. “alone”/m);
  });

  test("the parts of the page are named for a screen reader", async () => {
    const snapshot = await real.page.locator("body").ariaSnapshot();
    for (const line of [
      'link "Skip to the conversation"',
      'heading "Routebot playground" [level=1]',
      'group "You are"',
      'radio "Robin on-call engineer, may ask" [checked]',
      'navigation "Conversations"',
      'main "Conversation"',
      'log "Messages"',
      'textbox "Message in on-call"',
      'complementary "Behind the scenes"',
      'tab "Sites" [selected]',
      'region "Guide"',
    ]) {
      expect(snapshot).toContain(line);
    }
  });

  test("asked, looked at and approved by keyboard alone", async () => {
    const { page } = real;
    const focused = () => page.evaluate("document.activeElement?.textContent?.trim() ?? ''");
    const tabTo = async (words: RegExp) => {
      for (let presses = 0; presses < 120; presses += 1) {
        await page.keyboard.press("Tab");
        if (words.test(String(await focused()))) return;
      }
      throw new Error(`${words} cannot be reached by Tab; last was ${await focused()}`);
    };
    await page.keyboard.press("Tab");
    expect(await focused()).toBe("Skip to the conversation");
    await page.keyboard.press("Enter");
    await tabTo(/^turn on image pull/);
    await page.keyboard.press("Enter");
    // A suggestion is put into the field, which has the focus then.
    await page.keyboard.press("Control+A");
    await page.keyboard.type("turn on backup over vnet for shop-web");
    await page.keyboard.press("Enter");
    await real.chat.getByRole("button", { name: "Cancel request", exact: true }).first().waitFor();
    await page.getByRole("radio", { name: /Robin/ }).focus();
    await page.keyboard.press("ArrowRight");
    await real.chat.locator("[data-id]").first().waitFor();
    await page.locator(".skip").focus();
    await page.keyboard.press("Enter");
    await tabTo(/^Approve$/);
    const outline = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle");
    expect(outline).not.toBe("none");
    await page.keyboard.press("Enter");
    await real.chat
      .getByText(/CR-\d+: confirmed/)
      .last()
      .waitFor();
  });
});
