import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createRoutingService } from "../../../src/adapters/azure/routing-service.ts";
import type { FleetScope, ListPageResult, RoutingService } from "../../../src/ports/routing-service.ts";
import { createFastClock } from "../../support/fast-clock.ts";
import { startTrustedAzure, type TrustedAzure } from "../../support/local-azure.ts";
import { createMemoryLog } from "../../support/memory-log.ts";

let cloud: TrustedAzure;
let service: RoutingService;
beforeAll(async () => {
  cloud = await startTrustedAzure();
});
beforeEach(() => {
  cloud.azure.reset();
  service = createRoutingService(cloud.settings, { clock: createFastClock(), log: createMemoryLog() });
});
afterAll(() => cloud.close());

type Page = Extract<ListPageResult, { kind: "page" }>;

async function pagesOf(scopes: readonly FleetScope[]): Promise<readonly Page[]> {
  const pages: Page[] = [];
  for (let next: string | undefined, first = true; first || next !== undefined; first = false) {
    const page = await service.listPage({ scopes, ...(next === undefined ? {} : { cursor: next }) });
    if (page.kind !== "page") throw new Error(JSON.stringify(page));
    pages.push(page);
    next = page.next;
  }
  return pages;
}

const sitesOf = (pages: readonly Page[]) => pages.flatMap(({ sites }) => sites);
const routes = () =>
  cloud.azure.requests().flatMap(({ surface, route }) => (surface === "arm" ? [route] : []));

test("costs one request a page, and none for a single site", async () => {
  cloud.azure.setBehaviour({ pageSize: 3 });
  const pages = await pagesOf([]);
  const lists = routes().filter((route) => route === "sites/list").length;
  expect(lists).toBe(pages.length);
  // Besides the lists: names of the subscriptions once, and once for each of them which API it has.
  expect(routes().length - lists).toBe(1 + cloud.settings.subscriptions.length);
  expect(sitesOf(pages).length).toBeGreaterThan(10);
});

test("with rights on some groups only, lists those, and counts the others", async () => {
  const all = sitesOf(await pagesOf([{ subscription: "shop-prod" }]));
  cloud.azure.reset();
  cloud.azure.orderFaults([
    { match: { route: "sites/list" }, times: null, fault: { kind: "denied" } },
    { match: { route: "sites/list-by-group", path: "rg-platform" }, times: null, fault: { kind: "denied" } },
  ]);
  const pages = await pagesOf([{ subscription: "shop-prod" }]);
  expect(pages.reduce((sum, { unreadGroups }) => sum + unreadGroups, 0)).toBe(1);
  const listed = sitesOf(pages).filter(({ target }) => target.slot === undefined);
  expect(listed.map(({ target }) => target.resourceId).toSorted()).toEqual(
    all
      .filter(({ target }) => target.resourceGroup !== "rg-platform")
      .map(({ target }) => target.resourceId)
      .toSorted(),
  );
});

test("a group that was asked for and may not be listed is a failure with the missing action", async () => {
  cloud.azure.orderFaults([
    { match: { route: "sites/list-by-group" }, times: null, fault: { kind: "denied" } },
  ]);
  const page = await service.listPage({ scopes: [{ resourceGroup: "rg-shop", subscription: "shop-prod" }] });
  expect(page).toMatchObject({ kind: "failed", failure: { code: "azure-denied", missingAction: /sites/i } });
});

test("a link that is no good any more, or a cursor that is none of ours, means to begin anew", async () => {
  cloud.azure.setBehaviour({ pageSize: 2 });
  const first = await service.listPage({ scopes: [] });
  if (first.kind !== "page" || first.next === undefined) throw new Error("there is only one page");
  const spoilt = first.next.replace(/skiptoken=[^"&]+/i, "skiptoken=gone");
  expect(spoilt).not.toBe(first.next);
  expect(await service.listPage({ scopes: [], cursor: spoilt })).toEqual({ kind: "expired" });
  expect(await service.listPage({ scopes: [], cursor: "nonsense" })).toEqual({ kind: "expired" });
});

test("a link to another host is not followed", async () => {
  cloud.azure.setBehaviour({ pageSize: 2 });
  const first = await service.listPage({ scopes: [] });
  if (first.kind !== "page" || first.next === undefined) throw new Error("there is only one page");
  const elsewhere = first.next.replace(new URL(cloud.azure.url).host, "evil.example");
  expect(await service.listPage({ scopes: [], cursor: elsewhere })).toMatchObject({ kind: "failed" });
});

test("in a cloud with the old API the legacy properties are listed", async () => {
  const [subscription = ""] = cloud.settings.subscriptions;
  cloud.azure.setBehaviour({ legacyOnlySubscriptions: [subscription] });
  const [page] = await pagesOf([{ subscription }]);
  expect(page?.sites[0]?.generation).toBe("legacy");
  expect(page?.sites.every(({ flags }) => flags.allTraffic === undefined)).toBe(true);
});
