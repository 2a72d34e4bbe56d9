import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { TargetReference } from "../../src/domain/command.ts";
import type { SiteObservation } from "../../src/domain/routing/site-observation.ts";
import { type ResolvedTarget, targetLabel } from "../../src/domain/target.ts";
import type { Clock } from "../../src/ports/clock.ts";
import type { RoutingService, WriteResult } from "../../src/ports/routing-service.ts";

/**
 * What Azure does with the next write, once.
 * - `ignored`: 2xx, and nothing changes. - `partial`: 2xx, and only `applicationTraffic` is stored.
 * - `busy`, `throttled` (with a Retry-After of 2 seconds), `denied` (subnets/join/action), `policy` ("no-vnet-changes"): refused.
 * - `error-…`, `reset-…`: 500 or a broken connection, before or after it was carried out. - `hang`: no answer, nothing done.
 * - `async-success`, `async-failure`: 202, and done (or failed, unchanged) some time later.
 */
export const writeFaults = [
  "ignored",
  "partial",
  "busy",
  "throttled",
  "denied",
  "policy",
  "error-before",
  "error-after",
  "reset-before",
  "reset-after",
  "hang",
  "async-success",
  "async-failure",
] as const;
export type WriteFault = (typeof writeFaults)[number];

/**
 * An implementation over a world that holds `shop-web` (all flags off) with the slot `staging` (application traffic on),
 * `shop-search` (only `allTraffic` on), `shop-legacy` (WEBSITE_VNET_ROUTE_ALL=1, all flags off), `platform-metrics` (all
 * flags but `allTraffic` on, the unknown key `telemetryTraffic`, app settings not readable), and `orders-api` in `rg-shop`
 * of the subscription "shop-prod" and in `rg-shop-dev` of "shop-dev", with hashed host names.
 */
export type RoutingServiceHarness = {
  readonly service: RoutingService;
  readonly clock: Clock;
  order(fault: WriteFault): void;
  /** Somebody else changes a site. */
  setFlags(target: ResolvedTarget, map: Readonly<Record<string, boolean>>): void;
  /** Writes that have reached Azure since the last reset. */
  writes(): number;
  /** Makes sure that this subnet, which is not there, cannot be read. */
  unreadableSubnet(id: string): void;
  reset(): void;
  close(): Promise<void>;
};

const missing: ResolvedTarget = {
  resourceId:
    "/subscriptions/4c2e9f10-7a3b-4d52-8e61-0b9d3f5a1c01/resourceGroups/rg-shop/providers/Microsoft.Web/sites/shop-gone",
  subscriptionId: "4c2e9f10-7a3b-4d52-8e61-0b9d3f5a1c01",
  resourceGroup: "rg-shop",
  site: "shop-gone",
};

/** What every `RoutingService` keeps to; the flow relies on each of these. */
export function describeRoutingService(name: string, open: () => Promise<RoutingServiceHarness>): void {
  describe(`${name} as a RoutingService`, () => {
    let harness: RoutingServiceHarness;
    beforeAll(async () => {
      harness = await open();
    });
    beforeEach(() => harness.reset());
    afterAll(async () => await harness.close());

    async function find(reference: TargetReference): Promise<ResolvedTarget> {
      const result = await harness.service.find(reference);
      if (result.kind !== "found") throw new Error(`expected one site, got ${JSON.stringify(result)}`);
      return result.target;
    }

    async function observe(reference: TargetReference): Promise<SiteObservation> {
      const result = await harness.service.observe(await find(reference));
      if (result.kind !== "observed") throw new Error(`expected a reading, got ${JSON.stringify(result)}`);
      return result.observation;
    }

    const within = (ms: number) => new Date(harness.clock.now().getTime() + ms);

    describe("find", () => {
      it("lists every production site of a group, and of nothing else", async () => {
        const result = await harness.service.find({ all: true, resourceGroup: "RG-shop-dev" });
        if (result.kind !== "all") throw new Error(`expected all, got ${result.kind}`);
        const labels = result.targets.map(targetLabel);
        expect(labels).toContain("orders-api");
        expect(result.targets.every(({ resourceGroup }) => resourceGroup === "rg-shop-dev")).toBe(true);
        expect(labels.every((label) => !label.includes("/"))).toBe(true);
      });

      const found: readonly [string, TargetReference, string][] = [
        ["a name", { name: "shop-web" }, "rg-shop shop-web"],
        ["a name in any case", { name: "Shop-WEB" }, "rg-shop shop-web"],
        ["a slot", { name: "shop-web", slot: "Staging" }, "rg-shop shop-web/staging"],
        ["the slot production", { name: "shop-web", slot: "production" }, "rg-shop shop-web"],
        ["a group", { name: "orders-api", resourceGroup: "RG-shop-dev" }, "rg-shop-dev orders-api"],
        ["a subscription's name", { name: "orders-api", subscription: "Shop-Dev" }, "rg-shop-dev orders-api"],
        [
          "a subscription's id",
          { name: "orders-api", subscription: "4c2e9f10-7a3b-4d52-8e61-0b9d3f5a1c01" },
          "rg-shop orders-api",
        ],
        ["a host", { name: "shop-web", host: "shop-web.azurewebsites.net" }, "rg-shop shop-web"],
        [
          "a regional host with a hash",
          {
            name: "orders-api-a8k1m5x2pwt6r9cy",
            host: "orders-api-a8k1m5x2pwt6r9cy.northeurope-01.azurewebsites.net",
          },
          "rg-shop-dev orders-api",
        ],
        [
          "a slot's host",
          { name: "shop-web-staging", host: "shop-web-staging.azurewebsites.net" },
          "rg-shop shop-web/staging",
        ],
      ];
      it.each(found)("finds a site by %s", async (_by, reference, expected) => {
        const target = await find(reference);
        expect(`${target.resourceGroup} ${targetLabel(target)}`).toBe(expected);
      });

      it("does not choose between sites of one name", async () => {
        const result = await harness.service.find({ name: "orders-api" });
        if (result.kind !== "several") throw new Error(`expected several, got ${result.kind}`);
        expect(result.candidates.map(({ resourceGroup }) => resourceGroup).toSorted()).toEqual([
          "rg-shop",
          "rg-shop-dev",
        ]);
      });

      it("offers of several only what the asker sees, and takes the one that alone is seen", async () => {
        const inDev = ({ resourceGroup }: ResolvedTarget) => resourceGroup === "rg-shop-dev";
        const one = await harness.service.find({ name: "orders-api" }, { sees: inDev });
        expect(one).toMatchObject({ kind: "found", target: { resourceGroup: "rg-shop-dev" } });
        const none = await harness.service.find({ name: "orders-api" }, { sees: () => false });
        expect(none).toEqual({ kind: "several", candidates: [] });
        const near = await harness.service.find({ name: "shop-wbe" }, { sees: () => false });
        expect(near).toEqual({ kind: "none", suggestions: [] });
      });

      it("looks at home first for a name without a group, and elsewhere when there is none", async () => {
        const home = ({ resourceGroup }: ResolvedTarget) => resourceGroup === "rg-shop-dev";
        const find = async (reference: TargetReference) => {
          const result = await harness.service.find(reference, { home });
          return result.kind === "found" ? result.target.resourceGroup : result.kind;
        };
        expect(await find({ name: "orders-api" })).toBe("rg-shop-dev");
        expect(await find({ name: "orders-api", resourceGroup: "rg-shop" })).toBe("rg-shop");
        expect(await find({ name: "shop-web" })).toBe("rg-shop");
      });

      it("lists all production sites of a group, or of a subscription", async () => {
        const group = await harness.service.find({ all: true, resourceGroup: "RG-SHOP" });
        if (group.kind !== "all") throw new Error(`expected all, got ${group.kind}`);
        expect(group.targets.map(targetLabel)).toEqual(
          expect.arrayContaining(["shop-web", "shop-search", "shop-legacy", "orders-api"]),
        );
        expect(
          group.targets.every(({ resourceGroup, slot }) => resourceGroup === "rg-shop" && slot === undefined),
        ).toBe(true);
        const whole = await harness.service.find({ all: true, subscription: "shop-dev" });
        expect(whole).toMatchObject({ kind: "all" });
        expect((await harness.service.find({ all: true, resourceGroup: "rg-none" })).kind).toBe("none");
      });

      it("offers what is near when there is none, and never takes it", async () => {
        const result = await harness.service.find({ name: "shop-wbe" });
        expect(result).toMatchObject({
          kind: "none",
          suggestions: [{ site: "shop-web" }],
        });
      });

      it.each<[string, TargetReference]>([
        ["in another group", { name: "shop-web", resourceGroup: "rg-shop-dev" }],
        ["with a slot that it has not", { name: "shop-web", slot: "nowhere" }],
        ["in a subscription that is not ours", { name: "shop-web", subscription: "another" }],
        ["at a host that is none", { name: "shop", host: "shop.example.org" }],
      ])("finds nothing %s", async (_where, reference) => {
        expect((await harness.service.find(reference)).kind).toBe("none");
      });
    });

    describe("observe", () => {
      it("reads flags, place and plan afresh", async () => {
        const target = await find({ name: "shop-web" });
        harness.setFlags(target, { imagePullTraffic: true });
        const result = await harness.service.observe(target);
        expect(result).toMatchObject({
          kind: "observed",
          observation: {
            generation: "modern",
            flags: { allTraffic: false, applicationTraffic: false, imagePullTraffic: true },
            integration: { kind: "regional" },
            sku: "PremiumV3",
            legacy: { WEBSITE_VNET_ROUTE_ALL: "absent" },
            target: { resourceId: target.resourceId, subscriptionName: "shop-prod" },
          },
        });
      });

      it("keeps keys that it does not know, and says unknown where app settings are not readable", async () => {
        const site = await observe({ name: "platform-metrics" });
        expect(site.storedMap).toMatchObject({ telemetryTraffic: true, applicationTraffic: true });
        expect(site.flags).not.toHaveProperty("telemetryTraffic");
        expect(new Set(Object.values(site.legacy))).toEqual(new Set(["unknown"]));
        expect(site.contentSettings).toBe("unknown");
      });

      it("sees a legacy setting, unless it is told to leave app settings out", async () => {
        const target = await find({ name: "shop-legacy" });
        const [full, without] = [
          await harness.service.observe(target),
          await harness.service.observe(target, { withoutAppSettings: true }),
        ];
        expect(full).toMatchObject({ observation: { legacy: { WEBSITE_VNET_ROUTE_ALL: "on" } } });
        expect(without).toMatchObject({ observation: { legacy: { WEBSITE_VNET_ROUTE_ALL: "unknown" } } });
      });

      it("says that a site is gone", async () => {
        expect(await harness.service.observe(missing)).toEqual({ kind: "gone" });
      });

      it("stops when it is told to", async () => {
        const target = await find({ name: "shop-web" });
        const signal = AbortSignal.abort(new Error("enough"));
        await expect(harness.service.observe(target, { signal })).rejects.toThrow("enough");
      });
    });

    describe("write and verify", () => {
      type Attempt = {
        readonly site: SiteObservation;
        readonly wanted: Readonly<Record<string, unknown>>;
        readonly result: WriteResult;
      };

      async function write(
        map: Readonly<Record<string, unknown>> = { applicationTraffic: true, imagePullTraffic: true },
        reference: TargetReference = { name: "shop-web" },
      ): Promise<Attempt> {
        const site = await observe(reference);
        const wanted = { ...site.storedMap, ...map };
        const result = await harness.service.write({ observation: site, wanted, timeoutMs: 1_500 });
        return { site, wanted, result };
      }

      async function verify({ site, wanted, result }: Attempt, ms = 4_000) {
        return await harness.service.verify({
          target: site.target,
          wanted,
          deadline: within(ms),
          ...(result.kind === "accepted" ? { receipt: result.receipt } : {}),
        });
      }

      it("writes the map with one request, and reads it back", async () => {
        const attempt = await write();
        expect(attempt.result).toMatchObject({
          kind: "accepted",
          receipt: { requestId: expect.any(String), correlationId: expect.any(String) },
        });
        const verified = await verify(attempt);
        expect(verified).toMatchObject({
          kind: "equal",
          observation: { flags: { applicationTraffic: true, imagePullTraffic: true, allTraffic: false } },
        });
        expect(harness.writes()).toBe(1);
      });

      it("keeps keys that it does not know", async () => {
        const attempt = await write({ applicationTraffic: false }, { name: "platform-metrics" });
        expect(await verify(attempt)).toMatchObject({
          kind: "equal",
          observation: { storedMap: { telemetryTraffic: true, applicationTraffic: false } },
        });
      });

      it("leaves the site alone when a slot is written, and the reverse", async () => {
        await verify(await write({ imagePullTraffic: true }, { name: "shop-web", slot: "staging" }));
        expect((await observe({ name: "shop-web" })).flags.imagePullTraffic).toBe(false);
        expect((await observe({ name: "shop-web", slot: "staging" })).flags).toMatchObject({
          applicationTraffic: true,
          imagePullTraffic: true,
        });
      });

      it("tells a change that was accepted and not made", async () => {
        harness.order("ignored");
        const attempt = await write();
        expect(attempt.result.kind).toBe("accepted");
        expect(await verify(attempt)).toMatchObject({
          kind: "different",
          observation: { flags: { applicationTraffic: false, imagePullTraffic: false } },
        });
      });

      it("tells a change that was made in part", async () => {
        harness.order("partial");
        expect(await verify(await write())).toMatchObject({
          kind: "different",
          observation: { flags: { applicationTraffic: true, imagePullTraffic: false } },
        });
      });

      it("sees a change that comes late", async () => {
        harness.order("ignored");
        const attempt = await write();
        const verifying = verify(attempt, 60_000);
        await harness.clock.sleep(1_000);
        harness.setFlags(attempt.site.target, { applicationTraffic: true, imagePullTraffic: true });
        expect((await verifying).kind).toBe("equal");
      });

      const refusals: readonly [WriteFault, object][] = [
        ["busy", { code: "azure-busy", status: 409 }],
        ["throttled", { code: "azure-throttled", status: 429, retryAfterMs: 2_000 }],
        [
          "denied",
          {
            code: "azure-denied",
            status: 403,
            missingAction: "Microsoft.Network/virtualNetworks/subnets/join/action",
          },
        ],
        [
          "policy",
          { code: "azure-policy", status: 403, message: expect.stringContaining("no-vnet-changes") },
        ],
      ];
      it.each(refusals)(
        "%s is a refusal after one request, and nothing has changed",
        async (fault, failure) => {
          harness.order(fault);
          const { result, site } = await write();
          expect(result).toMatchObject({ kind: "refused", failure });
          expect(harness.writes()).toBe(1);
          expect((await observe({ name: "shop-web" })).storedMap).toEqual(site.storedMap);
        },
      );

      const unclear: readonly [WriteFault, "equal" | "different"][] = [
        ["error-before", "different"],
        ["error-after", "equal"],
        ["reset-before", "different"],
        ["reset-after", "equal"],
        ["hang", "different"],
      ];
      it.each(unclear)("%s is unclear, is not sent again, and reading settles it", async (fault, settled) => {
        harness.order(fault);
        const attempt = await write();
        expect(attempt.result.kind).toBe("unclear");
        expect(harness.writes()).toBe(1);
        expect((await verify(attempt)).kind).toBe(settled);
        expect(harness.writes()).toBe(1);
      });

      it("follows an asynchronous operation to its good end", async () => {
        harness.order("async-success");
        const attempt = await write();
        expect(attempt.result).toMatchObject({ kind: "accepted", receipt: { status: 202 } });
        expect((await verify(attempt, 60_000)).kind).toBe("equal");
      });

      it("follows an asynchronous operation to its bad end", async () => {
        harness.order("async-failure");
        expect(await verify(await write(), 60_000)).toMatchObject({
          kind: "different",
          failure: { code: "azure-rejected" },
          observation: { flags: { applicationTraffic: false } },
        });
      });

      it("refuses to write a site that is gone", async () => {
        const site = await observe({ name: "shop-web" });
        const result = await harness.service.write({
          observation: { ...site, target: missing },
          wanted: site.storedMap,
          timeoutMs: 1_500,
        });
        expect(result).toMatchObject({ kind: "refused", failure: { status: 404 } });
      });

      it("cannot verify a site that is gone", async () => {
        const site = await observe({ name: "shop-web" });
        const request = { target: missing, wanted: site.storedMap, deadline: within(60_000) };
        expect((await harness.service.verify(request)).kind).toBe("unreadable");
      });

      it("reads once even when the deadline has passed", async () => {
        const attempt = await write();
        expect((await verify(attempt, -1_000)).kind).toBe("equal");
      });
    });
  });
}
