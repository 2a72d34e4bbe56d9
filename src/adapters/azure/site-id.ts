import type { ResolvedTarget } from "../../domain/target.ts";

const pattern =
  /^\/subscriptions\/(?<subscriptionId>[^/?#]+)\/resourceGroups\/(?<resourceGroup>[^/?#]+)\/providers\/Microsoft\.Web\/sites\/(?<site>[^/?#]+)(?:\/slots\/(?<slot>[^/?#]+))?$/i;

/** The parts of a site's or slot's ARM id; `undefined` for the id of anything else. */
export function parseSiteId(
  id: string,
): Pick<ResolvedTarget, "resourceId" | "subscriptionId" | "resourceGroup" | "site" | "slot"> | undefined {
  const parts = pattern.exec(id)?.groups;
  const { subscriptionId, resourceGroup, site, slot } = parts ?? {};
  if (subscriptionId === undefined || resourceGroup === undefined || site === undefined) return undefined;
  return { resourceId: id, subscriptionId, resourceGroup, site, ...(slot === undefined ? {} : { slot }) };
}

/**
 * Path of a target, or of something below it (`/config/appsettings`), for a request. Throws for a target that is no site: such an id was never resolved by us, and nothing may be sent
 * to it.
 */
export function sitePath(target: ResolvedTarget, apiVersion: string, below = ""): string {
  if (parseSiteId(target.resourceId) === undefined) {
    throw new Error(`Not the resource id of a site: ${target.resourceId}`);
  }
  return `${encodeURI(target.resourceId)}${below}?api-version=${encodeURIComponent(apiVersion)}`;
}
