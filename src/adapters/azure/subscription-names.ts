import { type AgingCache, createAgingCache } from "./aging-cache.ts";
import type { AzureTools } from "./azure-settings.ts";
import { failureOfError } from "./errors.ts";
import { listSubscriptionNames } from "./list-sites.ts";
import type { ResourceManager } from "./resource-manager.ts";

/** Display names of subscriptions by id in lower case. */
export type SubscriptionNames = ReadonlyMap<string, string>;

/** Names are a convenience: where they cannot be read, subscriptions are known by id for a while. */
export function cacheSubscriptionNames(
  arm: ResourceManager,
  tools: AzureTools,
): AgingCache<SubscriptionNames> {
  const { clock, log } = tools;
  return createAgingCache(
    {
      name: "subscription-names",
      load: async () => {
        try {
          return await listSubscriptionNames(arm);
        } catch (error) {
          log.warn("azure-subscription-names-unreadable", {
            reason: failureOfError(error, clock.now()).code,
          });
          return new Map<string, string>();
        }
      },
      freshMs: 10 * 60_000,
      staleMs: 60 * 60_000,
      capacity: 1,
    },
    tools,
  );
}

/** Those of the configured subscriptions that a name or id means. */
export function subscriptionsCalled(
  wanted: string,
  configured: readonly string[],
  names: SubscriptionNames,
): readonly string[] {
  const lower = wanted.toLowerCase();
  return configured.filter(
    (id) => id.toLowerCase() === lower || names.get(id.toLowerCase())?.toLowerCase() === lower,
  );
}
