/** A view as Block Kit, inside Slack's limits whatever the view (https://docs.slack.dev/reference/block-kit). */
import type { ActionsBlock, Button, KnownBlock } from "@slack/types";
import type { Action, Span, Text, Tone, View } from "../../reply/view.ts";
import { type Content, contentOf } from "./content.ts";
import { formBlockId } from "./form.ts";
import { plain, sectionOf } from "./rich-text.ts";
import { clean, clip, escapeWithin, plainText } from "./text.ts";

export type SlackMessage = {
  /** For notifications and screen readers; escaped. */
  readonly text: string;
  readonly blocks: KnownBlock[];
};

/** Slack refuses more than about 13,200 characters of blocks with `msg_blocks_too_long` (bolt-js issue 2509). */
const maxTotal = 11_000;
/** What a block costs besides its units: braces, names, the note about what is missing. */
const blockOverhead = 250;
/** 50 blocks a message, less header, mark, notes and rows of buttons. */
const maxContents = 20;
const maxButtons = 25;
const maxHeader = 150;
const maxButtonText = 75;
const maxSummary = 3000;

/** A shape of its own for each tone, before the title: nothing depends on seeing colours. */
const marks = {
  neutral: "",
  waiting: "⏳",
  good: "✅",
  bad: "❌",
  attention: "⚠️",
} as const satisfies Record<Tone, string>;

export function renderView(given: View): SlackMessage {
  const view = withMark(given);
  const head = headOf(view);
  const buttons = buttonRows(view.actions);
  const room = maxTotal - JSON.stringify([head, buttons]).length;
  const body = bodyOf(view.blocks.map(contentOf), room);
  // Without blocks Slack would show the text, and read it as markup.
  const blocks = [...head, ...body, ...buttons];
  return {
    text: escapeWithin(view.summary, maxSummary) || "Routebot",
    blocks: blocks.length > 0 ? blocks : [richTextOf(clip(clean(view.summary), maxSummary) || "–")],
  };
}

export type NoticeLink = { readonly text: string; readonly url: string };

/** One short text for one person, such as a refusal. The link is in the blocks alone: nothing is notified with it. */
export function renderNotice(text: string, link?: NoticeLink): SlackMessage {
  const said: Text =
    link === undefined
      ? text
      : [
          { kind: "plain", text: `${text} ` },
          { kind: "link", ...link },
        ];
  return renderView({
    tone: "neutral",
    blocks: [{ kind: "paragraph", text: said }],
    actions: [],
    summary: text,
  });
}

/** The mark of a view without a title stands before its first words, not in a line of its own. */
function withMark(view: View): View {
  const [first, ...rest] = view.blocks;
  const mark = marks[view.tone];
  if (hasTitle(view) || mark === "" || first?.kind !== "paragraph") return view;
  const words: readonly Span[] =
    typeof first.text === "string" ? [{ kind: "plain", text: first.text }] : first.text;
  const text: Text = [{ kind: "plain", text: `${mark} ` }, ...words];
  return { ...view, tone: "neutral", blocks: [{ kind: "paragraph", text }, ...rest] };
}

function hasTitle({ title }: View): boolean {
  return title !== undefined && title.trim() !== "";
}

function headOf({ title, tone }: View): KnownBlock[] {
  const mark = marks[tone];
  if (title !== undefined && title.trim() !== "") {
    return [{ type: "header", text: plainText(`${mark} ${title}`, maxHeader, "Routebot") }];
  }
  return mark === "" ? [] : [{ type: "rich_text", elements: [sectionOf([plain(mark)])] }];
}

/** Shortens the longest block first, so that a long table does not push the words after it out. */
function bodyOf(contents: readonly Content[], room: number): KnownBlock[] {
  const shown = contents
    .filter(({ unitSizes }) => unitSizes.length > 0)
    .slice(0, maxContents)
    .map((content) => ({ content, kept: content.unitSizes.length, size: sizeOf(content) }));
  let left = room - shown.reduce((sum, { size }) => sum + size, 0);
  while (left < 0) {
    const longest = shown.reduce((a, b) => (b.size > a.size ? b : a));
    const freed = longest.content.unitSizes[longest.kept - 1];
    if (freed === undefined) break;
    longest.kept -= 1;
    longest.size -= freed + 1;
    left += freed + 1;
  }
  const hidden = contents.length - Math.min(contents.length, maxContents);
  return [
    ...shown.map(({ content, kept }) => content.draw(kept)),
    ...(hidden > 0 ? [richTextOf(`… ${hidden} more parts not shown.`)] : []),
  ];
}

function sizeOf({ unitSizes }: Content): number {
  return unitSizes.reduce((sum, size) => sum + size + 1, blockOverhead);
}

function richTextOf(text: string): KnownBlock {
  return { type: "rich_text", elements: [sectionOf([plain(text)])] };
}

/** One row, unless several buttons have forms: a row's block id has room for the words of one form. */
function buttonRows(actions: readonly Action[]): KnownBlock[] {
  const rows: { elements: Button[]; blockId?: string }[] = [];
  const seen = new Map<string, number>();
  for (const action of actions.slice(0, maxButtons)) {
    let row = rows.at(-1);
    if (row === undefined || (row.blockId && action.form)) {
      row = { elements: [] };
      rows.push(row);
    }
    const count = (seen.get(action.verb) ?? 0) + 1;
    seen.set(action.verb, count);
    // The verb; Slack wants action ids to differ within a message, so further ones are counted.
    const actionId = count === 1 ? action.verb : `${action.verb}:${count}`;
    row.elements.push(buttonOf(action, actionId));
    if (action.form) row.blockId = formBlockId(action.form, actionId);
  }
  const hidden = actions.length - Math.min(actions.length, maxButtons);
  return [
    ...rows.map(
      ({ elements, blockId }): ActionsBlock => ({
        type: "actions",
        ...(blockId === undefined ? {} : { block_id: blockId }),
        elements,
      }),
    ),
    ...(hidden > 0 ? [richTextOf(`… ${hidden} more buttons not shown.`)] : []),
  ];
}

function buttonOf(action: Action, id: string): Button {
  return {
    type: "button",
    action_id: id,
    text: plainText(action.title, maxButtonText, action.verb),
    value: action.id,
    ...(action.style ? { style: action.style } : {}),
  };
}
