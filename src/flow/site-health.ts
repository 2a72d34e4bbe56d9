import { type Policy, ruleFor } from "../domain/change/approval-policy.ts";
import type { PlanEntry } from "../domain/change/plan.ts";
import { partsOfEntry } from "../domain/change/plan-parts.ts";
import { healthOf, type SiteHealth } from "../domain/change/site-health.ts";
import { probeUrl } from "../domain/probe-url.ts";
import type { SiteObservation } from "../domain/routing/site-observation.ts";
import type { Flow } from "./flow.ts";

/** How sites are right before a change, in their order: what was just read of them, and what their probes come to. */
export async function takeBaseline(
  flow: Flow,
  sites: readonly { readonly site: SiteObservation; readonly entry: PlanEntry }[],
  { policy, signal }: { readonly policy: Policy; readonly signal: AbortSignal },
): Promise<readonly SiteHealth[]> {
  return await Promise.all(
    sites.map(async ({ site, entry }) => {
      const probe = ruleFor(policy, site.target, partsOfEntry(entry)[0])?.watch?.probe;
      const url = probe === undefined ? undefined : probeUrl(probe, site);
      return url === undefined ? healthOf(site) : probed(flow, url, { site, signal });
    }),
  );
}

/** How a site is now, asked for the same as before. Host names that are no longer its own are not asked. */
export async function probeAgain(
  flow: Flow,
  before: SiteHealth,
  now: { readonly site: SiteObservation; readonly signal: AbortSignal },
): Promise<SiteHealth> {
  const url = before.probe && probeUrl(before.probe.url, now.site);
  return url === undefined ? healthOf(now.site) : probed(flow, url, now);
}

async function probed(
  flow: Flow,
  url: string,
  { site, signal }: { readonly site: SiteObservation; readonly signal: AbortSignal },
): Promise<SiteHealth> {
  return { ...healthOf(site), probe: { url, result: await flow.probe(url, signal) } };
}
