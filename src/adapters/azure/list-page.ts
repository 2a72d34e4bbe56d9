import { z } from "zod";
import type { Failure } from "../../domain/failure.ts";
import type { SiteObservation } from "../../domain/routing/site-observation.ts";
import type { FleetScope, ListPageRequest, ListPageResult } from "../../ports/routing-service.ts";
import type { ApiChoice } from "./api-generation.ts";
import { unreadableSettings } from "./app-settings.ts";
import type { AzureSettings, AzureTools } from "./azure-settings.ts";
import { failureOfAnswer, failureOfError } from "./errors.ts";
import { listGroups } from "./list-sites.ts";
import { portalUrlOf } from "./portal-url.ts";
import type { ArmAnswer, ResourceManager } from "./resource-manager.ts";
import { observationOf, parseSiteBody } from "./site-body.ts";
import { parseSiteId } from "./site-id.ts";
import { cacheSubscriptionNames, type SubscriptionNames, subscriptionsCalled } from "./subscription-names.ts";

const timeoutMs = 60_000;

/**
 * A list that is still to be read: of a subscription, or of one of its groups. `passable`: nobody asked for this very group, so
 * it is passed over when it may not be listed.
 */
const list = z.strictObject({
  scope: z.int(),
  subscription: z.string(),
  group: z.string().optional(),
  passable: z.literal(true).optional(),
});
type List = z.infer<typeof list>;

/** What a cursor says: the lists that are left, the first of them being read at `link`, and the scopes that exist. */
const cursorSchema = z.strictObject({
  version: z.literal(1),
  lists: z.array(list),
  link: z.string().optional(),
  found: z.array(z.int()),
});
type Cursor = z.infer<typeof cursorSchema>;

const pageSchema = z.object({ value: z.array(z.unknown()), nextLink: z.string().nullish() });

/** See `RoutingService.listPage`. */
export function createSiteLister(
  arm: ResourceManager,
  api: (subscriptionId: string) => Promise<ApiChoice>,
  settings: AzureSettings & AzureTools,
): (request: ListPageRequest) => Promise<ListPageResult> {
  const { clock, log } = settings;
  const names = cacheSubscriptionNames(arm, settings);

  return async (request) => {
    const { signal } = request;
    signal?.throwIfAborted();
    try {
      return await readPage(request);
    } catch (error) {
      signal?.throwIfAborted();
      const failure = failureOfError(error, clock.now());
      log.warn("azure-list-failed", {
        code: failure.code,
        reason: error instanceof Error ? error.message : String(error),
      });
      return { kind: "failed", failure };
    }
  };

  async function readPage({ scopes, cursor, signal }: ListPageRequest): Promise<ListPageResult> {
    const { value: displayNames } = await names.get("all");
    const at = cursor === undefined ? begin(scopes, displayNames) : parseCursor(cursor);
    if (at === undefined) return { kind: "expired" };
    if ("kind" in at) return at;
    const [current, ...rest] = at.lists;
    if (current === undefined) return { kind: "page", sites: [], unreadGroups: 0 };
    const choice = await api(current.subscription);
    const path = at.link ?? firstPath(current, choice);
    const answer = await arm.send({
      method: "GET",
      path,
      limit: AbortSignal.timeout(timeoutMs),
      ...(signal === undefined ? {} : { signal }),
    });
    if (answer.status !== 200) return without(answer, { at, scopes });
    const page = pageSchema.safeParse(answer.body);
    if (!page.success || page.data.nextLink === path) return { kind: "failed", failure: unreadablePage };
    const sites = sitesIn(page.data.value, choice, displayNames);
    if (sites === undefined) return { kind: "failed", failure: unreadablePage };
    const found = [...new Set([...at.found, current.scope])];
    const { nextLink } = page.data;
    return nextLink
      ? pageOf(sites, { version: 1, lists: at.lists, link: nextLink, found })
      : pageOf(sites, { version: 1, lists: rest, found });
  }

  function begin(
    scopes: readonly FleetScope[],
    displayNames: SubscriptionNames,
  ): Cursor | Extract<ListPageResult, { kind: "no-scope" }> {
    const lists: List[] = [];
    for (const [index, scope] of (scopes.length === 0 ? [{}] : scopes).entries()) {
      const subscriptions =
        scope.subscription === undefined
          ? settings.subscriptions
          : subscriptionsCalled(scope.subscription, settings.subscriptions, displayNames);
      if (subscriptions.length === 0) return { kind: "no-scope", scope };
      for (const subscription of subscriptions) {
        const { resourceGroup } = scope;
        const group = resourceGroup === undefined ? {} : { group: resourceGroup };
        lists.push({ scope: index, subscription, ...group });
      }
    }
    return { version: 1, lists, found: [] };
  }

  /** What follows when a list, or its next page, was not given. */
  async function without(
    answer: ArmAnswer,
    { at, scopes }: { readonly at: Cursor; readonly scopes: readonly FleetScope[] },
  ): Promise<ListPageResult> {
    const [current, ...rest] = at.lists;
    if (current === undefined) throw new Error("no list was read");
    const { status } = answer;
    if (at.link !== undefined && [400, 404, 410].includes(status)) return { kind: "expired" };
    if (status === 403 && current.passable) {
      return pageOf([], { version: 1, lists: rest, found: at.found }, 1);
    }
    if (status === 403 && current.group === undefined) {
      // With rights on some groups only, the subscription's own list is forbidden, while its list of groups shows them.
      const groups = await listGroups(arm, current.subscription);
      const lists = groups.map((group): List => ({ ...current, group, passable: true }));
      const found = [...at.found, current.scope];
      if (groups.length > 0) return pageOf([], { version: 1, lists: [...lists, ...rest], found });
    }
    if (status === 404 && current.passable) {
      // Deleted since the groups were listed.
      return pageOf([], { version: 1, lists: rest, found: at.found });
    }
    const failure = failureOfAnswer(answer, clock.now());
    if (status === 404 && current.group !== undefined && failure.serviceCode !== "SubscriptionNotFound") {
      const isLast = !rest.some(({ scope }) => scope === current.scope);
      const scope = scopes[current.scope];
      if (isLast && scope && !at.found.includes(current.scope)) return { kind: "no-scope", scope };
      return pageOf([], { version: 1, lists: rest, found: at.found });
    }
    return { kind: "failed", failure };
  }

  /** `undefined` when one of them is no site's body. Sites of other kinds of resources are left out. */
  function sitesIn(
    bodies: readonly unknown[],
    { apiVersion, generation }: ApiChoice,
    displayNames: SubscriptionNames,
  ): readonly SiteObservation[] | undefined {
    const observedAt = clock.now();
    const sites: SiteObservation[] = [];
    for (const json of bodies) {
      const body = parseSiteBody(json);
      if (body === undefined) return undefined;
      const parts = parseSiteId(body.id);
      if (parts === undefined) continue;
      const subscriptionName = displayNames.get(parts.subscriptionId.toLowerCase());
      const target = { ...parts, ...(subscriptionName === undefined ? {} : { subscriptionName }) };
      const portalUrl = portalUrlOf(arm.origin, target);
      sites.push({
        ...observationOf(body, target, generation),
        ...unreadableSettings,
        observedAt,
        apiVersion,
        ...(portalUrl === undefined ? {} : { portalUrl }),
      });
    }
    return sites;
  }
}

function firstPath({ subscription, group }: List, { apiVersion }: ApiChoice): string {
  const inSubscription = `/subscriptions/${encodeURIComponent(subscription)}`;
  const version = `api-version=${encodeURIComponent(apiVersion)}`;
  return group === undefined
    ? `${inSubscription}/providers/Microsoft.Web/sites?${version}`
    : `${inSubscription}/resourceGroups/${encodeURIComponent(group)}/providers/Microsoft.Web/sites?includeSlots=true&${version}`;
}

function pageOf(sites: readonly SiteObservation[], next: Cursor, unreadGroups = 0): ListPageResult {
  const more = next.lists.length > 0 ? { next: JSON.stringify(next) } : {};
  return { kind: "page", sites, unreadGroups, ...more };
}

/** `undefined` for what is none of ours, or of another version. */
function parseCursor(text: string): Cursor | undefined {
  try {
    return cursorSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

const unreadablePage: Failure = {
  code: "azure-unexpected",
  message: "Azure's list of sites could not be understood.",
};
