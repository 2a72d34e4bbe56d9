import { legacyPropertyOf, type RoutingFlag } from "./routing-flag.ts";
import type { SiteObservation } from "./site-observation.ts";

/**
 * Where the portal shows a flag, below Networking > Virtual network integration of a site; `allTraffic` and the tokens of
 * managed identities are not there. Source: learn.microsoft.com "Manage virtual network integration routing" (2025-11-24).
 */
const portalBoxes: Partial<Record<RoutingFlag, string>> = {
  applicationTraffic: "Outbound internet traffic",
  imagePullTraffic: "Container image pull",
  contentShareTraffic: "Content storage",
  backupRestoreTraffic: "Backup/restore",
};

/** The names of a flag: of its property in the API that the site is read with, and of its box in the portal. */
export function flagNames(
  { generation }: Pick<SiteObservation, "generation">,
  flag: RoutingFlag,
): { readonly property: string; readonly portal?: string } {
  const property =
    (generation === "legacy" ? legacyPropertyOf[flag] : undefined) ?? `outboundVnetRouting.${flag}`;
  const portal = portalBoxes[flag];
  return portal === undefined ? { property } : { property, portal };
}
