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
mkdirSync(images, { recursive: true });
const data = mkdtempSync(join(tmpdir(), "routebot-pictures-"));
const playground = await startPlayground({
  main: fileURLToPath(new URL("../src/main.ts", import.meta.url)),
  dataDirectory: data,
  ports: { page: 0, bot: 0, azure: 0 },
});
const browser = await launchBrowser();
try {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 920 },
    deviceScaleFactor: 1.5,
    locale: "en-GB",
  });
  const page = await context.newPage();
  await page.goto(playground.pageUrl);
  await page.locator(".site").first().waitFor();

  await write(page, "route all traffic for app-x");
  await page.getByRole("button", { name: "Approve" }).first().waitFor();
  // Tall enough for the whole card.
  await page.setViewportSize({ width: 1440, height: 1240 });
  await take(page, "playground-pending.png");
  await page.setViewportSize({ width: 1440, height: 920 });

  await page.getByRole("radio", { name: /Ana/ }).check();
  await page.getByRole("tab", { name: "ARM requests" }).click();
  await page.getByRole("button", { name: "Approve" }).first().click();
  await page.locator(".request .method.patch").first().waitFor();
  await page
    .getByText(/confirmed|done/i)
    .first()
    .waitFor();
  await page
    .locator(".request summary")
    .filter({ has: page.locator(".method.patch") })
    .first()
    .click();
  await take(page, "playground.png");

  await page.emulateMedia({ colorScheme: "dark" });
  await page.locator(".places [data-platform=slack]").getByRole("button", { name: "on-call" }).click();
  await page.getByRole("radio", { name: /Robin/ }).check();
  await write(page, "turn on image pull for shop-images");
  await page.getByRole("button", { name: "Approve" }).first().waitFor();
  await take(page, "playground-slack-dark.png");
} finally {
  await browser.close();
  await playground.close();
  rmSync(data, { recursive: true, force: true });
}

async function write(page: Page, text: string): Promise<void> {
  const composer = page.getByRole("textbox", { name: /^Message/ });
  await composer.fill(text);
  await composer.press("Enter");
}

/** Waits until nothing moves any more: short notices have gone and what changed is no longer highlighted. */
async function take(page: Page, name: string): Promise<void> {
  await page.mouse.move(0, 0);
  await page.evaluate("Promise.allSettled(document.getAnimations().map(({ finished }) => finished))");
  await page.locator(".notice").waitFor({ state: "detached" });
  await page.screenshot({ path: join(images, name) });
  console.error(`docs/images/${name}`);
}
