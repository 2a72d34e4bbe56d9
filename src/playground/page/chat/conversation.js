/** One conversation as one person sees it: messages with their threads, and the composer. */
import { post } from "../control.js";
import { el } from "../dom.js";
import { createComposer } from "./composer.js";
import { drawMessage } from "./message.js";

const kinds = {
  teams: { channel: "Teams channel", group: "Teams group chat", direct: "Teams chat with Routebot" },
  slack: { channel: "Slack channel", direct: "Slack direct message" },
};

export function startConversation(main, world) {
  let place;
  /** The thread that the composer answers in. */
  let thread = null;
  const drawn = new Map();
  const log = el("div", { class: "log", role: "log", "aria-label": "Messages", tabindex: "0" });
  const title = el("h2");
  const subtitle = el("p");
  const composer = createComposer(world, () => ({ place, thread }), setThread);
  main.replaceChildren(el("div", { class: "conversation-head" }, title, subtitle), log, composer.element);

  function show(next) {
    if (next === undefined) return;
    place = next;
    main.dataset.platform = place.platform;
    main.dataset.kind = place.kind;
    title.textContent = place.kind === "channel" ? `# ${place.name}` : place.name;
    const names = place.members.map((id) => world.person(id)?.name.split(" ")[0]).join(", ");
    const who = place.kind === "direct" ? "" : ` · ${names} and Routebot`;
    subtitle.textContent = `${kinds[place.platform][place.kind]}${who}`;
    document.dispatchEvent(new CustomEvent("routebot:place", { detail: place }));
    setThread(null);
    drawAll();
    composer.refresh();
    markRead();
  }

  function setThread(id) {
    thread = id;
    composer.refresh();
    if (id !== null) composer.focus();
  }

  const isHere = (m) => place !== undefined && m.platform === place.platform && m.conversation === place.id;

  function drawAll() {
    drawn.clear();
    log.replaceChildren();
    const here = world.state.messages.filter(isHere);
    if (here.length === 0) log.append(emptyHint());
    for (const message of here) place_(message);
    scrollToEnd();
  }

  /** Twice: messages out of sight have estimated heights until they come into view. */
  function scrollToEnd() {
    log.scrollTop = log.scrollHeight;
    requestAnimationFrame(() => {
      log.scrollTop = log.scrollHeight;
      requestAnimationFrame(() => {
        log.scrollTop = log.scrollHeight;
      });
    });
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

  /** Puts a message where it belongs, or replaces what was drawn of it. */
  function place_(message) {
    const entry = drawn.get(message.id);
    const element = drawMessage(message, { world, place, onReply: setThread });
    if (entry !== undefined) {
      if (message.revision > entry.revision || message.seq > entry.seq) element.classList.add("changed");
      entry.element.replaceWith(element);
      Object.assign(entry, { element, seq: message.seq, revision: message.revision });
      return;
    }
    const root = message.thread === null ? undefined : drawn.get(message.thread);
    if (root === undefined) {
      const replies = el("div", { class: "replies" });
      const group = el("article", { class: "thread" }, element, replies);
      log.querySelector(".empty")?.remove();
      log.append(group);
      drawn.set(message.id, { element, group, replies, seq: message.seq, revision: message.revision });
    } else {
      root.replies.append(element);
      root.group.classList.add("has-replies");
      drawn.set(message.id, { ...root, element, seq: message.seq, revision: message.revision });
    }
  }

  let marking;
  function markRead() {
    clearTimeout(marking);
    marking = setTimeout(() => {
      if (place === undefined || document.hidden) return;
      const { unread } = world.state.conversations.find(
        (c) => c.platform === place.platform && c.id === place.id,
      ) ?? { unread: 0 };
      const { platform, id: conversation } = place;
      if (unread > 0)
        post("/api/read", { as: world.state.as, platform, conversation }).catch(() => undefined);
    }, 400);
  }

  world.on("message", (message) => {
    if (!isHere(message)) return;
    const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 160;
    place_(message);
    const mine = message.author.kind === "person" && message.author.person === world.state.as;
    const isLast = log.lastElementChild?.contains(drawn.get(message.id)?.element ?? null);
    if (isLast && (atEnd || mine)) scrollToEnd();
    else if (atEnd || mine) drawn.get(message.id)?.element.scrollIntoView({ block: "nearest" });
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
  return { show };
}
