import type { Answer } from "../http/exchange.ts";
import type { PathValues } from "../http/path-pattern.ts";
import type { Store } from "../world/store.ts";
import { type StoredSite, siteId } from "../world/world.ts";
import { armError, resourceNotFound } from "./errors.ts";

/** Where a path points: everything it names exists, or the 404 for the first thing that does not. */
export type PlaceCheck =
  | { readonly kind: "found"; readonly site: StoredSite | null }
  | { readonly kind: "missing"; readonly what: "subscription" | "group" | "site"; readonly answer: Answer };

export function checkPlace(values: PathValues, store: Store): PlaceCheck {
  const { subscription, group, site, slot } = values;
  if (subscription === undefined) return { kind: "found", site: null };
  if (!store.world.subscriptions.some((one) => same(one.id, subscription))) {
    const message = `The subscription '${subscription}' could not be found.`;
    return {
      kind: "missing",
      what: "subscription",
      answer: armError({ status: 404, code: "SubscriptionNotFound", message }),
    };
  }
  if (group === undefined) return { kind: "found", site: null };
  const groups = store.world.resourceGroups.filter((one) => same(one.subscriptionId, subscription));
  if (!groups.some((one) => same(one.name, group))) {
    const message = `Resource group '${group}' could not be found.`;
    return {
      kind: "missing",
      what: "group",
      answer: armError({ status: 404, code: "ResourceGroupNotFound", message }),
    };
  }
  if (site === undefined) return { kind: "found", site: null };
  const wanted = { subscriptionId: subscription, resourceGroup: group, name: site };
  const production = store.findSite(siteId({ ...wanted, slot: null }));
  if (production === null) return missingSite("Microsoft.Web/sites", site, group);
  if (slot === undefined) return { kind: "found", site: production };
  const found = store.findSite(siteId({ ...wanted, slot }));
  if (found === null) return missingSite("Microsoft.Web/sites", `${site}/slots/${slot}`, group);
  return { kind: "found", site: found };
}

function missingSite(type: string, name: string, group: string): PlaceCheck {
  return { kind: "missing", what: "site", answer: resourceNotFound(type, name, group) };
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
