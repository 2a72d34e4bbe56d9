/** The change requests, newest first: their states on a line, and the record of what was seen of each. */
import { changeRequestsOf } from "../change-requests.js";
import { clockSeconds, el } from "../dom.js";

const titles = {
  pending: "Waiting",
  approved: "Approved",
  applying: "Applying",
  verifying: "Verifying",
  confirmed: "Confirmed",
  rejected: "Rejected",
  cancelled: "Cancelled",
  expired: "Expired",
  stale: "Out of date",
  failed: "Failed",
  other: "Other",
};
const bot = "Routebot";

export function createChangesView(world) {
  const list = el("ol", { class: "changes", "aria-label": "Change requests, newest first" });
  const element = el(
    "div",
    {},
    el(
      "p",
      { class: "remark" },
      "What can be seen from outside: who asked and clicked, what the cards say, what Azure was asked. Routebot keeps its own audit in its database.",
    ),
    list,
  );
  const closed = new Set();

  function draw() {
    const requests = changeRequestsOf(world.state.journal).reverse();
    list.replaceChildren(...requests.map((request, index) => drawRequest(request, index === 0)));
    if (requests.length === 0) list.append(el("li", { class: "nothing" }, "Nothing was asked for yet."));
  }

  /** The newest is open until somebody closes it. */
  function drawRequest({ id, title, state, entries }, isNewest) {
    return el(
      "li",
      {},
      el(
        "details",
        {
          class: "change",
          open: isNewest !== closed.has(id),
          ontoggle: ({ currentTarget }) =>
            currentTarget.open === isNewest ? closed.delete(id) : closed.add(id),
        },
        el(
          "summary",
          {},
          el("strong", {}, id),
          el("span", { class: "what" }, title),
          el("span", { class: `state ${state}` }, titles[state]),
        ),
        stateLine(entries),
        el("ol", { class: "record", "aria-label": `Record of ${id}` }, ...entries.map(drawEntry)),
      ),
    );
  }

  function drawEntry({ at, kind, person, text, state, problem }) {
    const who = person === null ? { azure: "Azure", bot: "Process" }[kind] : world.person(person)?.name;
    return el(
      "li",
      { class: `by-${kind}${problem ? " problem" : ""}` },
      el("time", { datetime: at }, clockSeconds(at)),
      el(
        "p",
        {},
        el("b", {}, who ?? bot, " "),
        kind === "asked" && "asked: ",
        kind === "card" && state !== "other" && el("span", { class: `state ${state}` }, titles[state]),
        " ",
        text,
      ),
    );
  }

  world.on("world", draw);
  world.on("journal", draw);
  return { element, refresh: draw };
}

/** Each state that was seen, with its time. */
function stateLine(entries) {
  const seen = entries.filter(({ kind }, index) => kind === "card" && isNew(entries, index));
  return el(
    "ol",
    { class: "state-line", "aria-label": "States" },
    ...seen.map(({ state, at }) =>
      el("li", { class: state }, el("b", {}, titles[state]), el("time", { datetime: at }, clockSeconds(at))),
    ),
  );
}

function isNew(entries, index) {
  const before = entries.slice(0, index).findLast(({ kind }) => kind === "card");
  return before?.state !== entries[index].state;
}
