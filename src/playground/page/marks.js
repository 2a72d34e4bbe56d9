/**
 * The marks before headings and notes (⏳ ✅ …) as pictures of our own. Both chats draw emoji as pictures, too; the fonts of a
 * plain Linux machine have no glyph for some of them and would show a blank.
 */
import { el } from "./dom.js";

const marks = {
  "⏳": "waiting",
  "✅": "good",
  "❌": "bad",
  "⚠": "warning",
  ℹ: "info",
  "⛔": "refusal",
  "🚫": "refusal",
};
/** A sign with the selector that asks for its colourful form, where there is one. */
const sign = /([⏳✅❌⚠ℹ⛔🚫])\ufe0f?/gu;

/** Replaces the marks in everything that is written inside the element, and returns it. */
export function drawMarks(element) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) if (walker.currentNode.data.match(sign)) found.push(walker.currentNode);
  for (const node of found) node.replaceWith(...withPictures(node.data));
  return element;
}

function withPictures(text) {
  const parts = [];
  let last = 0;
  for (const match of text.matchAll(sign)) {
    parts.push(text.slice(last, match.index), picture(match[1], match[0]));
    last = match.index + match[0].length;
  }
  parts.push(text.slice(last));
  return parts.filter((part) => part !== "");
}

const picture = (character, written) =>
  el("img", { class: "mark", src: `/marks/${marks[character]}.svg`, alt: written });
