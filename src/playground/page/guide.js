/** Leads a first visit: says in a few words what just happened, and offers what to try next. */
import { changeRequestsOf, isOpen } from "./change-requests.js";
import { el } from "./dom.js";

const kept = "routebot.guide";

/**
 * `does` is what the guide can do for somebody: `say(text)`, `become(person)`, `decide(request)`, `show(part)`, `beside(request)`.
 * Returns a function that shows the guide again.
 */
export function startGuide(section, world, does) {
  const title = el("h2");
  const text = el("p");
  const steps = el("div", { class: "guide-steps" });
  const words = el("div", { class: "guide-words", role: "status" }, title, text);
  const hide = el(
    "button",
    { type: "button", class: "quiet guide-close", "aria-label": "Hide the guide", onclick: () => set(true) },
    "×",
  );
  section.replaceChildren(words, steps, hide);
  let shown = "";

  function set(isHidden) {
    localStorage.setItem(kept, isHidden ? "hidden" : "shown");
    section.hidden = isHidden;
    document.body.dataset.guide = isHidden ? "hidden" : "shown";
  }

  function draw() {
    if (world.state.people.length === 0) return;
    const step = stepFor(world, does);
    // Said once, not after every message.
    if (step.title + step.text !== shown) {
      shown = step.title + step.text;
      title.textContent = step.title;
      text.textContent = step.text;
    }
    steps.replaceChildren(
      ...step.next.map(([label, run]) => el("button", { type: "button", onclick: run }, label)),
    );
  }

  world.on("world", draw);
  world.on("journal", draw);
  world.on("bot", draw);
  set(localStorage.getItem(kept) === "hidden");
  return () => set(false);
}

function stepFor(world, does) {
  const { journal, as, bot } = world.state;
  const latest = changeRequestsOf(journal).at(-1);
  const ask = (label, text) => [label, () => does.say(text)];
  const look = (label, part) => [label, () => does.show(part)];
  if (bot?.state === "starting" || bot?.state === "stopped") {
    return {
      title: "A moment",
      text: "Routebot is not running; it can be asked as soon as it is ready.",
      next: [],
    };
  }
  if (bot?.state === "restarting") {
    return {
      title: "Routebot is down",
      text: "The process was killed. Whatever it had taken on is in its database; it goes on from there as soon as it is back.",
      next: [look("Watch it go on", "changes")],
    };
  }
  const be = (person, label) => [label, () => does.become(person)];
  if (latest === undefined && as !== "robin") {
    return {
      title: "Robin is on call tonight",
      text: "Nobody has asked for a change yet. Robin may.",
      next: [be("robin", "Be Robin, who may ask")],
    };
  }
  if (latest === undefined) {
    return {
      title: "You are Robin, on call tonight",
      text: "Ask for a change as you would say it. Nothing is changed before somebody else has approved it.",
      next: [
        ask("Ask: route all traffic for app-x", "route all traffic for app-x"),
        ["See two people side by side", () => does.beside()],
      ],
    };
  }
  const decided = latest.entries.some(({ kind }) => kind === "click");
  if (latest.state === "pending" && as === latest.askedBy) {
    return {
      title: `${latest.id} waits for approval`,
      text: decided
        ? "Whoever asked cannot approve. Somebody else has to: be Ana, and use the buttons on the card."
        : "Routebot has read the site and asks for approval; nothing was written. It must not be you: Teams shows you no button to approve, and Slack refuses you.",
      next: [be("ana", "Be Ana, who may approve"), ["See Ana beside you", () => does.beside(latest.id)]],
    };
  }
  if (latest.state === "pending" && as === "olga") {
    return {
      title: `${latest.id} waits for approval`,
      text: "Olga has no rights here: nothing that she clicks has an effect. Ana and Ben may approve.",
      next: [be("ana", "Be Ana, who may approve")],
    };
  }
  if (latest.state === "pending") {
    return {
      title: `${latest.id} waits for you`,
      text: "Approve or reject it on the card. To see it fail well, order some trouble first, or change the site behind Routebot's back.",
      next: [
        ["Go to the buttons", () => does.decide(latest.id)],
        look("Order trouble", "trouble"),
        look("Change the site", "sites"),
      ],
    };
  }
  if (latest.state === "approved" && latest.words.includes("It waits:")) {
    return {
      title: `${latest.id} is approved, and waits`,
      text: "Changes are stopped. Nothing is written before somebody who may do so lets them go on; Ana may.",
      next: [as === "ana" ? ask("Write: unfreeze", "unfreeze") : be("ana", "Be Ana, who may let them go on")],
    };
  }
  if (isOpen(latest)) {
    return {
      title: `${latest.id} is on its way`,
      text: "The approval is stored. Routebot reads the site once more, writes, and reads back what Azure has stored.",
      next: [look("Watch the ARM requests", "requests")],
    };
  }
  return endOf(latest, { ask, look });
}

const ends = {
  confirmed:
    "The site was read again, written, and read back before anybody was told that it is done. The card shows the same to everybody.",
  rejected: "One rejection ends a request. Nothing was written; the reason is on the card and in the thread.",
  cancelled: "Until the write starts a request can be withdrawn. Nothing was written.",
  expired: "It was not decided or applied in time. Nothing was written.",
  stale:
    "The site was no longer what had been approved, so the approval did not count any more. Nothing was written over somebody else's change.",
  failed: "Routebot says what it has seen and no more: what Azure answered, and how the site reads now.",
};

function endOf({ id, state, entries }, { ask, look }) {
  const crashed = entries.some(({ kind, problem }) => kind === "bot" && problem);
  const text = `${crashed ? "Routebot was killed in the middle and went on where it had been. " : ""}${ends[state] ?? ""}`;
  return {
    title: `${id} has ended: ${state === "stale" ? "out of date" : state}`,
    text,
    next: [
      look("See its record", "changes"),
      look("See the ARM requests", "requests"),
      ask("Ask for another", "turn on backup over vnet for app-y"),
      look("Now with trouble", "trouble"),
    ],
  };
}
