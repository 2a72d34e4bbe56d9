/** Draws the icons of the Teams app from their SVG sources: `node scripts/render-icons.ts`. Run it when a source changes. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { launchBrowser } from "../test/support/browser.ts";

const icons = new URL("../manifest/teams/icons/", import.meta.url);
const browser = await launchBrowser();
try {
  for (const [name, size] of [
    ["color", 192],
    ["outline", 32],
  ] as const) {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    const svg = readFileSync(new URL(`${name}.svg`, icons), "utf8");
    await page.setContent(`<style>body { margin: 0 } svg { display: block }</style>${svg}`);
    await page.screenshot({ path: fileURLToPath(new URL(`${name}.png`, icons)), omitBackground: true });
    await page.close();
  }
} finally {
  await browser.close();
}
