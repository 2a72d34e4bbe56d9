/** One message: who, when, the text, and its cards or blocks, with what can be done about it. */
import { avatar, clock, el } from "../dom.js";
import { drawMarks } from "../marks.js";
import { drawAdaptiveCard } from "./adaptive-card.js";
import { drawBlocks } from "./block-kit.js";
import { clickOn } from "./click.js";
import { markdown } from "./markdown.js";
import { mrkdwn } from "./mrkdwn.js";

export function drawMessage(message, context) {
  return drawMarks(drawPlain(message, context));
}

function drawPlain(message, { world, place, onReply }) {
  const { author, authorName, platform } = message;
  const mine = author.kind === "person" && author.person === world.state.as;
  const own = mine && place.kind !== "channel" && platform === "teams";
  return el(
    "div",
    {
      class: `message${own ? " own" : ""}${message.ephemeral ? " ephemeral" : ""}`,
      "data-id": message.id,
      "data-author": author.kind,
    },
    avatar(author, authorName),
    el(
      "div",
      { class: "message-body" },
      el(
        "p",
        { class: "message-head" },
        el("strong", {}, authorName),
        author.kind === "bot" && el("span", { class: "app-badge" }, "App"),
        el("time", { datetime: message.sentAt }, clock(message.sentAt)),
        message.editedAt !== null && el("span", { class: "edited" }, "edited"),
        message.ownView && el("span", { class: "only-you" }, "your view"),
        message.ephemeral && el("span", { class: "only-you" }, "Only visible to you"),
      ),
      message.deleted ? el("p", { class: "deleted" }, "This message was deleted.") : content(message, world),
      !message.deleted && place.kind === "channel" && replyButton(message, onReply),
    ),
  );
}

function content(message, world) {
  const { text, cards, blocks, platform, author } = message;
  const click = (key, inputs) => clickOn(message, { as: world.state.as, key, inputs });
  if (platform === "slack") {
    if (blocks.length > 0) return drawBlocks(blocks, { click, world });
    return el("p", { class: "text" }, mrkdwn(text, world));
  }
  const words = author.kind === "bot" ? markdown(text) : mentionsIn(text);
  return [
    text !== "" && el("div", { class: "text" }, words),
    ...cards.map((card, index) => drawAdaptiveCard(card, { index, click })),
  ];
}

function mentionsIn(text) {
  return text
    .split(/(@routebot\b)/i)
    .map((part) => (/^@routebot$/i.test(part) ? el("span", { class: "mention" }, "Routebot") : part));
}

function replyButton(message, onReply) {
  const root = message.thread ?? message.id;
  const label = `Reply in thread to ${message.authorName}`;
  return el(
    "button",
    { type: "button", class: "reply", "aria-label": label, onclick: () => onReply(root) },
    "Reply in thread",
  );
}
