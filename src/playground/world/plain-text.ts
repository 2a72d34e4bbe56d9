/** Everything that can be read on a message, as plain lines: what tests and the tour look at. */
import { isJsonObject, type JsonObject } from "./world-model.ts";

/** Parts of a card or block that a reader does not see. */
const unseen = new Set(["fallback", "refresh", "data", "value", "metadata", "authentication", "msteams"]);

function linesOf(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(linesOf);
  if (!isJsonObject(node)) return [];
  const { type, title, text, label, placeholder } = node;
  if (typeof title === "string" && typeof node.value === "string" && type === undefined) {
    return [`${title} ${node.value}`];
  }
  const isAction = typeof type === "string" && type.startsWith("Action.");
  const own: string[] = [];
  if (isAction && typeof title === "string") own.push(`[${title}]`);
  else if (typeof title === "string") own.push(title);
  if (type === "button" && isJsonObject(text)) return [`[${String(text.text)}]`];
  if (typeof text === "string") own.push(text);
  if (typeof label === "string") own.push(label);
  const rest = Object.entries(node)
    .filter(([key, value]) => !unseen.has(key) && typeof value === "object" && value !== placeholder)
    .flatMap(([, value]) => linesOf(value));
  return [...own, ...rest];
}

/** The text and then each card's or block's words, one line each; buttons in brackets. */
export function plainText(text: string, parts: readonly JsonObject[]): string {
  return [text, ...linesOf(parts)].filter((line) => line !== "").join("\n");
}
