/** One site opened up: its flags as stored and as they take effect, and its legacy settings, all to be changed behind Routebot's back. */
import { patch } from "../control.js";
import { el } from "../dom.js";
import { attempt } from "../notices.js";

/** The flags in the order that the portal has them, with short names. */
export const flags = {
  allTraffic: "All traffic",
  applicationTraffic: "Application",
  imagePullTraffic: "Image pull",
  contentShareTraffic: "Content share",
  backupRestoreTraffic: "Backup, restore",
  managedIdentityTraffic: "Managed identity",
};

export const routes = {
  vnet: "through the VNet",
  public: "public",
  "likely-vnet": "likely through the VNet",
  "by-flag": "each by its own flag",
  unknown: "not known",
  "not-integrated": "no effect",
  "not-applicable": "does not apply",
};

const legacySettings = ["WEBSITE_VNET_ROUTE_ALL", "WEBSITE_PULL_IMAGE_OVER_VNET", "WEBSITE_CONTENTOVERVNET"];
const legacyValues = ["1", "0", "true", "false"];

export function drawDetails(site) {
  return [
    el("p", { class: "note" }, site.note),
    el(
      "ul",
      { class: "tags" },
      el("li", {}, site.subnetId === null ? "not integrated" : `in ${site.subnetId.split("/").at(-1)}`),
      el("li", {}, site.location),
      el("li", {}, site.sku),
      site.inProgressOperationId !== null && el("li", { class: "warn" }, "operation in progress"),
    ),
    el(
      "table",
      { class: "flags" },
      el("caption", {}, "Change it behind Routebot's back"),
      el(
        "thead",
        {},
        el("tr", {}, ...["Traffic", "Stored", "Effective"].map((title) => el("th", { scope: "col" }, title))),
      ),
      el("tbody", {}, ...Object.keys({ ...flags, ...site.routing }).map((flag) => flagRow(site, flag))),
    ),
    el("div", { class: "legacy" }, ...legacySettings.map((name) => legacySetting(site, name))),
  ];
}

function flagRow({ id, routing, effective }, flag) {
  const value = routing[flag];
  const words = value === undefined ? "not set" : value ? "on" : "off";
  const title = flags[flag] ?? flag;
  const route = effective[flag];
  const change = () => attempt(() => patch(`/api/azure/sites${id}`, { routing: { [flag]: value !== true } }));
  return el(
    "tr",
    {},
    el("th", { scope: "row" }, title),
    el(
      "td",
      {},
      el(
        "button",
        {
          type: "button",
          class: "flag",
          role: "switch",
          "data-key": `${id} ${flag}`,
          "aria-checked": String(value === true),
          "aria-label": `${title}: ${words}`,
          onclick: change,
        },
        words,
      ),
    ),
    el("td", { class: `route ${route ?? "unknown"}` }, routes[route] ?? routes.unknown),
  );
}

function legacySetting({ id, legacySettings: present }, name) {
  const value = present[name];
  const field = `${id}-${name}`;
  const offered =
    value === undefined || legacyValues.includes(value) ? legacyValues : [...legacyValues, value];
  const change = ({ currentTarget }) => {
    const chosen = currentTarget.value === "" ? null : currentTarget.value;
    attempt(() => patch(`/api/azure/sites${id}`, { appSettings: { [name]: chosen } }));
  };
  return el(
    "div",
    { class: value === undefined ? "setting" : "setting present" },
    el("label", { for: field }, name),
    el(
      "select",
      { id: field, "data-key": `${id} ${name}`, onchange: change },
      el("option", { value: "" }, "not set"),
      ...offered.map((text) => el("option", { value: text, selected: text === value }, text)),
    ),
  );
}
