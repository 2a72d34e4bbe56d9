import type { SiteObservation } from "../../src/domain/routing/site-observation.ts";
import { targetKey } from "../../src/domain/target.ts";
import type { FleetScope, ListPageRequest, ListPageResult } from "../../src/ports/routing-service.ts";
import { unreadableLegacySettings } from "./observations.ts";

const pageSize = 10;

/** A page of sites as Azure lists them: without app settings, with slots only where a group was named. */
export function listFromMemory(
  all: readonly SiteObservation[],
  { scopes, cursor }: Pick<ListPageRequest, "scopes" | "cursor">,
): ListPageResult {
  for (const scope of scopes) {
    if (!all.some((site) => isIn(site, scope))) return { kind: "no-scope", scope };
  }
  const wanted = all
    .filter((site) =>
      scopes.length === 0
        ? site.target.slot === undefined
        : scopes.some(
            (scope) =>
              isIn(site, scope) && (scope.resourceGroup !== undefined || site.target.slot === undefined),
          ),
    )
    .toSorted((a, b) => (targetKey(a.target) < targetKey(b.target) ? -1 : 1));
  const from = Number(cursor ?? 0);
  const sites = wanted
    .slice(from, from + pageSize)
    .map((site) => ({ ...site, legacy: unreadableLegacySettings, contentSettings: "unknown" as const }));
  const more = from + pageSize < wanted.length ? { next: String(from + pageSize) } : {};
  return { kind: "page", sites, unreadGroups: 0, ...more };
}

function isIn({ target }: SiteObservation, { resourceGroup, subscription }: FleetScope): boolean {
  if (resourceGroup !== undefined && !same(target.resourceGroup, resourceGroup)) return false;
  return (
    subscription === undefined ||
    same(target.subscriptionId, subscription) ||
    same(target.subscriptionName ?? "", subscription)
  );
}

function same(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}
