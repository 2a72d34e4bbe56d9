/** The little Markdown that Teams shows in a bot's text, drawn as elements; also for Adaptive Cards, as safe markup. */
import { el } from "../dom.js";

/** Bold, italic, code, a link, or a backslash before a sign. */
const inline =
  /\\([\\`*_{}[\]()#+\-.!~|<>&])|\*\*([^*]+?)\*\*|(?<![\w*])\*([^*\s][^*]*?)\*(?!\w)|(?<!\w)_([^_]+?)_(?!\w)|~~([^~]+?)~~|`([^`]+?)`|\[([^\]]+?)\]\((https?:\/\/[^\s)]+)\)|<at>([^<]+?)<\/at>/g;

/** The text as elements: paragraphs, lists and code blocks. */
export function markdown(text) {
  const parts = [];
  for (const piece of text.split(/(```[\s\S]*?```)/)) {
    if (piece.startsWith("```")) {
      parts.push(el("pre", {}, el("code", {}, piece.slice(3, -3).replace(/^\w*\n/, ""))));
      continue;
    }
    for (const paragraph of piece.split(/\n{2,}/))
      if (paragraph.trim() !== "") parts.push(block(paragraph.trim()));
  }
  return parts;
}

function block(paragraph) {
  const lines = paragraph.split("\n");
  const bullet = /^\s*[-*•]\s+/;
  const numbered = /^\s*\d+[.)]\s+/;
  if (lines.every((line) => bullet.test(line))) {
    return el("ul", {}, ...lines.map((line) => el("li", {}, inlines(line.replace(bullet, "")))));
  }
  if (lines.every((line) => numbered.test(line))) {
    return el("ol", {}, ...lines.map((line) => el("li", {}, inlines(line.replace(numbered, "")))));
  }
  return el("p", {}, ...lines.flatMap((line, index) => [index > 0 && el("br"), ...inlines(line)]));
}

function inlines(text) {
  const parts = [];
  let last = 0;
  for (const match of text.matchAll(inline)) {
    const [whole, escaped, bold, star, under, struck, code, linked, url, mention] = match;
    parts.push(text.slice(last, match.index));
    last = match.index + whole.length;
    if (escaped !== undefined) parts.push(escaped);
    else if (bold !== undefined) parts.push(el("strong", {}, ...inlines(bold)));
    else if (star !== undefined || under !== undefined) parts.push(el("em", {}, ...inlines(star ?? under)));
    else if (struck !== undefined) parts.push(el("s", {}, ...inlines(struck)));
    else if (code !== undefined) parts.push(el("code", {}, code));
    else if (mention !== undefined) parts.push(el("span", { class: "mention" }, mention));
    else parts.push(el("a", { href: url, target: "_blank", rel: "noreferrer" }, linked));
  }
  parts.push(text.slice(last));
  return parts.filter((part) => part !== "");
}

/** The same as markup. It was built from elements, so all that was text is escaped. */
export function markdownToHtml(text) {
  return el("div", {}, ...markdown(text)).innerHTML;
}
