/** A view's blocks as rich text that can be shortened from the end, saying how much is missing. */
import type { RichTextBlock } from "@slack/types";
import type { Block, NoteLevel, Text } from "../../reply/view.ts";
import {
  bold,
  bulletsOf,
  type Element,
  elementsOf,
  linesOf,
  type Part,
  plain,
  preformattedOf,
  sectionOf,
  wordsOf,
} from "./rich-text.ts";
import { clean, clip } from "./text.ts";

/** One block of the view: units of known size, of which the first `kept` are drawn. */
export type Content = {
  readonly unitSizes: readonly number[];
  readonly draw: (kept: number) => RichTextBlock;
};

/** Monospaced lines wider than this wrap on a phone, which makes a table unreadable. */
const maxTableWidth = 40;
const maxCodeLine = 1500;

export function contentOf(block: Block): Content {
  switch (block.kind) {
    case "paragraph":
      return richContent([elementsOf(block.text)], "paragraphs", (lines) => [linesOf(lines)]);
    case "facts":
      return richContent(
        block.facts.map(({ label, value }) => [bold(`${wordsOf(label) || "–"}: `), ...elementsOf(value)]),
        "lines",
        (lines) => [linesOf(lines)],
      );
    case "notes":
      return richContent(
        block.notes.map(({ level, text }) => [...markOf(level), ...elementsOf(text)]),
        "notes",
        (lines) => [linesOf(lines)],
      );
    case "list":
      return richContent(block.items.map(elementsOf), "items", (items) => [bulletsOf(items)]);
    case "code":
      return monospaced(
        clean(block.text)
          .split("\n")
          .map((line) => clip(line, maxCodeLine)),
        "lines",
      );
    case "table":
      return tableOf(block);
    default:
      return block satisfies never;
  }
}

const noteMarks = {
  info: "ℹ️ ",
  warning: "⚠️ Warning: ",
  refusal: "⛔ Refused: ",
} as const satisfies Record<NoteLevel, string>;

function markOf(level: NoteLevel): Element[] {
  return [level === "info" ? plain(noteMarks[level]) : bold(noteMarks[level])];
}

/** Aligned and monospaced where that fits a phone; otherwise one item a row, each value with its column's name. */
function tableOf(table: Extract<Block, { kind: "table" }>): Content {
  const cells = table.rows.map((row) => table.columns.map((_, index) => wordsOf(row[index] ?? "") || "–"));
  const widths = table.columns.map((name, index) =>
    Math.max(wordsOf(name).length, ...cells.map((row) => row[index]?.length ?? 0)),
  );
  const width = widths.reduce((sum, one) => sum + one + 2, -2);
  if (width > maxTableWidth) {
    const items = table.rows.map((row) => rowItem(table.columns, row));
    return richContent(items, "rows", (rows) => [bulletsOf(rows)]);
  }
  const aligned = (row: readonly string[]) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join("  ")
      .trimEnd();
  return monospaced(cells.map(aligned), "rows", aligned(table.columns.map(wordsOf)));
}

function rowItem(columns: readonly string[], row: readonly Text[]): Element[] {
  return columns.flatMap((name, index) => {
    const value = elementsOf(row[index] ?? "");
    return index === 0 ? value : [plain(` · ${wordsOf(name) || "–"}: `), ...value];
  });
}

/** What a line break after a unit adds to its size, at most. */
const unitOverhead = 40;

function richContent(units: Element[][], noun: string, draw: (kept: Element[][]) => Part[]): Content {
  return {
    unitSizes: units.map((unit) => JSON.stringify(sectionOf(unit)).length + unitOverhead),
    draw: (kept) => withRest(kept > 0 ? draw(units.slice(0, kept)) : [], units.length - kept, noun),
  };
}

function monospaced(lines: readonly string[], noun: string, heading?: string): Content {
  return {
    unitSizes: lines.map((line) => JSON.stringify(line).length),
    draw(kept) {
      const shown = [...(heading === undefined ? [] : [heading]), ...lines.slice(0, kept)].join("\n");
      return withRest([preformattedOf(shown || "–")], lines.length - kept, noun);
    },
  };
}

function withRest(parts: Part[], missing: number, noun: string): RichTextBlock {
  const note = missing > 0 ? [sectionOf([plain(`… ${missing} more ${noun} not shown.`)])] : [];
  return { type: "rich_text", elements: [...parts, ...note] };
}
