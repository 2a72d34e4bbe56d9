import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { SiteObservation } from "../../src/domain/routing/site-observation.ts";
import { targetLabel } from "../../src/domain/target.ts";
import type { FleetScope, ListPageResult } from "../../src/ports/routing-service.ts";
import type { RoutingServiceHarness } from "./routing-service.ts";

/** What a `RoutingService` says of many sites at once; the world is that of `describeRoutingService`. */
export function describeListing(name: string, open: () => Promise<RoutingServiceHarness>): void {
  describe(`${name} as a lister of many sites`, () => {
    let harness: RoutingServiceHarness;
    beforeAll(async () => {
      harness = await open();
    });
    beforeEach(() => harness.reset());
    afterAll(async () => await harness.close());

    /** All pages, from one to the next. */
    async function listed(scopes: readonly FleetScope[]): Promise<readonly SiteObservation[]> {
      const sites: SiteObservation[] = [];
      let cursor: string | undefined;
      do {
        const page: ListPageResult = await harness.service.listPage({
          scopes,
          ...(cursor === undefined ? {} : { cursor }),
        });
        if (page.kind !== "page") throw new Error(`expected a page, got ${JSON.stringify(page)}`);
        sites.push(...page.sites);
        cursor = page.next;
      } while (cursor !== undefined);
      return sites;
    }

    const labels = (sites: readonly SiteObservation[]) => sites.map(({ target }) => targetLabel(target));

    it("lists everything, each site once, without slots", async () => {
      const all = await listed([]);
      expect(labels(all)).toEqual(
        expect.arrayContaining(["shop-web", "shop-search", "shop-legacy", "platform-metrics"]),
      );
      expect(labels(all).filter((label) => label === "orders-api")).toHaveLength(2);
      expect(all.filter(({ target }) => target.slot !== undefined)).toEqual([]);
      expect(new Set(all.map(({ target }) => target.resourceId)).size).toBe(all.length);
    });

    it("shows stored flags and place of a site as a single reading does, and of its app settings nothing", async () => {
      const all = await listed([{ subscription: "shop-prod" }]);
      const site = all.find(({ target }) => targetLabel(target) === "shop-search");
      if (site === undefined) throw new Error("shop-search is not listed");
      const read = await harness.service.observe(site.target);
      if (read.kind !== "observed") throw new Error("shop-search cannot be read");
      expect(site.flags).toEqual(read.observation.flags);
      expect(site.integration).toEqual(read.observation.integration);
      expect(site.target).toMatchObject({ subscriptionName: "shop-prod", resourceGroup: "rg-shop" });
      expect(site.legacy.WEBSITE_VNET_ROUTE_ALL).toBe("unknown");
      expect(site.contentSettings).toBe("unknown");
    });

    it("lists a group with its slots, in whatever case it was written", async () => {
      const group = await listed([{ resourceGroup: "RG-Shop" }]);
      expect(labels(group)).toEqual(expect.arrayContaining(["shop-web", "shop-web/staging"]));
      expect(new Set(group.map(({ target }) => target.resourceGroup))).toEqual(new Set(["rg-shop"]));
    });

    it("lists the group of one subscription alone", async () => {
      const sites = await listed([{ resourceGroup: "rg-shop-dev", subscription: "shop-dev" }]);
      expect(labels(sites)).toContain("orders-api");
      expect(new Set(sites.map(({ target }) => target.subscriptionName))).toEqual(new Set(["shop-dev"]));
    });

    it.each([{ resourceGroup: "rg-nowhere" }, { subscription: "no-such-subscription" }])(
      "says that there is no %o",
      async (scope) => {
        let page = await harness.service.listPage({ scopes: [scope] });
        while (page.kind === "page" && page.next !== undefined) {
          page = await harness.service.listPage({ scopes: [scope], cursor: page.next });
        }
        expect(page).toEqual({ kind: "no-scope", scope });
      },
    );

    it("reads the legacy settings of one site; what it may not read is unknown", async () => {
      const all = await listed([]);
      const legacyOf = async (label: string) => {
        const site = all.find(({ target }) => targetLabel(target) === label);
        if (site === undefined) throw new Error(`${label} is not listed`);
        return await harness.service.readLegacy(site.target);
      };
      expect(await legacyOf("shop-legacy")).toMatchObject({
        WEBSITE_VNET_ROUTE_ALL: "on",
        WEBSITE_CONTENTOVERVNET: "absent",
      });
      expect(await legacyOf("platform-metrics")).toMatchObject({ WEBSITE_VNET_ROUTE_ALL: "unknown" });
    });
  });
}
