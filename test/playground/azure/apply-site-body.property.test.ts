import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applySiteBody } from "../../../src/playground/azure/arm/apply-site-body.ts";
import { viewSite } from "../../../src/playground/azure/arm/site-view.ts";
import { buildWorld } from "../../../src/playground/azure/seed/build-world.ts";

const sites = buildWorld().sites.filter(
  (site) => site.properties.publicNetworkAccess !== "SecuredByPerimeter",
);
const anySite = fc.constantFrom(...sites);
const flags = fc.constantFrom(
  "allTraffic",
  "applicationTraffic",
  "imagePullTraffic",
  "managedIdentityTraffic",
  "newerTraffic",
);
const routing = fc.dictionary(flags, fc.boolean(), { maxKeys: 5 });
const modern = { verb: "PATCH", apiVersion: "2025-05-01" } as const;

describe("applying a routing object", () => {
  it("merges like a plain merge, sent once or twice, and leaves the rest of the site alone", () => {
    fc.assert(
      fc.property(anySite, routing, (site, written) => {
        const body = { properties: { outboundVnetRouting: written } };
        const once = applySiteBody(site, body, { ...modern, nestedRouting: "merge" });
        expect(once).toEqual({ ...site, routing: { ...site.routing, ...written } });
        expect(applySiteBody(once, body, { ...modern, nestedRouting: "merge" })).toEqual(once);
      }),
    );
  });

  it("sending all keys gives the same site whether the service merges or replaces", () => {
    fc.assert(
      fc.property(anySite, routing, (site, written) => {
        const all: Record<string, boolean> = {};
        for (const [flag, value] of Object.entries(site.routing)) all[flag] = value === true;
        const body = { properties: { outboundVnetRouting: { ...all, ...written } } };
        const merged = applySiteBody(site, body, { ...modern, nestedRouting: "merge" });
        expect(applySiteBody(site, body, { ...modern, nestedRouting: "replace" })).toEqual(merged);
      }),
    );
  });

  it("takes its own view back without a change, at every shape", () => {
    fc.assert(
      fc.property(anySite, fc.constantFrom("2025-05-01", "2023-12-01"), (site, apiVersion) => {
        const view = viewSite(site, apiVersion);
        const body = JSON.parse(JSON.stringify({ ...view, siteConfig: undefined }));
        expect(applySiteBody(site, body, { verb: "PUT", apiVersion, nestedRouting: "merge" })).toEqual(site);
      }),
    );
  });
});
