import { mkdirSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "../support/browser.ts";
import { startTinyPlayground, type TinyPlayground } from "../support/tiny-playground.ts";

let tiny: TinyPlayground;
let browser: Browser;
beforeAll(async () => {
  [tiny, browser] = await Promise.all([startTinyPlayground(), launchBrowser()]);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await tiny?.stop();
});

const channel = { platform: "teams", conversation: "on-call" } as const;

/** Loaded a few times at most: what counts is what the page needs, not what else this machine does at the moment. */
async function expectPaintWithinASecond(page: Page): Promise<void> {
  const paint = async () => {
    const time = await page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime");
    if (typeof time !== "number" || time > 1_000) await page.reload();
    return time;
  };
  await expect.poll(paint, { timeout: 30_000, interval: 500 }).toBeLessThanOrEqual(1_000);
}

test("the first paint is within a second of the server being ready", async () => {
  const page = await browser.newPage();
  await page.goto(tiny.playground.pageUrl);
  await page.locator(".site").first().waitFor();
  await expectPaintWithinASecond(page);
  await page.close();
});

test("500 messages stay usable", { timeout: 120_000 }, async () => {
  for (let number = 0; number < 250; number += 1) {
    const text = number % 5 === 4 ? "@Routebot card" : `@Routebot message ${number}`;
    await tiny.say({ ...channel, as: "robin", text });
  }
  const last = await tiny.say({ ...channel, as: "robin", text: "@Routebot the very last" });
  await tiny.wait({ as: "robin", after: last.seq, contains: "the very last" });
  const { messages } = await tiny.world("robin");
  expect(messages.length).toBeGreaterThanOrEqual(500);

  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const longTasks = `new PerformanceObserver((list) => {
    globalThis.longest = Math.max(globalThis.longest ?? 0, ...list.getEntries().map(({ duration }) => duration));
  }).observe({ type: "longtask", buffered: true })`;
  await page.addInitScript(longTasks);
  await page.goto(tiny.playground.pageUrl);
  await page.getByText("you said: the very last").waitFor();
  await expectPaintWithinASecond(page);
  await page.getByText("you said: the very last").waitFor();
  // Earlier ones come on request, down to the first.
  expect(await page.locator(".message").count()).toBeLessThan(200);
  await expect(page.getByText("message 0", { exact: true }).count()).resolves.toBe(0);
  const earlier = page.getByRole("button", { name: /^Show \d+ of \d+ earlier messages$/ });
  while ((await earlier.count()) > 0) await earlier.click();
  expect(await page.locator(".message").count()).toBeGreaterThanOrEqual(500);
  // What is written with all of them on the page still arrives at once.
  const before = performance.now();
  await page.getByRole("textbox", { name: /^Message/ }).fill("and one more");
  await page.keyboard.press("Enter");
  await page.getByText("you said: and one more").waitFor();
  expect(performance.now() - before).toBeLessThan(3_000);
  const isAtEnd =
    "(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight < 5)(document.querySelector('.log'))";
  await expect.poll(() => page.evaluate(isAtEnd)).toBe(true);
  mkdirSync("test/artifacts/browser", { recursive: true });
  await page.screenshot({ path: "test/artifacts/browser/many-messages.png" });
  expect(await page.evaluate("globalThis.longest ?? 0")).toBeLessThan(1_500);
  await page.close();
});
