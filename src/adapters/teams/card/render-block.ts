import {
  type CardElementArray,
  Column,
  ColumnDefinition,
  ColumnSet,
  Container,
  RichTextBlock,
  Table,
  TableCell,
  TableRow,
  TextRun,
  type TextRunOptions,
} from "@microsoft/teams.cards";
import type { Block, NoteLevel, Text } from "../../../reply/view.ts";
import { inlinesOf, richText } from "./rich-text.ts";

/** A note's level in words and a mark, never by colour alone. */
const noteMarks: Readonly<Record<NoteLevel, string>> = {
  info: "ℹ️ Note: ",
  warning: "⚠️ Warning: ",
  refusal: "⛔ Refused: ",
};

export function renderBlock(block: Block): CardElementArray {
  switch (block.kind) {
    case "paragraph":
      return [richText(block.text)];
    case "facts":
      return block.facts.map(({ label, value }) => fact(label, value));
    case "table":
      return [table(block.columns, block.rows)];
    case "notes":
      return block.notes.map(({ level, text }) =>
        marked(new TextRun(noteMarks[level], { weight: "Bolder" }), text),
      );
    case "list":
      return block.items.map((item) => marked("• ", item));
    case "code":
      return [code(block.text)];
    default:
      return block satisfies never;
  }
}

/** Not a `FactSet`: its texts are Markdown. */
function fact(label: string, value: Text): ColumnSet {
  return new ColumnSet({
    spacing: "Small",
    columns: [
      new Column(richText(label, { isSubtle: true })).withWidth(1),
      new Column(richText(value)).withWidth(2),
    ],
  });
}

function table(columns: readonly string[], rows: readonly (readonly Text[])[]): Table {
  return new Table({
    columns: columns.map(() => new ColumnDefinition({ width: 1 })),
    firstRowAsHeaders: true,
    rows: [row(columns, { weight: "Bolder" }), ...rows.map((cells) => row(cells))],
  });
}

function row(cells: readonly Text[], look?: TextRunOptions): TableRow {
  return new TableRow({ cells: cells.map((cell) => new TableCell(richText(cell, look))) });
}

function marked(mark: TextRun | string, text: Text): RichTextBlock {
  return new RichTextBlock({ inlines: [mark, ...inlinesOf(text)], spacing: "Small" });
}

/** A block for each line: line breaks within a run are drawn differently by different clients. */
function code(text: string): Container {
  const lines = text.split(/\r\n|\n|\r/);
  const blocks = lines.map((line, index) => {
    const block = richText([{ kind: "code", text: line }]);
    return index === 0 ? block : block.withSpacing("None");
  });
  return new Container(...blocks).withStyle("emphasis");
}
