/** What can be clicked and filled in on a card, found in its JSON, so that nobody has to know the layout to click. */
import { z } from "zod";
import { isJsonObject, type JsonObject } from "./world-model.ts";

export const clickableSchema = z.object({
  /** Where the action stands in the card; names it exactly: `0.actions.1` is in the first card (or block). */
  key: z.string(),
  /** What the button says. */
  title: z.string(),
  /** `Action.Execute`, `Action.Submit`, …; in Slack the element's type, such as `button`. */
  type: z.string(),
  /** Teams: the verb. Slack: the action id. */
  verb: z.string(),
});
export type Clickable = z.infer<typeof clickableSchema>;

export const fillableSchema = z.object({
  /** Teams: the input's id. Slack: the block id. */
  id: z.string(),
  label: z.string(),
  type: z.string(),
  required: z.boolean(),
});
export type Fillable = z.infer<typeof fillableSchema>;

export interface FoundAction {
  readonly clickable: Clickable;
  /** The action's or element's own JSON. */
  readonly json: JsonObject;
  /** Slack: the block that holds it. */
  readonly block: JsonObject | undefined;
}

const words = (value: unknown): string =>
  typeof value === "string" ? value : isJsonObject(value) && typeof value.text === "string" ? value.text : "";

/** Slack's interactive elements; of these a button, a menu and an overflow send block_actions. */
const slackElements = new Set([
  "button",
  "checkboxes",
  "datepicker",
  "overflow",
  "radio_buttons",
  "static_select",
  "users_select",
]);

/** Actions that the client carries out by itself: the bot never hears of them. */
const clientSide = new Set(["Action.ShowCard", "Action.ToggleVisibility", "Action.OpenUrl"]);

export function isSentToBot({ type }: Clickable): boolean {
  return !clientSide.has(type);
}

/** A link in the middle of a text: to be read, not a button. */
function isLinkInText(type: string, key: string): boolean {
  return type === "Action.OpenUrl" && /\.inlines\.\d+\.selectAction$/.test(key);
}

/** Every action of the given cards or blocks, in reading order. Fallbacks and refreshes are not clickable. */
export function findActions(parts: readonly JsonObject[]): FoundAction[] {
  const found: FoundAction[] = [];
  const visit = (node: unknown, key: string, block: JsonObject | undefined): void => {
    if (Array.isArray(node)) {
      for (const [index, child] of node.entries()) visit(child, `${key}.${index}`, block);
      return;
    }
    if (!isJsonObject(node)) return;
    const type = words(node.type);
    const verb = words(node.verb) || words(node.action_id);
    if (type.startsWith("Action.") && !isLinkInText(type, key)) {
      found.push({ clickable: { key, title: words(node.title), type, verb }, json: node, block });
    } else if (slackElements.has(type) && verb !== "") {
      const title = words(node.text) || words(node.placeholder);
      found.push({ clickable: { key, title, type, verb }, json: node, block });
    }
    for (const [name, child] of Object.entries(node)) {
      if (name !== "fallback" && name !== "refresh" && name !== "data") visit(child, `${key}.${name}`, block);
    }
  };
  for (const [index, part] of parts.entries()) visit(part, String(index), part);
  return found;
}

/** Every input of the given cards or blocks, in reading order. */
export function findInputs(parts: readonly JsonObject[]): Fillable[] {
  const found: Fillable[] = [];
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) {
      node.forEach(visit);
      return;
    }
    if (!isJsonObject(node)) return;
    const type = words(node.type);
    if (type.startsWith("Input.")) {
      found.push({
        id: words(node.id),
        label: words(node.label),
        type,
        required: node.isRequired === true,
      });
    } else if (type === "input") {
      const element = isJsonObject(node.element) ? words(node.element.type) : "";
      found.push({
        id: words(node.block_id),
        label: words(node.label),
        type: element,
        required: node.optional !== true,
      });
    }
    for (const [name, child] of Object.entries(node)) if (name !== "fallback") visit(child);
  };
  parts.forEach(visit);
  return found;
}
