import type { LegacyStates } from "../../src/domain/routing/legacy-setting.ts";
import { type FlagValues, flagsIn } from "../../src/domain/routing/routing-flag.ts";
import type { SiteObservation } from "../../src/domain/routing/site-observation.ts";
import type { ResolvedTarget } from "../../src/domain/target.ts";

/** Sites as they are read from Azure, for tests: a plain one, to be changed in what a test is about. */

export const noLegacySettings: LegacyStates = {
  WEBSITE_VNET_ROUTE_ALL: "absent",
  WEBSITE_PULL_IMAGE_OVER_VNET: "absent",
  WEBSITE_CONTENTOVERVNET: "absent",
};

export const unreadableLegacySettings: LegacyStates = {
  WEBSITE_VNET_ROUTE_ALL: "unknown",
  WEBSITE_PULL_IMAGE_OVER_VNET: "unknown",
  WEBSITE_CONTENTOVERVNET: "unknown",
};

export const allFlagsOff = {
  allTraffic: false,
  applicationTraffic: false,
  imagePullTraffic: false,
  contentShareTraffic: false,
  backupRestoreTraffic: false,
  managedIdentityTraffic: false,
} as const satisfies FlagValues;

export const sampleSubscription = "11111111-1111-4111-8111-111111111111";

/** `sampleTarget("shop-web")`, `sampleTarget("shop-web/staging", { resourceGroup: "rg-other" })`. */
export function sampleTarget(label: string, place: Partial<ResolvedTarget> = {}): ResolvedTarget {
  const [site = label, slot] = label.split("/");
  const subscriptionId = place.subscriptionId ?? sampleSubscription;
  const resourceGroup = place.resourceGroup ?? "rg-shop";
  const path = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Web/sites/${site}`;
  const host = slot === undefined ? site : `${site}-${slot}`;
  return {
    resourceId: slot === undefined ? path : `${path}/slots/${slot}`,
    subscriptionId,
    subscriptionName: "Production",
    resourceGroup,
    site,
    ...(slot === undefined ? {} : { slot }),
    defaultHostName: `${host}.azurewebsites.net`,
    ...place,
  };
}

/** A Linux web app with regional integration and every flag off. `flags` fill `storedMap` unless that is given too. */
export function sampleSite(
  label: string,
  differences: Partial<SiteObservation> & { readonly place?: Partial<ResolvedTarget> } = {},
): SiteObservation {
  const { place, ...rest } = differences;
  const storedMap = rest.storedMap ?? rest.flags ?? allFlagsOff;
  return {
    target: sampleTarget(label, place),
    observedAt: new Date("2026-11-22T12:00:00Z"),
    apiVersion: "2025-05-01",
    generation: "modern",
    legacy: noLegacySettings,
    contentSettings: "absent",
    integration: {
      kind: "regional",
      subnetId: `/subscriptions/${sampleSubscription}/resourceGroups/rg-net/providers/Microsoft.Network/virtualNetworks/vnet/subnets/apps`,
    },
    sku: "PremiumV3",
    workload: { kind: "app,linux", container: "none", function: false, workflow: false },
    location: "West Europe",
    state: "Running",
    securedByPerimeter: false,
    managedIdentity: false,
    lastModified: "2026-11-20T08:00:00.0000000Z",
    ...rest,
    storedMap,
    flags: flagsIn(storedMap),
  };
}
