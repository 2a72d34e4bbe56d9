/**
 * The change requests, newest first: their states on a line, Routebot's audit of each as its log tells it, and what was seen
 * from outside; and whether the two agree.
 */
import { changeRequestsOf } from "../change-requests.js";
import { clockSeconds, el } from "../dom.js";
import { checkEnd, checkNumbers } from "./audit-check.js";
import { auditList } from "./audit-list.js";
import { titleOf } from "./state-titles.js";

const bot = "Routebot";

export function createChangesView(world) {
  const numbers = el("p", { class: "audit-numbers" });
  const list = el("ol", { class: "changes", "aria-label": "Change requests, newest first" });
  const element = el(
    "div",
    {},
    numbers,
    el(
      "p",
      { class: "remark" },
      "As the bot’s log tells it, without people. With people: ",
      el("code", {}, "history of CR-1"),
      " in the chat, ",
      el("code", {}, "routebot audit export"),
      ".",
    ),
    list,
  );
  const closed = new Set();
  let again;

  function draw() {
    const now = Date.now();
    const check = checkNumbers(world.state.audit, deathsIn(world.state), now);
    numbers.className = `audit-numbers${check.problem ? " problem" : ""}`;
    numbers.replaceChildren(el("strong", {}, "Routebot’s audit"), el("span", {}, check.text));
    const focused = list.querySelector("summary:focus")?.parentElement.dataset.id;
    const { requests, others } = gather(world.state);
    const ends = requests.map((request) => checkEnd(request, now));
    list.replaceChildren(
      ...requests.map((request, index) => drawRequest(request, ends[index], index === 0)),
      ...(others.length > 0 ? [drawOthers(others)] : []),
    );
    if (requests.length === 0) list.prepend(el("li", { class: "nothing" }, "Nothing was asked for yet."));
    list.querySelector(`[data-id="${focused}"] summary`)?.focus({ preventScroll: true });
    // Of what is out of step for a moment, nothing is said before it has lasted.
    clearTimeout(again);
    const ripe = [check, ...ends].flatMap((one) => one.ripe ?? []);
    if (ripe.length > 0) again = setTimeout(draw, Math.min(...ripe) - now + 50);
  }

  /** The newest is open until somebody closes it. */
  function drawFolded(id, isOpenFirst, summary, ...content) {
    return el(
      "li",
      {},
      el(
        "details",
        {
          class: "change",
          "data-id": id,
          open: isOpenFirst !== closed.has(id),
          ontoggle: ({ currentTarget }) =>
            currentTarget.open === isOpenFirst ? closed.delete(id) : closed.add(id),
        },
        el("summary", {}, ...summary),
        ...content,
      ),
    );
  }

  function drawRequest({ id, title, state, entries, records }, end, isNewest) {
    const differs = end.tone === "problem" && el("span", { class: "state failed" }, "audit differs");
    return drawFolded(
      id,
      isNewest,
      [
        el("strong", {}, id),
        el("span", { class: "what" }, title),
        differs,
        el("span", { class: `state ${state}` }, titleOf(state)),
      ],
      entries.length > 0 && stateLine(entries),
      end.text && el("p", { class: `agreement ${end.tone}` }, end.text),
      records.length > 0 && [el("h3", {}, "Routebot’s audit"), auditList(records, `Audit of ${id}`)],
      entries.length > 0 && [
        el("h3", {}, "Seen from outside"),
        el("ol", { class: "record", "aria-label": `Record of ${id}` }, ...entries.map(drawEntry)),
      ],
    );
  }

  function drawOthers(records) {
    return drawFolded(
      "others",
      false,
      [
        el("strong", {}, "Audit"),
        el("span", { class: "what" }, "about no single request"),
        el("span", { class: "state" }, String(records.length)),
      ],
      auditList(records, "Audit about no single request"),
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
        kind === "card" && state !== "other" && el("span", { class: `state ${state}` }, titleOf(state)),
        " ",
        text,
      ),
    );
  }

  for (const kind of ["world", "journal", "audit", "note"]) world.on(kind, draw);
  return { element, refresh: draw };
}

/** The requests that a card or the audit names, newest first, and the records about none of them. */
function gather({ journal, audit }) {
  const records = Map.groupBy(audit, ({ request }) => request);
  const seen = changeRequestsOf(journal);
  const unseen = [...records.keys()]
    .filter((id) => id !== null && !seen.some((request) => request.id === id))
    .map((id) => ({
      id,
      title: "no card yet",
      state: records.get(id).findLast(({ to }) => to !== null)?.to,
      entries: [],
    }));
  const requests = [...seen, ...unseen]
    .map((request) => ({
      ...request,
      records: records.get(request.id) ?? [],
      card: request.entries.findLast(({ kind }) => kind === "card"),
    }))
    .sort((a, b) => numberOf(b) - numberOf(a));
  return { requests, others: records.get(null) ?? [] };
}

/** When the bot ended without having been asked to. */
const deathsIn = ({ notes }) =>
  notes.flatMap(({ kind, level, at }) => (kind === "bot" && level === "problem" ? [at] : []));

const numberOf = ({ id }) => Number(id.slice("CR-".length));

/** Each state that was seen, with its time. */
function stateLine(entries) {
  const seen = entries.filter(({ kind }, index) => kind === "card" && isNew(entries, index));
  return el(
    "ol",
    { class: "state-line", "aria-label": "States" },
    ...seen.map(({ state, at }) =>
      el("li", { class: state }, el("b", {}, titleOf(state)), el("time", { datetime: at }, clockSeconds(at))),
    ),
  );
}

function isNew(entries, index) {
  const before = entries.slice(0, index).findLast(({ kind }) => kind === "card");
  return before?.state !== entries[index].state;
}
