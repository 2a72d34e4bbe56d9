/**
 * Slack's mrkdwn, drawn as elements. Only `&amp;`, `&lt;` and `&gt;` are escapes, and what stands in angle brackets is a
 * mention or a link: exactly as Slack reads it, so that text which was not escaped shows here, too.
 */
import { el } from "../dom.js";

const inline =
  /```([\s\S]+?)```|`([^`\n]+?)`|<([^<>\n]+)>|(?<![\w*])\*([^*\n]+?)\*(?![\w*])|(?<!\w)_([^_\n]+?)_(?!\w)|(?<!\w)~([^~\n]+?)~(?!\w)/g;

export function unescapeSlack(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

/** The text as a list of elements and strings. */
export function mrkdwn(text, world) {
  const parts = [];
  const lines = text.split("\n");
  let quote = [];
  const flush = () => {
    if (quote.length > 0) parts.push(el("blockquote", {}, ...withBreaks(quote, world)));
    quote = [];
  };
  let plain = [];
  const flushPlain = () => {
    if (plain.length > 0) parts.push(...inlines(plain.join("\n"), world));
    plain = [];
  };
  for (const line of lines) {
    if (line.startsWith("&gt; ") || line.startsWith("> ")) {
      flushPlain();
      quote.push(line.replace(/^(&gt;|>) /, ""));
    } else {
      flush();
      plain.push(line);
    }
  }
  flushPlain();
  flush();
  return parts;
}

const withBreaks = (lines, world) =>
  lines.flatMap((line, index) => [...(index > 0 ? [el("br")] : []), ...inlines(line, world)]);

function inlines(text, world) {
  const parts = [];
  let last = 0;
  const push = (piece) => {
    for (const [index, line] of unescapeSlack(piece).split("\n").entries()) {
      if (index > 0) parts.push(el("br"));
      if (line !== "") parts.push(line);
    }
  };
  for (const match of text.matchAll(inline)) {
    const [whole, pre, code, bracket, bold, italic, struck] = match;
    push(text.slice(last, match.index));
    last = match.index + whole.length;
    if (pre !== undefined) parts.push(el("pre", {}, el("code", {}, unescapeSlack(pre.replace(/^\n/, "")))));
    else if (code !== undefined) parts.push(el("code", {}, unescapeSlack(code)));
    else if (bracket !== undefined) parts.push(reference(bracket, world));
    else if (bold !== undefined) parts.push(el("strong", {}, ...inlines(bold, world)));
    else if (italic !== undefined) parts.push(el("em", {}, ...inlines(italic, world)));
    else if (struck !== undefined) parts.push(el("s", {}, ...inlines(struck, world)));
  }
  push(text.slice(last));
  return parts;
}

/** What stands in angle brackets: a person, a channel, everybody, a date, or a link. */
function reference(inside, world) {
  const [target, label] = inside.split("|");
  if (target.startsWith("@")) {
    const id = target.slice(1);
    const me = world.person(world.state.as)?.slackId === id;
    return el("span", { class: me ? "mention me" : "mention" }, `@${world.slackName(id) ?? label ?? id}`);
  }
  if (target.startsWith("#")) return el("span", { class: "mention" }, `#${label ?? "on-call"}`);
  if (target.startsWith("!date^")) {
    const [, seconds] = target.split("^");
    const date = new Date(Number(seconds) * 1000);
    return el(
      "time",
      { datetime: date.toISOString() },
      date.toLocaleString([], { dateStyle: "medium", timeStyle: "short" }),
    );
  }
  if (target.startsWith("!"))
    return el("span", { class: "mention everyone" }, `@${label ?? target.slice(1)}`);
  if (/^(https?:|mailto:)/.test(target)) {
    return el(
      "a",
      { href: unescapeSlack(target), target: "_blank", rel: "noreferrer" },
      unescapeSlack(label ?? target),
    );
  }
  return unescapeSlack(inside);
}
