/**
 * What a message says, in lines for a terminal: an Adaptive Card or Block Kit as its reader sees it, tables aligned and
 * facts side by side. Forms that are folded away are left out.
 */

type Json = Readonly<Record<string, unknown>>;

/** `parts` are the cards of a Teams message or the blocks of a Slack message; `buttons` are the titles that can be clicked. */
export function readableMessage(message: {
  readonly text: string;
  readonly parts: readonly unknown[];
  readonly buttons: readonly string[];
}): string {
  const lines = message.parts.length > 0 ? message.parts.flatMap(linesOf) : message.text.split("\n");
  const buttons = [...new Set(message.buttons)].map((title) => `[${title}]`).join(" ");
  return [...lines, ...(buttons === "" ? [] : [buttons])].join("\n");
}

function linesOf(part: unknown): string[] {
  if (Array.isArray(part)) return part.flatMap(linesOf);
  if (!isJson(part)) return [];
  switch (part.type) {
    case "RichTextBlock":
      return runsOf(part.inlines).split("\n");
    case "rich_text_section":
    case "rich_text_quote":
    case "rich_text_preformatted":
      return runsOf(part.elements).split("\n");
    case "rich_text_list":
      return listOf(part.elements).flatMap((item) => linesOf(item).map((line) => `• ${line}`));
    case "TextBlock":
    case "header":
    case "section":
    case "markdown":
    case "plain_text":
    case "mrkdwn":
      return [wordsOf(part.text)].filter((line) => line !== "");
    case "ColumnSet":
      return sideBySide(listOf(part.columns));
    case "Table":
      return tableOf(listOf(part.rows));
    case "FactSet":
      return listOf(part.facts).map((fact) =>
        isJson(fact) ? `${wordsOf(fact.title)}: ${wordsOf(fact.value)}` : "",
      );
    // Buttons are listed once for the whole message.
    case "ActionSet":
    case "actions":
      return [];
    default:
      return ["body", "items", "elements"].flatMap((name) => linesOf(part[name]));
  }
}

/** A label and its value, as cards put them. */
function sideBySide(columns: readonly unknown[]): string[] {
  const [label, ...values] = columns.map((column) => linesOf(column).join(" "));
  return [values.length > 0 ? `${label}: ${values.join(" ")}` : (label ?? "")];
}

function tableOf(rows: readonly unknown[]): string[] {
  const cells = rows.map((row) =>
    isJson(row) ? listOf(row.cells).map((cell) => linesOf(cell).join(" ")) : [],
  );
  const widths: number[] = [];
  for (const row of cells) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  }
  return cells.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

/** The runs of one paragraph differ in style, not in place. */
function runsOf(runs: unknown): string {
  return listOf(runs)
    .map((run) => (isJson(run) ? wordsOf(run.text) || wordsOf(run.url) : wordsOf(run)))
    .join("");
}

function wordsOf(value: unknown): string {
  if (typeof value === "string") return value;
  return isJson(value) && typeof value.text === "string" ? value.text : "";
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
