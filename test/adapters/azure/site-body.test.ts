import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { observationOf, parseSiteBody, routingBody } from "../../../src/adapters/azure/site-body.ts";
import { sampleTarget } from "../../support/observations.ts";

const target = sampleTarget("shop-web", { tags: { old: "tag" } });
const minimal = { id: target.resourceId, location: "West Europe", properties: {} };

function observe(body: object, generation: "modern" | "legacy" = "modern") {
  const parsed = parseSiteBody({ ...minimal, ...body });
  if (parsed === undefined) throw new Error("the body was not understood");
  return observationOf(parsed, target, generation);
}

describe("the body of a site", () => {
  test.each([undefined, null, "", [], {}, { id: 7 }, { ...minimal, properties: null }])(
    "%j is none",
    (body) => {
      expect(parseSiteBody(body)).toBeUndefined();
    },
  );

  test("with next to nothing in it is read without guessing", () => {
    expect(observe({})).toMatchObject({
      flags: {},
      storedMap: {},
      integration: { kind: "none" },
      sku: "unknown",
      state: "unknown",
      workload: { container: "none", function: false },
      securedByPerimeter: false,
      managedIdentity: false,
    });
  });

  test("has the tags that it has now", () => {
    expect(observe({}).target.tags).toEqual({});
    expect(observe({ tags: null }).target.tags).toEqual({});
    expect(observe({ tags: { new: "tag" } }).target.tags).toEqual({ new: "tag" });
  });

  test.each([
    [{ kind: "app,linux,container", properties: {} }, "linux"],
    [{ kind: "app,linux", properties: { siteConfig: { linuxFxVersion: "NODE|24-lts" } } }, "none"],
    [{ kind: "app,linux", properties: { siteConfig: { linuxFxVersion: "DOCKER|a/b:1" } } }, "linux"],
    [{ kind: "app,linux,container", properties: { siteConfig: { linuxFxVersion: "compose|x" } } }, "compose"],
    [{ kind: "app,linux", properties: { siteConfig: { linuxFxVersion: "SITECONTAINERS" } } }, "linux"],
    [{ kind: "app,container,windows", properties: {} }, "windows"],
    [{ kind: "app", properties: { siteConfig: { windowsFxVersion: "DOCKER|a/b:1" } } }, "windows"],
    [{ kind: "app,container", properties: { hyperV: true, siteConfig: null } }, "windows"],
  ])("%j runs %s", (body, container) => {
    expect(observe(body).workload.container).toBe(container);
  });

  test("on Flex Consumption is recognised by its configuration, too", () => {
    expect(observe({ properties: { functionAppConfig: { runtime: {} } } }).sku).toBe("FlexConsumption");
  });

  test("an identity of None is none", () => {
    expect(observe({ identity: { type: "None" } }).managedIdentity).toBe(false);
    expect(observe({ identity: { type: "SystemAssigned, UserAssigned" } }).managedIdentity).toBe(true);
  });

  test("keeps whatever is in the routing map, and would send it back as it was", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,12}Traffic$/), fc.jsonValue()), (map) => {
        const site = observe({ properties: { outboundVnetRouting: map } });
        expect(site.storedMap).toEqual(map);
        expect(routingBody("modern", site.storedMap)).toEqual({ properties: { outboundVnetRouting: map } });
      }),
    );
  });

  test("of the old API is sent back under the old names, and under no others", () => {
    const properties = { vnetRouteAllEnabled: true, vnetImagePullEnabled: false, siteConfig: {} };
    const site = observe({ properties }, "legacy");
    expect(site.storedMap).toEqual({ applicationTraffic: true, imagePullTraffic: false });
    expect(routingBody("legacy", site.storedMap)).toEqual({
      properties: { vnetRouteAllEnabled: true, vnetImagePullEnabled: false },
    });
  });
});
