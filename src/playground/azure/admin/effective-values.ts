import { isJsonObject, type JsonObject } from "../http/json.ts";
import type { StoredSite } from "../world/world.ts";

/**
 * What traffic of a kind does, which is not always what its flag says. Written from Azure's documentation ("Manage virtual
 * network integration routing", "Integrate your app with an Azure virtual network"), and on purpose not shared with the
 * bot: the page can then be compared with what the bot says.
 */
export const effectiveRoutes = [
  "vnet",
  "public",
  /** The property is off, but something else is reported to keep the traffic routed. */
  "likely-vnet",
  /** Of `allTraffic` that is off: each kind of traffic has a flag of its own. */
  "by-flag",
  "unknown",
  "not-integrated",
  "not-applicable",
] as const;
export type EffectiveRoute = (typeof effectiveRoutes)[number];

/** The legacy app setting that means the same as a flag; the other flags have none. */
const legacySettings: Readonly<Record<string, { readonly name: string; readonly on: string }>> = {
  applicationTraffic: { name: "WEBSITE_VNET_ROUTE_ALL", on: "1" },
  imagePullTraffic: { name: "WEBSITE_PULL_IMAGE_OVER_VNET", on: "true" },
  contentShareTraffic: { name: "WEBSITE_CONTENTOVERVNET", on: "1" },
};

const knownFlags = [
  "allTraffic",
  "applicationTraffic",
  "imagePullTraffic",
  "contentShareTraffic",
  "backupRestoreTraffic",
  "managedIdentityTraffic",
] as const;

/** Of each flag that Azure documents. */
export function effectiveValues(site: StoredSite): Record<string, EffectiveRoute> {
  return Object.fromEntries(knownFlags.map((flag) => [flag, effectiveValue(site, flag)]));
}

function effectiveValue(site: StoredSite, flag: string): EffectiveRoute {
  const { properties, routing } = site;
  const sku = typeof properties.sku === "string" ? properties.sku.toLowerCase() : "";
  if (sku === "flexconsumption") return "not-applicable";
  if (isJsonObject(properties.hostingEnvironmentProfile)) {
    return flag === "imagePullTraffic" ? "vnet" : "not-applicable";
  }
  const subnet = properties.virtualNetworkSubnetId;
  if (typeof subnet !== "string" || subnet === "") {
    return site.virtualNetworkConnections.some(isGateway) ? "not-applicable" : "not-integrated";
  }
  if (routing.allTraffic === true || routing[flag] === true) return "vnet";
  if (properties.publicNetworkAccess === "SecuredByPerimeter") return "likely-vnet";
  const isStored = routing[flag] === false;
  if (flag === "allTraffic") return isStored ? "by-flag" : "unknown";
  const legacy = legacySettings[flag];
  if (legacy === undefined) return isStored ? "public" : "unknown";
  const value = site.appSettings[legacy.name];
  if (value === legacy.on) return isStored ? "likely-vnet" : "vnet";
  return looksOn(value) ? "likely-vnet" : "public";
}

function looksOn(value: string | undefined): boolean {
  return ["1", "true"].includes((value ?? "").trim().toLowerCase());
}

function isGateway({ properties }: JsonObject): boolean {
  return isJsonObject(properties) && properties.isSwift === false;
}
