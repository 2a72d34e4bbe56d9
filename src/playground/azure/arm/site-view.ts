import type { JsonObject } from "../http/json.ts";
import { type StoredSite, siteId } from "../world/world.ts";
import { routingShape } from "./api-versions.ts";

/** Routing flag behind each legacy site property. */
export const LEGACY_PROPERTIES = {
  vnetRouteAllEnabled: "applicationTraffic",
  vnetImagePullEnabled: "imagePullTraffic",
  vnetContentShareEnabled: "contentShareTraffic",
  vnetBackupRestoreEnabled: "backupRestoreTraffic",
} as const;

/** A site or slot as GET returns it at an api-version. */
export function viewSite(site: StoredSite, apiVersion: string): JsonObject {
  return structuredClone({
    id: siteId(site),
    name: fullName(site),
    type: siteType(site),
    kind: site.kind,
    location: site.location,
    tags: site.tags,
    ...(site.identity === null ? {} : { identity: site.identity }),
    properties: { ...site.properties, ...viewRouting(site, apiVersion), siteConfig: viewSiteConfig(site) },
  });
}

/** `config/web` as GET returns it: the legacy mirror of application traffic is in it at every version. */
export function viewWebConfig(site: StoredSite): JsonObject {
  return structuredClone({
    id: `${siteId(site)}/config/web`,
    name: site.name,
    type: `${siteType(site)}/config`,
    location: site.location,
    properties: { ...site.webConfig, vnetRouteAllEnabled: site.routing.applicationTraffic === true },
  });
}

export function siteType(site: Pick<StoredSite, "slot">): string {
  return site.slot === null ? "Microsoft.Web/sites" : "Microsoft.Web/sites/slots";
}

export function fullName(site: Pick<StoredSite, "name" | "slot">): string {
  return site.slot === null ? site.name : `${site.name}/${site.slot}`;
}

function viewRouting(site: StoredSite, apiVersion: string): JsonObject {
  if (routingShape(apiVersion) === "routing-object") return { outboundVnetRouting: site.routing };
  const view: JsonObject = {};
  for (const [property, flag] of Object.entries(LEGACY_PROPERTIES))
    view[property] = site.routing[flag] === true;
  return view;
}

/** The `siteConfig` inside a site is mostly null; the full one is `config/web`. */
function viewSiteConfig(site: StoredSite): JsonObject {
  return {
    numberOfWorkers: site.webConfig.numberOfWorkers ?? 1,
    linuxFxVersion: site.webConfig.linuxFxVersion ?? "",
    windowsFxVersion: site.webConfig.windowsFxVersion ?? null,
    alwaysOn: site.webConfig.alwaysOn ?? false,
    http20Enabled: site.webConfig.http20Enabled ?? true,
    acrUseManagedIdentityCreds: site.webConfig.acrUseManagedIdentityCreds ?? false,
    appSettings: null,
    connectionStrings: null,
    vnetRouteAllEnabled: null,
    ipSecurityRestrictions: null,
    azureStorageAccounts: null,
  };
}
