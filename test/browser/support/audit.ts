import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { z } from "zod";
import { axeFindings } from "./axe.ts";

const inPage = readFileSync(new URL("audit-page.js", import.meta.url), "utf8");
const value = z.looseObject({ value: z.unknown().optional() });
const treeSchema = z.object({
  nodes: z.array(
    z.object({
      ignored: z.boolean(),
      role: value.optional(),
      name: value.optional(),
      properties: z.array(z.object({ name: z.string(), value })).default([]),
    }),
  ),
});

/** Roles that say nothing without a name. */
const named = new Set([
  "button",
  "link",
  "textbox",
  "searchbox",
  "combobox",
  "checkbox",
  "radio",
  "switch",
  "tab",
  "tabpanel",
  "dialog",
  "image",
  "heading",
  "navigation",
  "complementary",
  "main",
  "log",
  "region",
  "group",
]);

/**
 * What would keep people out of the page as it is shown now, as sentences; the empty list is what is wanted. With `colours`
 * only what can differ between two colour schemes is asked of axe.
 */
export async function auditPage(
  page: Page,
  what: "everything" | "colours" = "everything",
): Promise<readonly string[]> {
  // What just changed is coloured for a moment.
  await page.evaluate("Promise.allSettled(document.getAnimations().map(({ finished }) => finished))");
  const seen = z.array(z.string()).parse(await page.evaluate(inPage));
  const session = await page.context().newCDPSession(page);
  const { nodes } = treeSchema.parse(await session.send("Accessibility.getFullAXTree"));
  await session.detach();
  const nameless = nodes.filter(({ ignored, role, name, properties }) => {
    const isFocusable = properties.some(
      (property) => property.name === "focusable" && property.value.value === true,
    );
    const needsName = named.has(String(role?.value)) && (role?.value !== "group" || isFocusable);
    return !ignored && needsName && String(name?.value ?? "").trim() === "";
  });
  return [
    ...seen,
    ...nameless.map(({ role }) => `a ${String(role?.value)} without a name`),
    ...(await axeFindings(page, what === "colours" ? ["color-contrast"] : undefined)),
  ];
}
