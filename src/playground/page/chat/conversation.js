/** One conversation as one person sees it: messages with their threads, and the composer. */
import { post } from "../control.js";
import { el } from "../dom.js";
import { createComposer } from "./composer.js";
import { followLatest } from "./follow-latest.js";
import { keepTyped } from "./keep-typed.js";
import { drawMessage } from "./message.js";

const kinds = {
  teams: { channel: "Teams channel", group: "Teams group chat", direct: "Teams chat with Routebot" },
  slack: { channel: "Slack channel", direct: "Slack direct message" },
};
/** How many messages are drawn at first; earlier ones on request. */
const drawnAtFirst = 60;

/**
 * Shows the conversation in `main`. `id` tells this one's elements from those of another on the page, `onShow` is told
 * of each change of place, `head` is shown beside the title.
 */
export function startConversation(main, world, { id, offers, onShow, head }) {
  let place;
  /** The thread that the composer answers in. */
  let thread = null;
  let limit = drawnAtFirst;
  const drawn = new Map();
  const log = el("div", { class: "log", role: "log", "aria-label": "Messages", tabindex: "0" });
  const reading = followLatest(log);
  const title = el("h2");
  const subtitle = el("p");
  const composer = createComposer(world, { context: () => ({ place, thread }), setThread, id, offers });
  const earlier = el("button", { type: "button", class: "quiet earlier", onclick: showEarlier });
  main.replaceChildren(
    el("div", { class: "conversation-head" }, el("div", {}, title, subtitle), head),
    log,
    composer.element,
  );

  function show(next) {
    if (next === undefined) return;
    place = next;
    limit = drawnAtFirst;
    main.dataset.platform = place.platform;
    main.dataset.kind = place.kind;
    title.textContent = place.kind === "channel" ? `# ${place.name}` : place.name;
    const names = place.members.map((member) => world.person(member)?.name.split(" ")[0]).join(", ");
    const who = place.kind === "direct" ? "" : ` · ${names} and Routebot`;
    subtitle.textContent = `${kinds[place.platform][place.kind]}${who}`;
    onShow(place);
    setThread(null, false);
    drawAll();
    reading.showLatest();
    composer.refresh();
    markRead();
  }

  function setThread(root, takesFocus = true) {
    thread = root;
    composer.refresh();
    if (takesFocus) composer.focus();
  }

  const isHere = (message) => place !== undefined && isIn(message, place);

  function drawAll() {
    drawn.clear();
    log.replaceChildren();
    reading.clear();
    const here = world.state.messages.filter(isHere);
    if (here.length === 0) log.append(emptyHint());
    const shown = latest(here, limit);
    const left = here.length - shown.length;
    if (left > 0) {
      earlier.textContent = `Show ${Math.min(left, limit)} of ${left} earlier messages`;
      log.append(earlier);
    }
    for (const message of shown) draw(message);
    if (reading.isFollowing()) reading.showLatest();
  }

  function showEarlier() {
    const fromEnd = log.scrollHeight - log.scrollTop;
    reading.leave();
    limit *= 2;
    drawAll();
    log.scrollTop = log.scrollHeight - fromEnd;
    log.focus();
  }

  /** Puts a message where it belongs, or replaces what was drawn of it. */
  function draw(message) {
    const entry = drawn.get(message.id);
    const element = drawMessage(message, { world, place, onReply: setThread });
    if (entry !== undefined) {
      if (message.seq > entry.seq) element.classList.add("changed");
      const putBack = keepTyped(entry.element);
      entry.element.replaceWith(element);
      putBack(element);
      Object.assign(entry, { element, seq: message.seq });
      return;
    }
    const root = message.thread === null ? undefined : drawn.get(message.thread);
    if (root === undefined) {
      const replies = el("div", { class: "replies" });
      const group = el("article", { class: "thread" }, element, replies);
      log.querySelector(".empty")?.remove();
      log.append(group);
      reading.watch(group);
      drawn.set(message.id, { element, group, replies, seq: message.seq });
    } else {
      root.replies.append(element);
      root.group.classList.add("has-replies");
      drawn.set(message.id, { ...root, element, seq: message.seq });
    }
  }

  let marking;
  function markRead() {
    clearTimeout(marking);
    marking = setTimeout(() => {
      if (place === undefined || document.hidden || main.hidden) return;
      const { platform, id: conversation } = place;
      const { unread } = world.state.conversations.find(
        (c) => c.platform === platform && c.id === conversation,
      ) ?? { unread: 0 };
      if (unread > 0)
        post("/api/read", { as: world.state.as, platform, conversation }).catch(() => undefined);
    }, 400);
  }

  world.on("message", (message) => {
    if (!isHere(message)) return;
    // Further up than what is drawn: it is drawn when somebody asks for it.
    const isNew = message === world.state.messages.at(-1);
    if (!isNew && !drawn.has(message.id)) return;
    const mine = message.author.kind === "person" && message.author.person === world.state.as;
    const isShown = reading.isFollowing() || mine;
    draw(message);
    const { element } = drawn.get(message.id);
    if (isShown && log.lastElementChild?.contains(element)) reading.showLatest();
    else if (isShown) element.scrollIntoView({ block: "nearest" });
    markRead();
  });
  world.on("world", ({ conversations }) => {
    if (place === undefined) return;
    // Everybody has a direct chat of their own; other conversations stay, if this person is in them.
    const same = conversations.find(
      (c) =>
        c.platform === place.platform &&
        (c.id === place.id || (c.kind === "direct" && place.kind === "direct")),
    );
    show(same ?? conversations[0]);
  });
  document.addEventListener("visibilitychange", markRead);
  // Cards are drawn with the colours of the theme.
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
  return { show, say: composer.say, showButtons };

  /** Goes to what can be clicked on the card of a change request, here or in another conversation. */
  function showButtons(request) {
    const cards = world.state.messages.filter(({ author, cards, blocks }) => {
      const isNamed = JSON.stringify([cards, blocks]).includes(`${request}:`);
      return author.kind === "bot" && isNamed;
    });
    const card = cards.find(isHere) ?? cards[0];
    if (card === undefined) return;
    if (!isHere(card)) show(world.state.conversations.find((c) => isIn(card, c)));
    const button = drawn.get(card.id)?.element.querySelector("button:not(.reply)");
    if (!button) return;
    reading.goTo(button);
    button.focus({ preventScroll: true });
  }
}

function isIn({ platform, conversation }, place) {
  return platform === place.platform && conversation === place.id;
}

/** The latest messages, and with each one that is in a thread the thread's first. */
function latest(messages, limit) {
  if (messages.length <= limit) return messages;
  const chosen = new Set(messages.slice(-limit));
  const roots = new Set([...chosen].map(({ thread }) => thread));
  return messages.filter((message) => chosen.has(message) || roots.has(message.id));
}

function emptyHint() {
  return el(
    "div",
    { class: "empty" },
    el("img", { src: "/icon.svg", alt: "", width: "56", height: "56" }),
    el("h3", {}, "Ask Routebot for a change"),
    el(
      "p",
      {},
      "It works out which site is meant and what would change, asks the right people for approval, makes the change and reads it back. Try one of the suggestions below.",
    ),
  );
}
