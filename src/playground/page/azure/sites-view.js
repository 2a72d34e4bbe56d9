/** The sites with what is stored: routing flags (which can be changed here, behind Routebot's back) and legacy settings. */
import { get, patch } from "../control.js";
import { el } from "../dom.js";
import { attempt } from "../notices.js";

/** The flags in the order that the portal has them, with short names. */
const flags = {
  allTraffic: "All traffic",
  applicationTraffic: "Application",
  imagePullTraffic: "Image pull",
  contentShareTraffic: "Content share",
  backupRestoreTraffic: "Backup & restore",
  managedIdentityTraffic: "Managed identity",
};

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
      [name, slot, resourceGroup, sku, kind, note].join(" ").toLowerCase().includes(words),
    );
    const groups = Map.groupBy(
      shown,
      ({ subscription, resourceGroup }) => `${resourceGroup} · ${subscription}`,
    );
    list.replaceChildren(
      ...[...groups].map(([group, members]) =>
        el("section", {}, el("h3", {}, group), ...members.map((site) => drawSite(site, changedId))),
      ),
    );
    if (shown.length === 0) list.append(el("p", { class: "nothing" }, "No site has these words."));
  }

  function drawSite(site, changedId) {
    const { id, name, slot, sku, note, legacySettings, subnetId, inProgressOperationId } = site;
    const on = Object.entries(site.routing).filter(([, value]) => value);
    const names = on.map(([flag]) => flags[flag] ?? flag).join(", ");
    const legacy = Object.entries(legacySettings);
    return el(
      "details",
      {
        class: id === changedId ? "site just-changed" : "site",
        open: opened.has(id),
        ontoggle: ({ currentTarget }) => (currentTarget.open ? opened.add(id) : opened.delete(id)),
      },
      el(
        "summary",
        {},
        el("span", { class: "site-name" }, name, slot !== null && el("span", { class: "slot" }, `/${slot}`)),
        dots(site, names),
        el("span", { class: "sku" }, sku),
      ),
      el("p", { class: "note" }, note),
      el(
        "ul",
        { class: "tags" },
        el("li", {}, subnetId === null ? "not integrated" : "integrated"),
        inProgressOperationId !== null && el("li", { class: "warn" }, "operation in progress"),
        ...legacy.map(([setting, value]) => el("li", { class: "warn" }, `${setting}=${value}`)),
      ),
      el(
        "div",
        { class: "flags" },
        ...Object.keys({ ...flags, ...site.routing }).map((flag) => toggle(site, flag)),
      ),
    );
  }

  function dots({ routing }, names) {
    return el(
      "span",
      {
        class: "dots",
        role: "img",
        "aria-label": names === "" ? "no flag on" : `on: ${names}`,
        title: names,
      },
      ...Object.keys(flags).map((flag) => el("i", { class: routing[flag] ? "on" : "" })),
    );
  }

  function toggle({ id, routing }, flag) {
    const value = routing[flag];
    const words = value === undefined ? "not set" : value ? "on" : "off";
    return el(
      "button",
      {
        type: "button",
        class: "flag",
        role: "switch",
        "aria-checked": String(value === true),
        "aria-label": `${flags[flag] ?? flag}: ${words}; change it behind Routebot's back`,
        onclick: () => attempt(() => patch(`/api/azure/sites${id}`, { routing: { [flag]: value !== true } })),
      },
      el("span", {}, flags[flag] ?? flag),
      el("b", {}, words),
    );
  }

  return {
    element,
    refresh,
    onAzure(event) {
      if (event.kind === "site") refresh().then(() => draw(event.change.id));
      if (event.kind === "reset") refresh();
    },
  };
}
