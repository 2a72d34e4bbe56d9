import type { SettingEdit } from "../change/plan.ts";
import { legacySettingOf } from "./legacy-setting.ts";
import { flagsIn, type RoutingFlag } from "./routing-flag.ts";
import { type SiteObservation, siteLabel } from "./site-observation.ts";

/**
 * Where one kind of traffic goes, as far as the reading of a site can tell:
 * - `vnet`, `public`: certain.
 * - `likely-vnet`: the property is off, but something else (a legacy setting, a perimeter) is known to keep it routed.
 * - `likely-public`: the property is off, and whether a legacy setting says otherwise could not be read.
 * - `by-flag`: only for `allTraffic` that is off: each kind of traffic follows its own flag.
 * - `unknown`: nothing was reported that it could be told from.
 * - `not-integrated`: the site is not joined to a virtual network, so no flag has an effect.
 * - `not-applicable`: routing flags do not mean anything for this kind of site.
 */
export const effectiveRoutes = [
  "vnet",
  "public",
  "likely-vnet",
  "likely-public",
  "by-flag",
  "unknown",
  "not-integrated",
  "not-applicable",
] as const;
export type EffectiveRoute = (typeof effectiveRoutes)[number];

/** The effective value of one flag. `because` completes a sentence and names what decided, e.g. `allTraffic is on`. */
export type EffectiveValue = { readonly route: EffectiveRoute; readonly because: string };

export type EffectiveValues = Readonly<Record<RoutingFlag, EffectiveValue>>;

/** Whether traffic with this effective value goes through the virtual network, certainly or in all likelihood. */
export function isRouted(value: EffectiveValue): boolean {
  return value.route === "vnet" || value.route === "likely-vnet";
}

/** The effective values of a site as it was read. */
export function effectiveValues(site: SiteObservation): EffectiveValues {
  return {
    allTraffic: effectiveValue(site, "allTraffic"),
    applicationTraffic: effectiveValue(site, "applicationTraffic"),
    imagePullTraffic: effectiveValue(site, "imagePullTraffic"),
    contentShareTraffic: effectiveValue(site, "contentShareTraffic"),
    backupRestoreTraffic: effectiveValue(site, "backupRestoreTraffic"),
    managedIdentityTraffic: effectiveValue(site, "managedIdentityTraffic"),
  };
}

/** The effective values that the site would have once `wanted` is its routing map and nothing else has changed. */
export function effectiveValuesAfter(
  site: SiteObservation,
  wanted: Readonly<Record<string, unknown>>,
): EffectiveValues {
  return effectiveValues(withRoutingMap(site, wanted));
}

/** The same site with some of its legacy settings edited. */
export function withSettings(site: SiteObservation, edits: readonly SettingEdit[]): SiteObservation {
  const edited = Object.fromEntries(edits.map(({ setting, to }) => [setting, to]));
  return { ...site, legacy: { ...site.legacy, ...edited } };
}

/** The same site with another routing map. */
export function withRoutingMap(
  site: SiteObservation,
  map: Readonly<Record<string, unknown>>,
): SiteObservation {
  return { ...site, storedMap: map, flags: flagsIn(map) };
}

/**
 * What the traffic does, which is not always what the property says: Azure returns every flag as true or false, `allTraffic`
 * overrides the others and leaves them reading false, and the legacy app settings still work.
 *
 * Sources: learn.microsoft.com "Manage virtual network integration routing" and "Integrate your app with an Azure virtual
 * network" (2025-11, 2026-02). Property off with the legacy setting on is contradictory there: the documentation says
 * that the property wins, users report that the setting does (azure-docs #80045, #102684); hence `likely-vnet`.
 */
export function effectiveValue(site: SiteObservation, flag: RoutingFlag): EffectiveValue {
  return valueFromKindOfSite(site, flag) ?? valueFromFlags(site, flag);
}

function valueFromKindOfSite(site: SiteObservation, flag: RoutingFlag): EffectiveValue | undefined {
  if (site.sku.toLowerCase() === "flexconsumption") {
    return { route: "not-applicable", because: "Flex Consumption does its own networking" };
  }
  switch (site.integration.kind) {
    case "environment":
      return flag === "imagePullTraffic"
        ? {
            route: "vnet",
            because: "an App Service Environment always pulls images over its virtual network",
          }
        : {
            route: "not-applicable",
            because: "an App Service Environment is inside a virtual network already",
          };
    case "gateway":
      return { route: "not-applicable", because: "gateway-required integration does not know routing flags" };
    case "none":
      return { route: "not-integrated", because: `${siteLabel(site)} is not joined to a virtual network` };
    case "regional":
      return undefined;
    default:
      return site.integration satisfies never;
  }
}

function valueFromFlags(site: SiteObservation, flag: RoutingFlag): EffectiveValue {
  const stored = site.flags[flag];
  if (site.flags.allTraffic === true) return { route: "vnet", because: "allTraffic is on" };
  if (stored === true) return { route: "vnet", because: `${flag} is on` };
  if (site.securedByPerimeter) {
    return { route: "likely-vnet", because: "a network security perimeter enforces routing" };
  }
  if (flag === "allTraffic") return valueOfAllTrafficOff(stored);
  return valueFromLegacySetting(site, flag, stored);
}

function valueOfAllTrafficOff(stored: false | undefined): EffectiveValue {
  return stored === false
    ? { route: "by-flag", because: "allTraffic is off: each kind of traffic follows its own flag" }
    : { route: "unknown", because: "the service does not report allTraffic" };
}

function valueFromLegacySetting(
  site: SiteObservation,
  flag: RoutingFlag,
  stored: false | undefined,
): EffectiveValue {
  const setting = legacySettingOf(flag);
  const off = stored === false ? `${flag} is off` : `${flag} is not reported`;
  const state = setting === undefined ? "absent" : site.legacy[setting];
  switch (state) {
    case "on":
      return stored === undefined
        ? { route: "vnet", because: `the app setting ${setting} is on` }
        : { route: "likely-vnet", because: `${off}, but the legacy app setting ${setting} is on` };
    case "on-likely":
      return { route: "likely-vnet", because: `${off}, but the legacy app setting ${setting} looks on` };
    case "unknown":
      return {
        route: stored === false ? "likely-public" : "unknown",
        because: `${off}, and the legacy app setting ${setting} could not be read`,
      };
    case "absent":
    case "off":
      return stored === undefined && setting === undefined
        ? { route: "unknown", because: `the service does not report ${flag}` }
        : { route: "public", because: off };
    default:
      return state satisfies never;
  }
}
