import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import { z } from "zod";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const violationsSchema = z.array(
  z.object({ id: z.string(), impact: z.string().nullable(), targets: z.array(z.string()) }),
);

/**
 * What axe calls serious or critical on the page as it is now: the rule, and the elements that break it.
 * @param rules only these; all of them if left out
 */
export async function axeFindings(page: Page, rules?: readonly string[]): Promise<readonly string[]> {
  // Evaluated from outside, so that the page's own content security policy stays as it is.
  if ((await page.evaluate("typeof axe")) === "undefined") await page.evaluate(source);
  const options = { resultTypes: ["violations"], preload: false, ...(rules ? { runOnly: rules } : {}) };
  const found: unknown =
    await page.evaluate(`axe.run(document, ${JSON.stringify(options)}).then(({ violations }) =>
    violations.map(({ id, impact, nodes }) => ({ id, impact: impact ?? null, targets: nodes.map(({ target }) => target.join(" ")) })))`);
  return violationsSchema
    .parse(found)
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, targets }) => `axe ${id}: ${targets.slice(0, 5).join(", ")}`);
}
