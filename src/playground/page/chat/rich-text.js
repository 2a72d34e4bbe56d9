/** Slack's rich text: words with a style each, so that nothing in them is read as markup. */
import { el } from "../dom.js";

/** One part of a `rich_text` block. */
export function drawRichText(part, context) {
  const words = () => part.elements.map((run) => drawRun(run, context));
  switch (part.type) {
    case "rich_text_section":
      return el("div", {}, ...words());
    case "rich_text_list":
      return el(
        part.style === "ordered" ? "ol" : "ul",
        {},
        ...part.elements.map((item) => el("li", {}, ...item.elements.map((run) => drawRun(run, context)))),
      );
    case "rich_text_preformatted":
      return el("pre", {}, el("code", {}, ...words()));
    case "rich_text_quote":
      return el("blockquote", {}, ...words());
    default:
      return el("p", { class: "unknown" }, `[${part.type}]`);
  }
}

const styles = { bold: "strong", italic: "em", strike: "s", code: "code" };

function drawRun(run, { world }) {
  const styled = (content) =>
    Object.entries(styles).reduce(
      (inner, [style, tag]) => (run.style?.[style] ? el(tag, {}, inner) : inner),
      content,
    );
  switch (run.type) {
    case "text":
      return styled(run.text);
    case "link":
      return styled(el("a", { href: run.url, target: "_blank", rel: "noreferrer" }, run.text ?? run.url));
    case "user":
      return el("span", { class: "mention" }, `@${world.slackName(run.user_id) ?? run.user_id}`);
    case "emoji":
      return emoji(run);
    case "broadcast":
      return el("span", { class: "mention everyone" }, `@${run.range}`);
    case "date":
      return el("time", {}, run.fallback ?? new Date(run.timestamp * 1000).toLocaleString());
    default:
      return el("span", { class: "unknown" }, `[${run.type}]`);
  }
}

/** By its code points where they are given, else by its name. */
function emoji({ name, unicode }) {
  if (!unicode) return `:${name}:`;
  return String.fromCodePoint(...unicode.split("-").map((point) => Number.parseInt(point, 16)));
}
