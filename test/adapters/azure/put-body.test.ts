import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  changedBeside,
  parseWholeSite,
  putBody,
  type WholeSite,
} from "../../../src/adapters/azure/put-body.ts";

const key = fc.stringMatching(/^[a-z][A-Za-z]{0,9}$/);
const sites: fc.Arbitrary<WholeSite> = fc
  .record({
    top: fc.dictionary(key, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 5, noNullPrototype: true }),
    own: fc.dictionary(key, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 8, noNullPrototype: true }),
    map: fc.dictionary(key, fc.boolean(), { maxKeys: 6, noNullPrototype: true }),
  })
  .map(({ top, own, map }) => ({
    ...top,
    id: "/subscriptions/1/sites/one",
    location: "West Europe",
    identity: { type: "SystemAssigned" },
    properties: { ...own, siteConfig: { vnetRouteAllEnabled: null }, outboundVnetRouting: map },
  }));

describe("the body of a PUT", () => {
  test("has every key that was read with its value, known or not, and the wanted routing", () => {
    fc.assert(
      fc.property(sites, fc.boolean(), (site, on) => {
        const wanted = { applicationTraffic: on, unknownTraffic: true };
        const body = putBody(site, "modern", wanted);
        const { id: _, name: __, type: ___, identity: ____, properties, ...top } = site;
        const { siteConfig: _____, ...own } = properties;
        expect(body).toEqual({ ...top, properties: { ...own, outboundVnetRouting: wanted } });
      }),
    );
  });

  test("never has siteConfig, nor an identity", () => {
    fc.assert(
      fc.property(sites, fc.constantFrom("modern" as const, "legacy" as const), (site, generation) => {
        const text = JSON.stringify(putBody(site, generation, { applicationTraffic: true }));
        expect(text).not.toContain('"siteConfig":{"vnetRouteAllEnabled"');
        expect(text).not.toContain("SystemAssigned");
      }),
    );
  });

  test("says the flags as the older API calls them, where it is the older API", () => {
    const site = { location: "West Europe", properties: { vnetRouteAllEnabled: false, httpsOnly: true } };
    expect(putBody(site, "legacy", { applicationTraffic: true })).toEqual({
      location: "West Europe",
      properties: { vnetRouteAllEnabled: true, httpsOnly: true },
    });
  });

  test("is not made of what has no location", () => {
    expect(parseWholeSite({ properties: {} })).toBeUndefined();
    expect(parseWholeSite({ location: "West Europe" })).toBeUndefined();
  });
});

describe("what reads differently after a PUT", () => {
  const before: WholeSite = {
    location: "West Europe",
    identity: { type: "SystemAssigned" },
    properties: { httpsOnly: true, state: "Running", outboundVnetRouting: { applicationTraffic: false } },
  };

  test("is nothing, when only the routing and what moves by itself changed", () => {
    const properties = {
      ...before.properties,
      state: "Stopped",
      lastModifiedTimeUtc: "now",
      outboundVnetRouting: { applicationTraffic: true },
    };
    expect(changedBeside(before, { ...before, properties }, "modern")).toEqual([]);
  });

  test("is told by name: an identity that is gone, a property that changed", () => {
    const { identity: _, ...rest } = before;
    const after = { ...rest, properties: { ...before.properties, httpsOnly: false } };
    expect(changedBeside(before, after, "modern")).toEqual(["identity", "httpsOnly"]);
  });
});
