/** A second person beside the first: what one of them does can be seen to arrive at the other. */
import { startConversation } from "./chat/conversation.js";
import { showForms } from "./chat/slack-form.js";
import { el } from "./dom.js";
import { createWorldClient } from "./world-client.js";

/**
 * Returns `open(first, place)`, `follow(first, place)` for when the first person or conversation changes, `showButtons(request)` and `close`.
 * The second person is another one than the first, in the same conversation where possible.
 */
export function startSide(section, people) {
  const world = createWorldClient();
  const who = el("select", { id: "side-person", onchange: () => become(who.value) });
  const where = el("select", { id: "side-place", onchange: () => showChosen() });
  const head = el(
    "div",
    { class: "side-choice" },
    el("label", { for: "side-person" }, "Beside"),
    who,
    el("label", { for: "side-place" }, "in"),
    where,
  );
  const conversation = startConversation(section, world, {
    id: "side-composer",
    offers: false,
    head,
    onShow: ({ platform, id }) => {
      where.value = `${platform}:${id}`;
    },
  });
  showForms(world);
  world.on("conversations", drawPlaces);

  async function become(as) {
    await world.become(as);
    who.value = as;
  }

  function drawPlaces() {
    const chosen = where.value;
    where.replaceChildren(
      ...world.state.conversations.map(({ platform, id, kind, name, unread }) =>
        el(
          "option",
          { value: `${platform}:${id}` },
          `${platform === "teams" ? "Teams" : "Slack"} ${kind === "channel" ? "#" : ""}${kind === "direct" ? "direct chat" : name}${unread > 0 ? ` (${unread} new)` : ""}`,
        ),
      ),
    );
    where.value = chosen;
  }

  function showChosen() {
    conversation.show(
      world.state.conversations.find(({ platform, id }) => `${platform}:${id}` === where.value),
    );
  }

  /** The same conversation, if the second person is in it; one's own direct chat for the other's. */
  function sameAs(place) {
    return world.state.conversations.find(
      ({ platform, id, kind }) =>
        platform === place.platform && (id === place.id || (kind === "direct" && place.kind === "direct")),
    );
  }

  async function follow(first, place) {
    if (section.hidden) return;
    who.replaceChildren(
      ...people()
        .filter(({ id }) => id !== first)
        .map(({ id, name }) => el("option", { value: id }, name.split(" ")[0])),
    );
    const second = world.state.as;
    const other = second !== first ? second : first === "ana" ? "robin" : "ana";
    if (!isConnected || other !== second) await become(other);
    isConnected = true;
    who.value = other;
    drawPlaces();
    conversation.show(sameAs(place) ?? world.state.conversations[0]);
  }

  let isConnected = false;
  return {
    follow,
    showButtons: conversation.showButtons,
    open(first, place) {
      section.hidden = false;
      return follow(first, place);
    },
    close() {
      section.hidden = true;
      isConnected = false;
      world.leave();
    },
  };
}
