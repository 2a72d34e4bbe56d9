/** Beside the conversation: what the local Azure holds, what it was asked, and trouble to order. */
import { el } from "../dom.js";
import { createRequestsView } from "./requests-view.js";
import { createSitesView } from "./sites-view.js";
import { createTroubleView } from "./trouble-view.js";

export function startAzurePanel(aside, world) {
  const views = [
    { id: "sites", title: "Sites", ...createSitesView() },
    { id: "requests", title: "ARM requests", ...createRequestsView() },
    { id: "trouble", title: "Trouble", ...createTroubleView(world) },
  ];
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
    for (const [index, view] of views.entries()) {
      const selected = view === chosen;
      tabs[index].setAttribute("aria-selected", String(selected));
      tabs[index].tabIndex = selected ? 0 : -1;
      panels[index].hidden = !selected;
    }
  }

  function move(event, from) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    const next = views[(views.indexOf(from) + step + views.length) % views.length];
    choose(next);
    tabs[views.indexOf(next)].focus();
  }

  aside.replaceChildren(
    el("h2", {}, "Local Azure"),
    el("div", { class: "tabs", role: "tablist", "aria-label": "The local Azure" }, ...tabs),
    ...panels,
  );
  choose(views[0]);
  world.on("azure", (event) => {
    for (const view of views) view.onAzure?.(event);
  });
  world.on("world", () => {
    for (const view of views) view.refresh();
  });
}
