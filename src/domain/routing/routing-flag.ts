/**
 * The routing flags: the keys of `properties.outboundVnetRouting` of a site, from api-version 2024-11-01 on.
 * Source: learn.microsoft.com "Manage virtual network integration routing" (2025-11-24); `managedIdentityTraffic`
 * is declared from 2026-03-01-preview only, but comes back from live reads of earlier versions.
 */
export const routingFlags = [
  "allTraffic",
  "applicationTraffic",
  "imagePullTraffic",
  "contentShareTraffic",
  "backupRestoreTraffic",
  "managedIdentityTraffic",
] as const;

/** One key of `outboundVnetRouting`. */
export type RoutingFlag = (typeof routingFlags)[number];

/** What `outboundVnetRouting` says, by flag. A flag that is not there was not reported by the service. */
export type FlagValues = Partial<Record<RoutingFlag, boolean>>;

/** Whether a string names a routing flag. */
export function isRoutingFlag(text: string): text is RoutingFlag {
  return (routingFlags as readonly string[]).includes(text);
}

/** The flags that a routing map states: those whose value is a boolean. Keys that we do not know are left out. */
export function flagsIn(map: Readonly<Record<string, unknown>>): FlagValues {
  const flags: FlagValues = {};
  for (const flag of routingFlags) {
    const value = map[flag];
    if (typeof value === "boolean") flags[flag] = value;
  }
  return flags;
}

/** What people call a flag: the words on cards and in answers. */
export const flagTitles: Record<RoutingFlag, string> = {
  allTraffic: "All traffic (application and configuration)",
  applicationTraffic: "Application traffic (Route All)",
  imagePullTraffic: "Container image pull",
  contentShareTraffic: "Content share",
  backupRestoreTraffic: "Backup and restore",
  managedIdentityTraffic: "Managed identity tokens",
};

/**
 * The site property that held a flag up to api-version 2024-04-01; flags that are not listed cannot be said there.
 */
export const legacyPropertyOf: Partial<Record<RoutingFlag, string>> = {
  applicationTraffic: "vnetRouteAllEnabled",
  imagePullTraffic: "vnetImagePullEnabled",
  contentShareTraffic: "vnetContentShareEnabled",
  backupRestoreTraffic: "vnetBackupRestoreEnabled",
};
