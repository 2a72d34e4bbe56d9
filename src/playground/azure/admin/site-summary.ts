import type { Store } from "../world/store.ts";
import { type StoredSite, siteId } from "../world/world.ts";
import { type EffectiveRoute, effectiveValues } from "./effective-values.ts";

/** A site or slot as the page and tests look at it: what is stored, without secrets. */
export interface SiteSummary {
  readonly id: string;
  readonly subscriptionId: string;
  readonly subscription: string;
  readonly resourceGroup: string;
  readonly name: string;
  readonly slot: string | null;
  readonly location: string;
  readonly kind: string;
  readonly sku: string;
  readonly state: string;
  readonly defaultHostName: string;
  readonly subnetId: string | null;
  readonly lastModifiedTimeUtc: string;
  readonly inProgressOperationId: string | null;
  readonly tags: Readonly<Record<string, string>>;
  /** Stored `outboundVnetRouting`. */
  readonly routing: Readonly<Record<string, boolean>>;
  /** What traffic of each documented kind does. */
  readonly effective: Readonly<Record<string, EffectiveRoute>>;
  /** The legacy settings that are present, with their values. */
  readonly legacySettings: Readonly<Record<string, string>>;
  /** Names of all app settings. */
  readonly appSettingNames: readonly string[];
  readonly note: string;
}

const LEGACY_SETTINGS: readonly string[] = [
  "WEBSITE_VNET_ROUTE_ALL",
  "WEBSITE_PULL_IMAGE_OVER_VNET",
  "WEBSITE_CONTENTOVERVNET",
];

export function summarizeSites(store: Store): readonly SiteSummary[] {
  return store.world.sites.map((site) => summarizeSite(store, site));
}

export function summarizeSite(store: Store, site: StoredSite): SiteSummary {
  const { properties } = site;
  const subscription = store.world.subscriptions.find((one) => one.id === site.subscriptionId);
  return {
    id: siteId(site),
    subscriptionId: site.subscriptionId,
    subscription: subscription?.name ?? "",
    resourceGroup: site.resourceGroup,
    name: site.name,
    slot: site.slot,
    location: site.location,
    kind: site.kind,
    sku: textOr(properties.sku, ""),
    state: textOr(properties.state, ""),
    defaultHostName: textOr(properties.defaultHostName, ""),
    subnetId: textOr(properties.virtualNetworkSubnetId, null),
    lastModifiedTimeUtc: textOr(properties.lastModifiedTimeUtc, ""),
    inProgressOperationId: textOr(properties.inProgressOperationId, null),
    tags: { ...site.tags },
    routing: Object.fromEntries(Object.entries(site.routing).map(([flag, value]) => [flag, value === true])),
    effective: effectiveValues(site),
    legacySettings: Object.fromEntries(
      Object.entries(site.appSettings).filter(([name]) => LEGACY_SETTINGS.includes(name)),
    ),
    appSettingNames: Object.keys(site.appSettings),
    note: site.note,
  };
}

function textOr<T extends string | null>(value: unknown, otherwise: T): string | T {
  return typeof value === "string" && value !== "" ? value : otherwise;
}
