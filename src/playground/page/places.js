/** The list of conversations, by platform, with unread marks. */
import { el } from "./dom.js";

const platforms = [
  { id: "teams", title: "Microsoft Teams" },
  { id: "slack", title: "Slack" },
];
const signs = { channel: "#", group: "◍", direct: "@" };

/** Returns what marks a conversation as the one that is shown. */
export function startPlaces(nav, world, choose) {
  let current;
  const draw = () => {
    const { conversations } = world.state;
    nav.replaceChildren(
      ...platforms.map(({ id, title }) =>
        el(
          "section",
          { "data-platform": id },
          el("h2", {}, title),
          el("ul", {}, ...conversations.filter(({ platform }) => platform === id).map(item)),
        ),
      ),
    );
  };

  function item(place) {
    const { platform, id, kind, name, unread } = place;
    const isCurrent = current === `${platform}:${id}`;
    return el(
      "li",
      {},
      el(
        "button",
        {
          type: "button",
          class: unread > 0 ? "place unread" : "place",
          "aria-current": isCurrent ? "page" : null,
          onclick: () => choose(place),
        },
        el("span", { class: "sign", "aria-hidden": "true" }, signs[kind]),
        // Read out as "General 1 unread".
        el("span", { class: "place-name" }, name),
        unread > 0 &&
          el("span", { class: "count" }, String(unread), el("span", { class: "unseen" }, " unread")),
      ),
    );
  }

  world.on("world", draw);
  world.on("conversations", draw);
  return (place) => {
    current = `${place.platform}:${place.id}`;
    draw();
  };
}
