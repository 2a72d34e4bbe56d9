/**
 * Text on its way to Slack. Nothing that a person typed may become markup: it goes into rich text elements, which Slack
 * shows literally, or into text objects, escaped.
 */
import type { PlainTextElement } from "@slack/types";

const ellipsis = "…";

/**
 * Takes out what can make a message read differently from what it says: control characters (line breaks and tabs stay),
 * direction overrides, halves of surrogate pairs.
 */
export function clean(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?/g, "\n")
    .replace(/[^\P{Cc}\n\t]/gu, "")
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, "");
}

/** At most `max` UTF-16 units, with an ellipsis where something was cut; no character is cut in half. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text;
  const kept = text.slice(0, max - ellipsis.length);
  return (kept.isWellFormed() ? kept : kept.slice(0, -1)) + ellipsis;
}

/** The three characters that Slack reads as markup (https://docs.slack.dev/messaging/formatting-message-text). */
export function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Cleaned and escaped, at most `max` units long after the escaping. */
export function escapeWithin(text: string, max: number): string {
  const cleaned = clean(text);
  for (let length = max; length > 0; length -= 1) {
    const escaped = escapeText(clip(cleaned, length));
    if (escaped.length <= max) return escaped;
    // Escaping adds at most four units a character, so whole strides can be skipped while far off.
    length -= Math.floor((escaped.length - max) / 5);
  }
  return "";
}

/** One line of plain text for a text object. Slack refuses empty ones: `otherwise` stands in for nothing. */
export function plainText(text: string, max: number, otherwise: string): PlainTextElement {
  const line = text.replace(/\s+/g, " ").trim();
  return { type: "plain_text", text: escapeWithin(line, max) || otherwise, emoji: false };
}

/** What a person typed, from the form that Slack sends it in: entities, mentions, channels and links undone. */
export function typedText(text: string): string {
  return text
    .replace(/<([^<>|]*)(?:\|([^<>]*))?>/g, (_, target: string, label: string | undefined) =>
      readToken(target, label),
    )
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}

function readToken(target: string, label: string | undefined): string {
  if (target.startsWith("@")) return label ? `@${label}` : target;
  if (target.startsWith("#")) return label ? `#${label}` : target;
  if (target.startsWith("!")) return label || `@${target.slice(1)}`;
  return label || target;
}

/** The text without the mentions of this user (an id of capitals and digits), wherever they stand. */
export function withoutMention(text: string, userId: string): string {
  return text.replace(new RegExp(`\\s*<@${userId}(?:\\|[^<>]*)?>[:,]?\\s*`, "g"), " ").trim();
}
