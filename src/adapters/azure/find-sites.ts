import type { TargetReference } from "../../domain/command.ts";
import { type ResolvedTarget, targetKey } from "../../domain/target.ts";
import type { FindOptions, FindResult, Sight } from "../../ports/routing-service.ts";
import { createAgingCache } from "./aging-cache.ts";
import type { ApiChoice } from "./api-generation.ts";
import type { AzureSettings, AzureTools } from "./azure-settings.ts";
import { failureOfError } from "./errors.ts";
import { type Inventory, inventoryOf } from "./inventory.ts";
import { listSites, listSlots } from "./list-sites.ts";
import { matchReference } from "./match-reference.ts";
import type { ResourceManager } from "./resource-manager.ts";
import { cacheSubscriptionNames, subscriptionsCalled } from "./subscription-names.ts";

const freshMs = 60_000;
const staleMs = 5 * 60_000;
/** Before it is said that there is no such site, the inventory is read anew unless it is younger than this. */
const youngMs = 3_000;
/** A host that is no site's may be a slot's; the slots of so many sites are looked at. */
const sitesPerHost = 10;

/** The look-up over all configured subscriptions; see `RoutingService.find`. */
export function createSiteFinder(
  arm: ResourceManager,
  api: (subscriptionId: string) => Promise<ApiChoice>,
  settings: AzureSettings & AzureTools,
): (reference: TargetReference, options?: FindOptions) => Promise<FindResult> {
  const { clock, log } = settings;
  const inventoryWith = createNaming();
  const ages = { freshMs, staleMs };
  const sites = createAgingCache(
    {
      name: "sites",
      load: async (subscription) => await listSites(arm, await api(subscription), subscription),
      capacity: 1_000,
      ...ages,
    },
    settings,
  );
  const slotOwners = new Map<string, ResolvedTarget>();
  const slots = createAgingCache(
    {
      name: "slots",
      load: async (key) => {
        const owner = slotOwners.get(key);
        if (owner === undefined) return [];
        return await listSlots(arm, await api(owner.subscriptionId), owner);
      },
      capacity: 1_000,
      ...ages,
    },
    settings,
  );
  const names = cacheSubscriptionNames(arm, settings);

  return async (reference, { signal, ...sight } = {}) => {
    signal?.throwIfAborted();
    const lookNow = (maxAgeMs: number) => abortable(look(reference, sight, maxAgeMs), signal);
    try {
      const first = await lookNow(staleMs);
      return first.kind === "none" ? await lookNow(youngMs) : first;
    } catch (error) {
      signal?.throwIfAborted();
      log.error("azure-inventory-failed", error);
      return { kind: "failed", failure: failureOfError(error, clock.now()) };
    }
  };

  async function look(
    reference: TargetReference,
    sight: Sight,
    maxAgeMs: number,
  ): Promise<Exclude<FindResult, { kind: "failed" }>> {
    const { value: displayNames } = await names.get("all");
    const parts: Inventory[] = [];
    for (const subscription of subscriptionsFor(reference, displayNames)) {
      const { value } = await sites.get(subscription, maxAgeMs);
      parts.push(inventoryWith(value, displayNames));
    }
    for (const owner of sitesWhoseSlotsMatter(reference, parts)) {
      const key = targetKey(owner);
      slotOwners.set(key, owner);
      const { value } = await slots.get(key, maxAgeMs);
      parts.push(inventoryWith(value, displayNames));
    }
    return matchReference(reference, parts, sight);
  }

  /** Those that the reference allows; all of them when it names none that we have, for the sake of suggestions. */
  function subscriptionsFor(
    { subscription }: TargetReference,
    displayNames: ReadonlyMap<string, string>,
  ): readonly string[] {
    if (subscription === undefined) return settings.subscriptions;
    const fitting = subscriptionsCalled(subscription, settings.subscriptions, displayNames);
    return fitting.length > 0 ? fitting : settings.subscriptions;
  }
}

/** Sites with the display names of their subscriptions; made once for each reading, however often it is looked through. */
function createNaming(): (
  targets: readonly ResolvedTarget[],
  names: ReadonlyMap<string, string>,
) => Inventory {
  type Named = { readonly names: ReadonlyMap<string, string>; readonly inventory: Inventory };
  const made = new WeakMap<readonly ResolvedTarget[], Named>();
  return (targets, names) => {
    const known = made.get(targets);
    if (known?.names === names) return known.inventory;
    const named = targets.map((target) => {
      const subscriptionName = names.get(target.subscriptionId.toLowerCase());
      return subscriptionName === undefined ? target : { ...target, subscriptionName };
    });
    const inventory = inventoryOf(named);
    made.set(targets, { names, inventory });
    return inventory;
  };
}

/**
 * Slots are listed only where they can matter: of sites whose name was said together with a slot, and of those whose name
 * begins the host that was said (`shop-web-staging….azurewebsites.net`) when that host is no site's own.
 */
function sitesWhoseSlotsMatter(
  reference: TargetReference,
  inventories: readonly Inventory[],
): readonly ResolvedTarget[] {
  const host = reference.host?.toLowerCase();
  if (host !== undefined) {
    if (inventories.some(({ byHost }) => byHost.has(host))) return [];
    return inventories
      .flatMap(({ entries }) => entries.filter(({ name }) => host.startsWith(`${name}-`)))
      .toSorted((a, b) => b.name.length - a.name.length)
      .slice(0, sitesPerHost)
      .map(({ target }) => target);
  }
  const name = reference.name?.toLowerCase();
  if (reference.slot === undefined || name === undefined) return [];
  return inventories.flatMap(({ byName }) => byName.get(name)?.map(({ target }) => target) ?? []);
}

/** Stops waiting when the signal says so; the shared loading goes on for others. */
async function abortable<Value>(promise: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (signal === undefined) return await promise;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
