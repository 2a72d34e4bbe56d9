/** Writing: a text field, the mention, and suggestions for a first visit. */
import { post } from "../control.js";
import { el } from "../dom.js";
import { attempt, notify } from "../notices.js";

const suggestions = [
  "route all traffic for app-x",
  "turn on image pull for shop-images",
  "status of shop-api",
  "what would happen if all traffic for shop-legacy is routed",
  "pending",
  "help",
];

/** `id` tells this composer from another one on the page; `offers` is whether it has suggestions. */
export function createComposer(world, { context, setThread, id, offers }) {
  const field = el("textarea", {
    id,
    rows: "1",
    "aria-describedby": `${id}-hint`,
    onkeydown: onKey,
  });
  const label = el("label", { for: id });
  const mention = el(
    "button",
    { type: "button", class: "mention-toggle", "aria-pressed": "true", onclick: toggleMention },
    "@Routebot",
  );
  const send = el("button", { type: "submit", class: "send" }, "Send");
  const hint = el("p", { id: `${id}-hint`, class: "composer-hint" });
  const threadNote = el("p", { class: "thread-note", hidden: true });
  const chips = el(
    "div",
    { class: "suggestions", role: "group", "aria-label": "Suggestions" },
    ...suggestions.map((text) => el("button", { type: "button", onclick: () => fill(text) }, text)),
  );
  const element = el(
    "form",
    { class: "composer", onsubmit: submit },
    offers && chips,
    threadNote,
    el("div", { class: "field" }, label, mention, field, send),
    hint,
  );
  let mentions = true;
  let busy = false;

  function toggleMention() {
    mentions = !mentions;
    mention.setAttribute("aria-pressed", String(mentions));
    refresh();
    field.focus();
  }

  function fill(text) {
    field.value = text;
    grow();
    field.focus();
  }

  function say(text) {
    fill(text);
    element.requestSubmit();
  }

  function grow() {
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight, 160)}px`;
  }

  function onKey(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      element.requestSubmit();
    }
    if (event.key === "Escape" && context().thread !== null) setThread(null);
  }

  function refresh() {
    const { place, thread } = context();
    if (place === undefined) return;
    const direct = place.kind === "direct";
    mention.hidden = direct;
    label.textContent = direct ? "Message to Routebot" : `Message in ${place.name}`;
    field.placeholder = thread === null ? label.textContent : "Reply in thread";
    hint.textContent = hintFor(place, direct);
    threadNote.hidden = thread === null;
    threadNote.replaceChildren(
      "Replying in a thread. ",
      el("button", { type: "button", onclick: () => setThread(null) }, "Write outside of it instead"),
    );
  }

  function hintFor(place, direct) {
    const keys = "Enter sends, Shift+Enter starts a new line.";
    if (place.platform === "slack") return `${keys} /routebot … is the slash command.`;
    if (direct || mentions) return keys;
    return "Without the mention, Teams does not tell Routebot.";
  }

  async function submit(event) {
    event.preventDefault();
    const { place, thread } = context();
    const typed = field.value.trim();
    if (typed === "" || busy || place === undefined) return;
    const isCommand = place.platform === "slack" && typed.startsWith("/");
    const needsMention = place.kind !== "direct" && mentions && !isCommand && !/@routebot\b/i.test(typed);
    const text = needsMention ? `@Routebot ${typed}` : typed;
    busy = true;
    send.disabled = true;
    field.value = "";
    grow();
    const said = await attempt(() =>
      post("/api/messages", {
        platform: place.platform,
        conversation: place.id,
        thread: isCommand ? null : thread,
        as: world.state.as,
        text,
      }),
    );
    busy = false;
    send.disabled = false;
    if (said === undefined) field.value = typed;
    else if (said.problem !== null) notify(said.problem, "problem");
    else if (said.why !== null) notify(`Routebot was not told: ${said.why}.`);
    field.focus();
  }

  field.addEventListener("input", grow);
  return { element, refresh, say, focus: () => field.focus() };
}
