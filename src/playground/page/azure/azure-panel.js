/** Behind the conversations: sites, ARM requests, change requests, and trouble to order. */
import { el } from "../dom.js";
import { createChangesView } from "./changes-view.js";
import { createRequestsView } from "./requests-view.js";
import { createSitesView } from "./sites-view.js";
import { createTroubleView } from "./trouble-view.js";

/** Returns what shows a part by its name: `sites`, `requests`, `changes` or `trouble`. */
export function startAzurePanel(aside, world) {
  const views = [
    { id: "sites", title: "Sites", ...createSitesView() },
    { id: "requests", title: "ARM requests", ...createRequestsView() },
    { id: "changes", title: "Changes", ...createChangesView(world) },
    { id: "trouble", title: "Trouble", ...createTroubleView(world) },
  ];
  let current = views[0];
  const tabs = views.map((view) =>
    el(
      "button",
      {
        type: "button",
        role: "tab",
        id: `tab-${view.id}`,
        "aria-controls": `panel-${view.id}`,
        onclick: () => choose(view),
        onkeydown: (event) => move(event, view),
      },
      view.title,
    ),
  );
  const panels = views.map((view) =>
    el(
      "div",
      { role: "tabpanel", id: `panel-${view.id}`, "aria-labelledby": `tab-${view.id}`, tabindex: "0" },
      view.element,
    ),
  );

  function choose(chosen) {
    current = chosen;
    for (const [index, view] of views.entries()) {
      const selected = view === chosen;
      tabs[index].setAttribute("aria-selected", String(selected));
      tabs[index].tabIndex = selected ? 0 : -1;
      panels[index].hidden = !selected;
      if (selected) mark(view, false);
    }
  }

  /** Something happened where nobody looks. */
  function mark(view, isNew) {
    const tab = tabs[views.indexOf(view)];
    tab.classList.toggle("news", isNew);
    if (isNew) tab.setAttribute("aria-description", "something new");
    else tab.removeAttribute("aria-description");
  }
  function tell(view) {
    if (view !== current) mark(view, true);
  }

  function move(event, from) {
    const at = views.indexOf(from);
    const next = {
      ArrowRight: views[(at + 1) % views.length],
      ArrowLeft: views.at(at - 1),
      Home: views[0],
      End: views.at(-1),
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    choose(next);
    tabs[views.indexOf(next)].focus();
  }

  aside.replaceChildren(
    el("h2", {}, "Behind the scenes"),
    el("div", { class: "tabs", role: "tablist", "aria-label": "Behind the scenes" }, ...tabs),
    ...panels,
  );
  choose(current);
  world.on("azure", (event) => {
    for (const view of views) if (view.onAzure?.(event)) tell(view);
  });
  for (const kind of ["journal", "audit"]) world.on(kind, () => tell(views[2]));
  world.on("world", () => {
    for (const view of views) view.refresh();
  });
  return (id) => choose(views.find((view) => view.id === id) ?? current);
}
