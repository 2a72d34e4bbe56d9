import { inventoryOf } from "../src/adapters/azure/inventory.ts";
import { matchReference } from "../src/adapters/azure/match-reference.ts";
import type { TargetReference } from "../src/domain/command.ts";
import type { ResolvedTarget } from "../src/domain/target.ts";
import { median, percentile, rounded } from "./statistics.ts";

export type Resolve = {
  /**
   * Milliseconds to resolve one name among all sites, over names typed in many ways, most of them wrongly and so answered with
   * suggestions. Each name counts with the median of its rounds, so that it is the look-up that is measured and not what
   * else the machine does.
   */
  readonly msMedian: number;
  readonly msP99: number;
  readonly sites: number;
  readonly lookUps: number;
};

const sites = 10_000;
const rounds = 25;
const subscriptions = ["11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"];
const teams = ["shop", "billing", "orders", "payments", "identity", "search", "reports", "partner"];
const parts = ["web", "api", "worker", "admin", "jobs", "gateway", "events", "files"];
const regions = ["weu", "neu", "eus", "jpe"];

/** The look-up as the bot does it, in an inventory that has been read: exact names, typos, parts of names, hosts and slots. */
export async function benchResolve(): Promise<Resolve> {
  const all = Array.from({ length: sites }, (_, index) => siteOf(index));
  const inventory = [inventoryOf(all)];
  const references = all
    .filter((_, index) => index % (sites / 40) === 7)
    .flatMap((target) => spellings(target));
  // Half of what is there may be shown, and a part of it is at home: as for somebody in a bound channel.
  const sight = {
    sees: ({ resourceGroup }: ResolvedTarget) => !resourceGroup.endsWith("-neu"),
    home: ({ resourceGroup }: ResolvedTarget) => resourceGroup === "rg-shop-weu",
  };
  for (const reference of references) matchReference(reference, inventory, sight);

  const times = references.map((reference) => {
    const taken: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const began = performance.now();
      matchReference(reference, inventory, sight);
      taken.push(performance.now() - began);
    }
    return median(taken);
  });
  return {
    msMedian: rounded(percentile(times, 0.5)),
    msP99: rounded(percentile(times, 0.99)),
    sites,
    lookUps: times.length * rounds,
  };
}

function siteOf(index: number): ResolvedTarget {
  const pick = (list: readonly string[], step: number) => list[Math.floor(index / step) % list.length] ?? "";
  const site = `${pick(teams, 1)}-${pick(parts, 8)}-${pick(regions, 64)}-${index}`;
  const subscriptionId = pick(subscriptions, 3);
  const resourceGroup = `rg-${pick(teams, 1)}-${pick(regions, 64)}`;
  return {
    resourceId: `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Web/sites/${site}`,
    subscriptionId,
    subscriptionName: `sub-${subscriptions.indexOf(subscriptionId)}`,
    resourceGroup,
    site,
    defaultHostName: `${site}-a1b2c3d4e5f6a7b8.westeurope-01.azurewebsites.net`,
  };
}

function spellings({ site, resourceGroup, defaultHostName }: ResolvedTarget): readonly TargetReference[] {
  const typo = `${site.slice(0, 3)}${site.slice(4)}`;
  const swapped = `${site.slice(0, 5)}${site[6]}${site[5]}${site.slice(7)}`;
  return [
    { name: site },
    { name: site.toUpperCase(), resourceGroup },
    { name: typo },
    { name: swapped },
    { name: typo, slot: "staging" },
    { name: site.slice(0, 8) },
    { name: `${site}-production-blue-green-of-the-old-data-centre` },
    { name: "nothing-that-is-like-any-of-them" },
    { name: site, ...(defaultHostName && { host: defaultHostName }) },
    { name: typo, host: `${typo}.azurewebsites.net` },
  ];
}
