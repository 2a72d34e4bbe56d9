/** The sites of the local Azure, each with its slots below it, as rows that open. */
import { get } from "../control.js";
import { el } from "../dom.js";
import { attempt } from "../notices.js";
import { drawDetails, flags, routes } from "./site-details.js";

export function createSitesView() {
  const list = el("div", { class: "site-list" });
  const filter = el("input", {
    type: "search",
    id: "site-filter",
    placeholder: "Name, group, plan or note",
    oninput: () => draw(),
  });
  const element = el(
    "div",
    { class: "sites" },
    el("div", { class: "filter" }, el("label", { for: "site-filter" }, "Find a site"), filter),
    legend(),
    list,
  );
  let sites = [];
  const opened = new Set();

  async function refresh() {
    sites = (await attempt(() => get("/api/azure/sites"))) ?? sites;
    draw();
  }

  function draw(changedId) {
    const words = filter.value.toLowerCase();
    const shown = sites.filter(({ name, slot, resourceGroup, sku, kind, note }) =>
      [`${name}/${slot ?? ""}`, resourceGroup, sku, kind, note].join(" ").toLowerCase().includes(words),
    );
    const groups = Map.groupBy(
      shown,
      ({ subscription, resourceGroup }) => `${resourceGroup} · ${subscription}`,
    );
    const focused = document.activeElement?.dataset?.key;
    list.replaceChildren(
      ...[...groups].map(([group, members]) =>
        el("section", {}, el("h3", {}, group), ...members.map((site) => drawSite(site, changedId))),
      ),
    );
    if (shown.length === 0) list.append(el("p", { class: "nothing" }, "No site has these words."));
    // Whoever changed something by keyboard goes on from there.
    if (focused) list.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  }

  function drawSite(site, changedId) {
    const { id, name, slot, legacySettings } = site;
    const details = el(
      "details",
      {
        class: `site${slot === null ? "" : " is-slot"}${id === changedId ? " just-changed" : ""}`,
        open: opened.has(id),
        ontoggle: ({ currentTarget }) => {
          if (currentTarget.open) opened.add(id);
          else opened.delete(id);
          fill();
        },
      },
      el(
        "summary",
        { "data-key": `${id} summary` },
        el("span", { class: "site-name" }, name, slot !== null && el("span", { class: "slot" }, `/${slot}`)),
        Object.keys(legacySettings).length > 0 &&
          el("span", { class: "legacy-mark", title: Object.keys(legacySettings).join(", ") }, "legacy"),
        dots(site),
      ),
    );
    // Most sites are never opened.
    const fill = () => {
      if (details.open && details.childElementCount === 1) details.append(...drawDetails(site));
    };
    fill();
    return details;
  }

  return {
    element,
    refresh,
    onAzure(event) {
      if (event.kind === "site") refresh().then(() => draw(event.change.id));
      if (event.kind === "reset") refresh();
      return event.kind === "site";
    },
  };
}

function legend() {
  return el(
    "p",
    { class: "dots-legend" },
    "Six squares: all, application, image, share, backup, identity traffic. Through the network ",
    el("i", { class: "on", "aria-hidden": "true" }),
    " by its flag, ",
    el("i", { class: "effective", "aria-hidden": "true" }),
    " by something else.",
  );
}

/** A square a flag: filled where the traffic goes through the network, a ring where only something else than the flag says so. */
function dots({ routing, effective }) {
  const routed = Object.keys(flags).filter((flag) => ["vnet", "likely-vnet"].includes(effective[flag]));
  const words = routed.map((flag) => `${flags[flag]} ${routes[effective[flag]]}`).join(", ");
  return el(
    "span",
    {
      class: "dots",
      role: "img",
      "aria-label": words === "" ? "nothing is routed" : words,
      title: words === "" ? "nothing is routed" : words,
    },
    ...Object.keys(flags).map((flag) =>
      el("i", { class: routed.includes(flag) ? (routing[flag] ? "on" : "effective") : "" }),
    ),
  );
}
