import { type FleetRow, isElsewhere, isThroughVnet } from "../domain/fleet/fleet-row.ts";
import type { EffectiveRoute } from "../domain/routing/effective-value.ts";
import { type RoutingFlag, routingFlags } from "../domain/routing/routing-flag.ts";
import type { Block } from "./view.ts";
import { code, routeWords } from "./words.ts";

type Table = Extract<Block, { kind: "table" }>;

/** Flags in one word or two, where a whole site has to fit into one line. */
export const shortTitles: Record<RoutingFlag, string> = {
  allTraffic: "everything",
  applicationTraffic: "application",
  imagePullTraffic: "image pull",
  contentShareTraffic: "content share",
  backupRestoreTraffic: "backup",
  managedIdentityTraffic: "identity tokens",
};

/** Many sites, one line each: what goes through the virtual network, and what else is to be said of it. */
export function manySitesTable(rows: readonly FleetRow[]): Table {
  return {
    kind: "table",
    columns: ["Site", "In", "Through the VNet"],
    rows: rows.map((row) => [[code(row.label)], row.resourceGroup, routedText(row)]),
  };
}

/** `application, image pull`, `everything`, `nothing`, `likely nothing`, or why flags do not matter. */
export function routedText(row: FleetRow): string {
  if (isElsewhere(row)) return routeWords["not-applicable"];
  if (row.integration === "none") return withStored("nothing: not integrated", row);
  if (row.effective.allTraffic === "vnet") return shortTitles.allTraffic;
  const words = routingFlags
    .filter((flag) => flag !== "allTraffic" && isThroughVnet(row.effective[flag]))
    .map((flag) => `${shortTitles[flag]}${row.effective[flag] === "likely-vnet" ? " (likely)" : ""}`);
  if (words.length > 0) return words.join(", ");
  return Object.values(row.effective).some(isUncertain) ? "likely nothing" : "nothing";
}

/** A legacy app setting that was not read may route it. */
function isUncertain(route: EffectiveRoute): boolean {
  return route === "likely-public" || route === "unknown";
}

/** Flags that are on and have no effect are said: somebody meant them to. */
function withStored(text: string, { stored }: FleetRow): string {
  const on = routingFlags.filter((flag) => stored[flag] === true).map((flag) => shortTitles[flag]);
  return on.length === 0 ? text : `${text} (stored on: ${on.join(", ")})`;
}
