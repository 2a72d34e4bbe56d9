import type { ResolvedTarget } from "./target.ts";

/** The site that Routebot itself runs on, as far as its surroundings tell. */
export type OwnSite = {
  readonly site: string;
  readonly resourceGroup?: string;
  readonly subscriptionId?: string;
};

/** Whether a target is the own site or one of its slots. What is not known of the own site is taken to fit. */
export function isOwnSite(own: OwnSite | undefined, target: ResolvedTarget): boolean {
  return (
    own !== undefined &&
    fits(own.site, target.site) &&
    fits(own.resourceGroup, target.resourceGroup) &&
    fits(own.subscriptionId, target.subscriptionId)
  );
}

function fits(known: string | undefined, name: string): boolean {
  return known === undefined || known.toLowerCase() === name.toLowerCase();
}
