import { z } from "zod";
import type { Json } from "../http/json.ts";
import type { Store } from "../world/store.ts";
import { type StoredSite, siteId } from "../world/world.ts";

const json: z.ZodType<Json> = z.json();

/** A change made out of band, behind the back of whoever watches the site. Null removes. */
export const siteChangeSchema = z.strictObject({
  routing: z.record(z.string(), z.boolean().nullable()).optional(),
  appSettings: z.record(z.string(), z.string().nullable()).optional(),
  tags: z.record(z.string(), z.string().nullable()).optional(),
  /**
   * Site properties such as `virtualNetworkSubnetId`, `state`, `availabilityState`, `inProgressOperationId`,
   * `publicNetworkAccess`, and `frontStatus`, which the site then answers to everybody.
   */
  properties: z.record(z.string(), json).optional(),
  webConfig: z.record(z.string(), json).optional(),
  asyncPolls: z.number().int().positive().nullable().optional(),
  kind: z.string().optional(),
  /** Null: the site has no managed identity. */
  identity: z.record(z.string(), json).nullable().optional(),
  virtualNetworkConnections: z.array(z.record(z.string(), json)).optional(),
});

export type SiteChangeOrder = z.infer<typeof siteChangeSchema>;

/** Which site is meant: exactly one, none, or several of the same name. */
export type SiteLookup =
  | { readonly kind: "one"; readonly site: StoredSite }
  | { readonly kind: "none" }
  | { readonly kind: "several"; readonly ids: readonly string[] };

/**
 * Finds a site by its ARM id, or by `name` or `name/slot` where that is enough.
 * @param reference in any case, with or without a slash at the start
 */
export function lookUpSite(store: Store, reference: string): SiteLookup {
  const wanted = reference.replace(/^\/+|\/+$/g, "").toLowerCase();
  if (wanted.startsWith("subscriptions/")) {
    const site = store.findSite(`/${wanted}`);
    return site === null ? { kind: "none" } : { kind: "one", site };
  }
  const [name, slot] = wanted.replace("/slots/", "/").split("/");
  const found = store.world.sites.filter(
    (site) => site.name.toLowerCase() === name && (site.slot?.toLowerCase() ?? null) === (slot ?? null),
  );
  const [first, ...others] = found;
  if (first === undefined) return { kind: "none" };
  return others.length === 0 ? { kind: "one", site: first } : { kind: "several", ids: found.map(siteId) };
}

/** Makes an out-of-band change; the site is stored even while an operation runs on it. */
export function changeSite(store: Store, site: StoredSite, order: SiteChangeOrder): StoredSite {
  const next: StoredSite = {
    ...site,
    routing: merged(site.routing, order.routing),
    appSettings: merged(site.appSettings, order.appSettings),
    tags: merged(site.tags, order.tags),
    // A property stays when it is null: that is how the service shows "none".
    properties: { ...site.properties, ...order.properties },
    webConfig: { ...site.webConfig, ...order.webConfig },
    asyncPolls: order.asyncPolls === undefined ? site.asyncPolls : order.asyncPolls,
    kind: order.kind ?? site.kind,
    identity: order.identity === undefined ? site.identity : order.identity,
    virtualNetworkConnections: order.virtualNetworkConnections ?? site.virtualNetworkConnections,
  };
  return store.save(next, "admin");
}

function merged<T>(
  before: Readonly<Record<string, T>>,
  change: Readonly<Record<string, T | null>> | undefined,
): Record<string, T> {
  const result: Record<string, T> = { ...before };
  for (const [name, value] of Object.entries(change ?? {})) {
    if (value === null) delete result[name];
    else result[name] = value;
  }
  return result;
}
