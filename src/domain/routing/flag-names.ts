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

/**
 * The names of a flag: of its property in the API that the site is read with, what the other generation of the API (and older
 * versions of Microsoft's article) calls it, and its box in the portal.
 */
export function flagNames(
  { generation }: Pick<SiteObservation, "generation">,
  flag: RoutingFlag,
): { readonly property: string; readonly alsoCalled?: string; readonly portal?: string } {
  const [today, older] = [`outboundVnetRouting.${flag}`, legacyPropertyOf[flag]];
  const isOlder = generation === "legacy" && older !== undefined;
  const alsoCalled = isOlder ? today : older;
  const portal = portalBoxes[flag];
  return {
    property: isOlder ? older : today,
    ...(alsoCalled === undefined ? {} : { alsoCalled }),
    ...(portal === undefined ? {} : { portal }),
  };
}
