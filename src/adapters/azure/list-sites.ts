import type { Site } from "@azure/arm-appservice";
import { z } from "zod";
import type { ResolvedTarget } from "../../domain/target.ts";
import type { ApiChoice } from "./api-generation.ts";
import { serviceErrorOf } from "./errors.ts";
import { type ResourceManager, UnexpectedAnswer } from "./resource-manager.ts";
import { parseSiteId } from "./site-id.ts";

const timeoutMs = 30_000;
const groupsVersion = "2021-04-01";
const subscriptionsVersion = "2022-12-01";

/**
 * All production sites of a subscription that we may read. With rights on some resource groups only, the subscription's own list is
 * forbidden, while its list of groups shows them. Throws when nothing can be listed.
 */
export async function listSites(
  arm: ResourceManager,
  api: ApiChoice,
  subscriptionId: string,
): Promise<readonly ResolvedTarget[]> {
  const client = await arm.sitesOf(subscriptionId, api.apiVersion);
  const all = await unlessForbidden(() => collect(client.webApps.list()));
  if ("value" in all) return all.value;
  const targets: ResolvedTarget[] = [];
  let readable = 0;
  for (const group of await listGroups(arm, subscriptionId)) {
    const some = await unlessForbidden(() => collect(client.webApps.listByResourceGroup(group)));
    if (!("value" in some)) continue;
    readable += 1;
    targets.push(...some.value);
  }
  if (readable === 0) throw all.forbidden;
  return targets;
}

async function unlessForbidden<Value>(
  read: () => Promise<Value>,
): Promise<{ readonly value: Value } | { readonly forbidden: unknown }> {
  try {
    return { value: await read() };
  } catch (error) {
    if (serviceErrorOf(error)?.status !== 403) throw error;
    return { forbidden: error };
  }
}

/** The slots of one site. Throws when they cannot be listed. */
export async function listSlots(
  arm: ResourceManager,
  api: ApiChoice,
  site: Pick<ResolvedTarget, "subscriptionId" | "resourceGroup" | "site">,
): Promise<readonly ResolvedTarget[]> {
  const client = await arm.sitesOf(site.subscriptionId, api.apiVersion);
  return await collect(client.webApps.listSlots(site.resourceGroup, site.site));
}

async function collect(sites: AsyncIterable<Site>): Promise<readonly ResolvedTarget[]> {
  const targets: ResolvedTarget[] = [];
  for await (const site of sites) {
    const parts = site.id === undefined ? undefined : parseSiteId(site.id);
    if (parts === undefined) continue;
    targets.push({
      ...parts,
      ...(site.defaultHostName ? { defaultHostName: site.defaultHostName } : {}),
      tags: site.tags ?? {},
    });
  }
  return targets;
}

const groupPage = z.object({
  value: z.array(z.object({ name: z.string() })),
  nextLink: z.string().nullish(),
});

/** Names of a subscription's resource groups. Throws when they cannot be read. */
export async function listGroups(arm: ResourceManager, subscriptionId: string): Promise<readonly string[]> {
  const first = `/subscriptions/${encodeURIComponent(subscriptionId)}/resourcegroups?api-version=${groupsVersion}`;
  const pages = await readPages(arm, first, groupPage);
  return pages.flatMap(({ value }) => value.map(({ name }) => name));
}

const subscriptionPage = z.object({
  value: z.array(z.object({ subscriptionId: z.string(), displayName: z.string() })),
  nextLink: z.string().nullish(),
});

/** Display names of the subscriptions that the identity sees, by id in lower case. Throws when they cannot be read. */
export async function listSubscriptionNames(arm: ResourceManager): Promise<ReadonlyMap<string, string>> {
  const pages = await readPages(arm, `/subscriptions?api-version=${subscriptionsVersion}`, subscriptionPage);
  return new Map(
    pages.flatMap(({ value }) =>
      value.map(({ subscriptionId, displayName }) => [subscriptionId.toLowerCase(), displayName] as const),
    ),
  );
}

async function readPages<Page extends { readonly nextLink?: string | null | undefined }>(
  arm: ResourceManager,
  first: string,
  schema: z.ZodType<Page>,
): Promise<readonly Page[]> {
  const pages: Page[] = [];
  for (let path: string | null | undefined = first; path; path = pages.at(-1)?.nextLink) {
    const answer = await arm.send({ method: "GET", path, limit: AbortSignal.timeout(timeoutMs) });
    if (answer.status !== 200) throw new UnexpectedAnswer(answer);
    pages.push(schema.parse(answer.body));
  }
  return pages;
}
