import type { Block, Text, View } from "../../../reply/view.ts";
import { clip } from "./plain-text.ts";

/** No single text is longer, before anything is left out. */
const maxTextLength = 1000;

/**
 * The view, or as much of it as `fits`: first long texts are cut, then rows and items from the end of the long blocks, then
 * whole blocks from the end. Title and actions always stay, and whatever is left out is said where it was.
 */
export function fitView(view: View, fits: (candidate: View) => boolean): View {
  if (fits(view)) return view;
  const cut = {
    ...view,
    ...(view.title && { title: clip(view.title, 200) }),
    blocks: view.blocks.map(clipBlock),
  };
  if (fits(cut)) return cut;
  return (
    largest(longest(cut.blocks), (items) => keepItems(cut, items), fits) ??
    largest(cut.blocks.length, (blocks) => keepBlocks(keepItems(cut, 1), blocks), fits) ??
    keepBlocks(cut, 0)
  );
}

/** The candidate with the greatest number of 1 to `most` that fits. */
function largest(
  most: number,
  candidate: (count: number) => View,
  fits: (candidate: View) => boolean,
): View | undefined {
  let found: View | undefined;
  let low = 1;
  let high = most;
  while (low <= high) {
    const middle = Math.floor((low + high) / 2);
    const view = candidate(middle);
    if (fits(view)) {
      found = view;
      low = middle + 1;
    } else {
      high = middle - 1;
    }
  }
  return found;
}

function longest(blocks: readonly Block[]): number {
  return Math.max(1, ...blocks.map(itemCount));
}

function itemCount(block: Block): number {
  switch (block.kind) {
    case "facts":
      return block.facts.length;
    case "table":
      return block.rows.length;
    case "notes":
      return block.notes.length;
    case "list":
      return block.items.length;
    case "code":
      return block.text.split("\n").length;
    case "paragraph":
      return 1;
    default:
      return block satisfies never;
  }
}

function keepItems(view: View, items: number): View {
  return { ...view, blocks: view.blocks.map((block) => keepFirst(block, items)) };
}

function keepFirst(block: Block, items: number): Block {
  const left = itemCount(block) - items;
  if (left <= 0) return block;
  const more = `… ${left} more not shown here`;
  switch (block.kind) {
    case "facts":
      return { ...block, facts: [...block.facts.slice(0, items), { label: "…", value: more }] };
    case "table":
      return {
        ...block,
        rows: [...block.rows.slice(0, items), block.columns.map((_, column) => (column === 0 ? more : ""))],
      };
    case "notes":
      return { ...block, notes: [...block.notes.slice(0, items), { level: "info", text: more }] };
    case "list":
      return { ...block, items: [...block.items.slice(0, items), more] };
    case "code":
      return { ...block, text: [...block.text.split("\n").slice(0, items), more].join("\n") };
    case "paragraph":
      return block;
    default:
      return block satisfies never;
  }
}

function keepBlocks(view: View, blocks: number): View {
  if (blocks >= view.blocks.length) return view;
  const note: Block = { kind: "paragraph", text: "… The rest is too long to be shown here." };
  return { ...view, blocks: [...view.blocks.slice(0, blocks), note] };
}

function clipBlock(block: Block): Block {
  switch (block.kind) {
    case "paragraph":
      return { ...block, text: clipText(block.text) };
    case "facts":
      return {
        ...block,
        facts: block.facts.map(({ label, value }) => ({ label: clip(label, 200), value: clipText(value) })),
      };
    case "table":
      return {
        ...block,
        columns: block.columns.map((column) => clip(column, 200)),
        rows: block.rows.map((row) => row.map(clipText)),
      };
    case "notes":
      return { ...block, notes: block.notes.map((note) => ({ ...note, text: clipText(note.text) })) };
    case "list":
      return { ...block, items: block.items.map(clipText) };
    case "code":
      return { ...block, text: clip(block.text, 4 * maxTextLength) };
    default:
      return block satisfies never;
  }
}

function clipText(text: Text): Text {
  if (typeof text === "string") return clip(text, maxTextLength);
  return text.map((span) => ({ ...span, text: clip(span.text, maxTextLength) }));
}
