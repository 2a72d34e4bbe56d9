import { OpenUrlAction, RichTextBlock, TextRun, type TextRunOptions } from "@microsoft/teams.cards";
import type { Span, Text } from "../../../reply/view.ts";
import { plainText } from "./plain-text.ts";

type Inline = NonNullable<RichTextBlock["inlines"]>[number];

/** Spans as the runs of a `RichTextBlock`; `look` holds for all of them. */
export function inlinesOf(text: Text, look: TextRunOptions = {}): Inline[] {
  const spans: readonly Span[] = typeof text === "string" ? [{ kind: "plain", text }] : text;
  const inlines = spans.filter((span) => span.text !== "").map((span) => inlineOf(span, look));
  // A block without runs would be none.
  return inlines.length > 0 ? inlines : [" "];
}

function inlineOf(span: Span, look: TextRunOptions): Inline {
  const text = plainText(span.text);
  switch (span.kind) {
    case "plain":
      // A string is a run without a look of its own, and takes a quarter of the room.
      return Object.keys(look).length === 0 ? text : new TextRun(text, look);
    case "strong":
      return new TextRun(text, { ...look, weight: "Bolder" });
    case "code":
      return new TextRun(text, { ...look, fontType: "Monospace" });
    case "link":
      return new TextRun(text, { ...look, ...linkTo(span.url) });
    default:
      return span satisfies never;
  }
}

/** The address as it was parsed, not as it was written: a client might read the latter otherwise. */
function linkTo(url: string): TextRunOptions {
  const parsed = URL.parse(url);
  const allowed = parsed?.protocol === "https:" && parsed.username === "" && parsed.password === "";
  return allowed ? { selectAction: new OpenUrlAction(parsed.href) } : {};
}

export function richText(text: Text, look: TextRunOptions = {}): RichTextBlock {
  return new RichTextBlock({ inlines: inlinesOf(text, look) });
}
