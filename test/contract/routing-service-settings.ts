import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { TargetReference } from "../../src/domain/command.ts";
import type { SiteObservation } from "../../src/domain/routing/site-observation.ts";
import type { RoutingServiceHarness } from "./routing-service.ts";

/** What every `RoutingService` keeps to about legacy app settings, and about what it cannot read. */
export function describeSettingsAndSubnets(name: string, open: () => Promise<RoutingServiceHarness>): void {
  describe(`${name} as a RoutingService, for settings and subnets`, () => {
    let harness: RoutingServiceHarness;
    beforeAll(async () => {
      harness = await open();
    });
    beforeEach(() => harness.reset());
    afterAll(async () => await harness.close());

    async function observe(reference: TargetReference): Promise<SiteObservation> {
      const found = await harness.service.find(reference);
      if (found.kind !== "found") throw new Error(`expected one site, got ${found.kind}`);
      const result = await harness.service.observe(found.target);
      if (result.kind !== "observed") throw new Error(`expected a reading, got ${result.kind}`);
      return result.observation;
    }

    const within = (ms: number) => new Date(harness.clock.now().getTime() + ms);

    describe("inspectSubnet", () => {
      it("says that it could not be read, where it could not", async () => {
        const id =
          "/subscriptions/4c2e9f10-7a3b-4d52-8e61-0b9d3f5a1c01/resourceGroups/gone/providers/Microsoft.Network/virtualNetworks/gone/subnets/gone";
        harness.unreadableSubnet(id);
        expect((await harness.service.inspectSubnet(id)).kind).toBe("unreadable");
      });
    });

    describe("editSetting", () => {
      const setting = "WEBSITE_VNET_ROUTE_ALL";
      const edit = async (name: string, to: "on" | "absent", slot?: string) => {
        const reference = slot === undefined ? { name } : { name, slot };
        const observation = await observe(reference);
        const result = await harness.service.editSetting({
          observation,
          edit: { setting, to },
          timeoutMs: 5_000,
        });
        const verified = await harness.service.verify({
          target: observation.target,
          wanted: observation.storedMap,
          edit: { setting, to },
          deadline: within(30_000),
          ...(result.kind === "accepted" ? { receipt: result.receipt } : {}),
        });
        return { observation, result, verified };
      };

      it("takes a legacy setting out, with one write, and leaves the flags", async () => {
        const { observation, result, verified } = await edit("shop-legacy", "absent");
        expect(observation.legacy[setting]).toBe("on");
        expect(result.kind).toBe("accepted");
        expect(verified).toMatchObject({ kind: "equal", observation: { legacy: { [setting]: "absent" } } });
        expect(harness.writes()).toBe(1);
        expect((await observe({ name: "shop-legacy" })).storedMap).toEqual(observation.storedMap);
      });

      it("sets one to its documented value, on a slot alone", async () => {
        expect((await edit("shop-web", "on", "staging")).verified.kind).toBe("equal");
        expect((await observe({ name: "shop-web", slot: "staging" })).legacy[setting]).toBe("on");
        expect((await observe({ name: "shop-web" })).legacy[setting]).toBe("absent");
      });

      it("is not verified by a setting that says something else", async () => {
        const site = await observe({ name: "shop-web" });
        const verified = await harness.service.verify({
          target: site.target,
          wanted: site.storedMap,
          edit: { setting, to: "on" },
          deadline: within(3_000),
        });
        expect(verified.kind).toBe("different");
      });
    });
  });
}
