/** Everything that can be read on a message, as plain lines: what tests and the tour look at. */
import { isJsonObject, type JsonObject } from "./world-model.ts";

/** Parts of a card or block that a reader does not see. */
const unseen = new Set(["fallback", "refresh", "data", "value", "metadata", "authentication", "msteams"]);

/** What holds the runs of one paragraph, under the name of the property that has them. */
const paragraphs: Readonly<Record<string, string>> = {
  RichTextBlock: "inlines",
  rich_text_section: "elements",
  rich_text_preformatted: "elements",
  rich_text_quote: "elements",
};

/** The words of a paragraph's runs in one piece: they differ in style, not in place. */
function wordsOf(run: unknown): string {
  if (typeof run === "string") return run;
  if (!isJsonObject(run)) return "";
  if (typeof run.text === "string") return run.text;
  return typeof run.url === "string" ? run.url : "";
}

function linesOf(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(linesOf);
  if (!isJsonObject(node)) return [];
  const runs = node[paragraphs[String(node.type)] ?? ""];
  if (Array.isArray(runs)) return [runs.map(wordsOf).join("")];
  const { type, title, text, label, placeholder } = node;
  if (typeof title === "string" && typeof node.value === "string" && type === undefined) {
    return [`${title} ${node.value}`];
  }
  if (type === "TableRow" || type === "ColumnSet") {
    const cells = Object.values(node).filter(Array.isArray).flat().map(linesOf);
    if (cells.every((lines) => lines.length <= 1)) return [cells.flat().join(" | ")];
    return cells.flat();
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
