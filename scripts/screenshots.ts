/**
 * Takes the pictures of README and docs from the real page with the real bot: `npm run -s screenshots`. Each picture is what
 * a person would see who does the same by hand.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { startPlayground } from "../src/playground/playground.ts";
import { launchBrowser } from "../test/support/browser.ts";

const images = fileURLToPath(new URL("../docs/images/", import.meta.url));
const wide = { width: 1560, height: 940 };

mkdirSync(images, { recursive: true });
const data = mkdtempSync(join(tmpdir(), "routebot-pictures-"));
const playground = await startPlayground({
  main: fileURLToPath(new URL("../src/main.ts", import.meta.url)),
  dataDirectory: data,
  ports: { page: 0, bot: 0, azure: 0 },
});
const browser = await launchBrowser();
try {
  const context = await browser.newContext({ viewport: wide, deviceScaleFactor: 1.5, locale: "en-GB" });
  const page = await context.newPage();
  await page.goto(playground.pageUrl);
  await page.locator(".site").first().waitFor();

  await write(page, "route all traffic for app-x");
  // Teams draws the card for each person: whoever asked has no button to approve it.
  await page.locator("#conversation").getByText("so somebody else has to approve it").waitFor();
  await page.locator(".site summary").first().click();
  await takeCard(page, "Ana", "teams-approval.png");
  // Tall enough for the whole card.
  await page.setViewportSize({ width: 1440, height: 1300 });
  await take(page, "playground-pending.png");
  await page.setViewportSize(wide);

  await page.getByRole("button", { name: "Side by side" }).click();
  const side = page.locator("#side");
  await side.getByRole("button", { name: "Approve", exact: true }).click();
  await side.getByText(/CR-1: confirmed/).waitFor();
  await page
    .locator("#conversation")
    .getByText(/CR-1: confirmed/)
    .waitFor();
  await page.getByRole("tab", { name: "Changes" }).click();
  await take(page, "playground.png");
  await page.getByRole("button", { name: "Side by side" }).click();
  await takeCard(page, "Robin", "teams-confirmed.png");

  // The bot is killed in the middle of a change, in Slack and in the dark.
  await page.locator(".places [data-platform=slack]").getByRole("button", { name: "on-call" }).click();
  await write(page, "turn on image pull for shop-images");
  await approveButton(page).waitFor();
  await takeCard(page, "Ana", "slack-approval.png");
  await page.emulateMedia({ colorScheme: "dark" });
  await page.getByRole("tab", { name: "Trouble" }).click();
  await page.getByRole("button", { name: /^Crash in a change/ }).click();
  await page.getByRole("radio", { name: /Ana/ }).check();
  await approveButton(page).click();
  await page.getByText(/CR-2: confirmed/).waitFor();
  await page.getByText("Routebot is ready").waitFor();
  await page.getByRole("tab", { name: "Changes" }).click();
  await take(page, "playground-slack-dark.png");
  await page.emulateMedia({ colorScheme: "light" });
  await takeCard(page, "Robin", "slack-confirmed.png");
} finally {
  await browser.close();
  await playground.close();
  rmSync(data, { recursive: true, force: true });
}

/** The last message thread alone, as somebody sees it, in a window in which it fits. */
async function takeCard(page: Page, person: string, name: string): Promise<void> {
  const before = page.viewportSize() ?? wide;
  await page.setViewportSize({ width: 1180, height: 2600 });
  const state = page.waitForResponse((response) =>
    response.url().includes(`/api/world?as=${person.toLowerCase()}`),
  );
  await page.getByRole("radio", { name: new RegExp(person) }).check();
  // Who was this person already has nothing to wait for.
  await Promise.race([state, page.waitForTimeout(2_000)]);
  await settle(page);
  const card = page.locator("#conversation .thread").last();
  await card.scrollIntoViewIfNeeded();
  await settle(page);
  const box = await card.boundingBox();
  if (box === null) throw new Error(`there is no card for ${name}`);
  const margin = 16;
  const clip = {
    x: Math.max(0, box.x - margin),
    y: Math.max(0, box.y - margin),
    width: box.width + 2 * margin,
    height: box.height + 2 * margin,
  };
  await page.screenshot({ path: join(images, name), clip });
  console.error(`docs/images/${name}`);
  await page.getByRole("radio", { name: /Robin/ }).check();
  await page.setViewportSize(before);
}

function approveButton(page: Page) {
  return page.locator("#conversation").getByRole("button", { name: "Approve", exact: true }).last();
}

async function write(page: Page, text: string): Promise<void> {
  const composer = page.locator("#conversation").getByRole("textbox", { name: /^Message/ });
  await composer.fill(text);
  await composer.press("Enter");
}

/** Waits until nothing moves any more: short notices have gone and what changed is no longer highlighted. */
async function settle(page: Page): Promise<void> {
  await page.mouse.move(0, 0);
  await page.evaluate("Promise.allSettled(document.getAnimations().map(({ finished }) => finished))");
  const notices = page.locator(".notice");
  while ((await notices.count()) > 0) await notices.first().waitFor({ state: "detached" });
}

async function take(page: Page, name: string): Promise<void> {
  await settle(page);
  await page.screenshot({ path: join(images, name) });
  console.error(`docs/images/${name}`);
}
