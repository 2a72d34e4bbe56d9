/** Spans as rich text elements. Their text is data, not mrkdwn: Slack neither parses nor unescapes it. */
import type {
  RichTextBlock,
  RichTextList,
  RichTextPreformatted,
  RichTextSection,
  RichTextText,
} from "@slack/types";
import type { Span, Text } from "../../reply/view.ts";
import { clean, clip } from "./text.ts";

export type Element = RichTextSection["elements"][number];
export type Part = RichTextBlock["elements"][number];

/** Longer texts are shortened; a request or a status never needs more in one place. */
const maxTextLength = 1500;
const maxUrlLength = 3000;

export function plain(text: string): RichTextText {
  return { type: "text", text };
}

export function bold(text: string): RichTextText {
  return { type: "text", text, style: { bold: true } };
}

/** Never empty: Slack refuses sections without elements and elements without text. */
export function elementsOf(text: Text): Element[] {
  const spans: readonly Span[] = typeof text === "string" ? [{ kind: "plain", text }] : text;
  const elements: Element[] = [];
  let left = maxTextLength;
  for (const span of spans) {
    const words = clean(span.text);
    if (words === "") continue;
    elements.push(elementOf(span, clip(words, left)));
    left -= words.length;
    if (left <= 0) break;
  }
  if (elements.length === 0) return [plain("–")];
  return left < 0 ? [...elements, plain(" (shortened)")] : elements;
}

function elementOf(span: Span, words: string): Element {
  switch (span.kind) {
    case "plain":
      return plain(words);
    case "strong":
      return bold(words);
    case "code":
      return { type: "text", text: words.replace(/\s+/g, " "), style: { code: true } };
    case "link": {
      const url = safeUrl(span.url);
      return url === undefined ? plain(words) : { type: "link", url, text: words };
    }
    default:
      return span satisfies never;
  }
}

/** As a browser reads it, so that nothing can be hidden in it; only https. */
function safeUrl(text: string): string | undefined {
  const url = URL.parse(text);
  return url?.protocol === "https:" && url.href.length <= maxUrlLength ? url.href : undefined;
}

/** The words alone, on one line, for places that know no styles. */
export function wordsOf(text: Text): string {
  const words = typeof text === "string" ? text : text.map((span) => span.text).join("");
  return clean(words).replace(/\s+/g, " ").trim();
}

/** Neighbours of one style become one element: each costs some fifty characters of Slack's limit. */
export function sectionOf(elements: readonly Element[]): RichTextSection {
  const merged: Element[] = [];
  for (const element of elements) {
    const last = merged.at(-1);
    if (last?.type === "text" && element.type === "text" && sameStyle(last, element)) {
      merged[merged.length - 1] = { ...last, text: last.text + element.text };
    } else merged.push(element);
  }
  return { type: "rich_text_section", elements: merged };
}

function sameStyle(a: RichTextText, b: RichTextText): boolean {
  return a.style?.bold === b.style?.bold && a.style?.code === b.style?.code && !a.style?.code;
}

/** Each line's elements below one another in one section. */
export function linesOf(lines: readonly Element[][]): RichTextSection {
  return sectionOf(lines.flatMap((line, index) => (index === 0 ? line : [plain("\n"), ...line])));
}

export function bulletsOf(items: readonly Element[][]): RichTextList {
  return { type: "rich_text_list", style: "bullet", elements: items.map((item) => sectionOf(item)) };
}

export function preformattedOf(text: string): RichTextPreformatted {
  return { type: "rich_text_preformatted", elements: [plain(text)] };
}
