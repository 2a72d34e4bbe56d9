/** Short messages at the edge of the page, and the bot's state in the bar. */
import { el } from "./dom.js";

const shownForMs = 7_000;
/** More would cover what they are about. */
const shownAtOnce = 2;
const stateWords = {
  starting: "Routebot is starting",
  ready: "Routebot is ready",
  restarting: "Routebot crashed, coming back",
  stopped: "Routebot is stopped",
};
let place;

/** Shows a message for a while. */
export function notify(text, level = "info") {
  const notice = el(
    "p",
    { class: `notice ${level}` },
    el("span", {}, text),
    el("button", { type: "button", "aria-label": "Dismiss", onclick: () => notice.remove() }, "×"),
  );
  place?.append(notice);
  while (place && place.childElementCount > shownAtOnce) place.firstElementChild.remove();
  setTimeout(() => notice.remove(), shownForMs);
}

/** Runs what was asked for; an error becomes a notice. */
export async function attempt(run) {
  try {
    return await run();
  } catch (error) {
    notify(error.message, "problem");
    return undefined;
  }
}

export function startNotices({ notices, botState }, world) {
  place = notices;
  world.on("note", (note) => notify(note.text.split("\n")[0], note.level));
  world.on("bot", (bot) => {
    botState.dataset.state = bot.state;
    botState.textContent = stateWords[bot.state] ?? bot.state;
  });
  world.on("connection", (up) => {
    botState.classList.toggle("disconnected", !up);
    if (!up) botState.textContent = "The playground does not answer";
    else botState.textContent = stateWords[world.state.bot?.state] ?? "";
  });
}
