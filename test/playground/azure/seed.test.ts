import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SiteSummary } from "../../../src/playground/azure/admin/site-summary.ts";
import { type Cloud, sitePath, startCloud } from "./support/cloud.ts";

let cloud: Cloud;
beforeAll(async () => {
  cloud = await startCloud();
});
afterAll(() => cloud.stop());

function site(name: string, group?: string): SiteSummary {
  const [own, slot] = name.split("/");
  const found = cloud.azure
    .sites()
    .filter(
      (one) =>
        one.name === own &&
        one.slot === (slot ?? null) &&
        (group === undefined || one.resourceGroup === group),
    );
  if (found[0] === undefined || found.length > 1) throw new Error(`${found.length} sites are called ${name}`);
  return found[0];
}

const on = (name: string) =>
  Object.entries(site(name).routing)
    .filter(([, value]) => value)
    .map(([flag]) => flag);

describe("the seeded sites", () => {
  it("are some thirty in three groups and two subscriptions", () => {
    const sites = cloud.azure.sites().filter((one) => one.slot === null);
    expect(sites.length).toBeGreaterThanOrEqual(30);
    expect(new Set(sites.map((one) => one.resourceGroup)).size).toBe(3);
    expect(new Set(sites.map((one) => one.subscription))).toEqual(new Set(["shop-prod", "shop-dev"]));
    expect(sites.every((one) => one.note.length > 5)).toBe(true);
  });

  it.each(["app-x", "app-x/staging", "app-y", "shop-web", "shop-api"])("%s is ordinary", (name) => {
    expect(on(name)).toEqual([]);
    expect(site(name)).toMatchObject({
      kind: "app,linux",
      sku: "PremiumV3",
      state: "Running",
      legacySettings: {},
    });
    expect(site(name).subnetId).not.toBeNull();
  });

  it("have slots that differ from their sites", () => {
    expect(
      new Set(
        cloud.azure
          .sites()
          .filter((one) => one.slot === "staging")
          .map((one) => one.name),
      ).size,
    ).toBeGreaterThanOrEqual(3);
    expect(on("shop-web/staging")).toEqual(["applicationTraffic"]);
    expect(site("shop-api/canary").subnetId).toBeNull();
  });

  it("cover the truth table of stored, legacy and effective values", () => {
    expect(on("shop-search")).toEqual(["allTraffic"]);
    expect(on("shop-checkout")).toEqual(["applicationTraffic"]);
    expect(on("shop-legacy")).toEqual([]);
    expect(site("shop-legacy").legacySettings).toEqual({ WEBSITE_VNET_ROUTE_ALL: "1" });
    expect(site("shop-reviews").legacySettings).toEqual({ WEBSITE_VNET_ROUTE_ALL: "0" });
    expect(site("shop-images").legacySettings).toEqual({ WEBSITE_PULL_IMAGE_OVER_VNET: "true" });
    expect(on("shop-lab")).toEqual(["applicationTraffic"]);
    expect(site("shop-lab").legacySettings).toEqual({ WEBSITE_VNET_ROUTE_ALL: "false" });
    expect(on("platform-metrics")).toContain("telemetryTraffic");
  });

  it.each([
    ["shop-demo", "Free"],
    ["shop-docs", "Shared"],
    ["shop-fn-dev", "Dynamic"],
    ["shop-fn", "ElasticPremium"],
    ["platform-core", "IsolatedV2"],
    ["platform-ingest", "FlexConsumption"],
    ["platform-flows", "WorkflowStandard"],
    ["shop-web-dev", "Basic"],
    ["shop-legacy", "Standard"],
  ])("%s is on a plan of tier %s", async (name, tier) => {
    expect(site(name).sku).toBe(tier);
    const group = site(name).resourceGroup;
    const { body } = await cloud.call(sitePath(name, { group }));
    const planId: string = JSON.parse(JSON.stringify(body)).properties.serverFarmId;
    expect((await cloud.call(`${planId}?api-version=2025-05-01`)).body).toMatchObject({ sku: { tier } });
  });

  it.each([
    ["shop-images", { siteConfig: { linuxFxVersion: expect.stringMatching(/^DOCKER\|/) } }],
    ["shop-blog", { siteConfig: { linuxFxVersion: expect.stringMatching(/^COMPOSE\|/) } }],
    ["shop-feed", { siteConfig: { linuxFxVersion: "SITECONTAINERS" } }],
    ["shop-reports", { hyperV: true, siteConfig: { windowsFxVersion: expect.stringMatching(/^DOCKER\|/) } }],
    ["platform-core", { hostingEnvironmentProfile: { name: "ase-platform" }, virtualNetworkSubnetId: null }],
    ["platform-ingest", { functionAppConfig: expect.anything() }],
    ["platform-vault", { publicNetworkAccess: "SecuredByPerimeter" }],
    ["shop-pay", { inProgressOperationId: expect.stringMatching(/^[0-9a-f-]{36}$/) }],
    ["shop-admin", { virtualNetworkSubnetId: null }],
    ["platform-status", { state: "Stopped" }],
  ])("%s shows its trap over the wire", async (name, properties) => {
    expect((await cloud.call(sitePath(name))).body).toMatchObject({ properties });
  });

  it("have a function app and a Logic App with a content share", () => {
    for (const name of ["shop-fn", "platform-flows"]) {
      expect(site(name).appSettingNames).toEqual(
        expect.arrayContaining(["WEBSITE_CONTENTSHARE", "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING"]),
      );
    }
    expect(site("platform-flows").kind).toContain("workflowapp");
  });

  it("have one name twice, told apart by the hashed host name", () => {
    const hosts = ["rg-shop", "rg-shop-dev"].map((group) => site("orders-api", group).defaultHostName);
    expect(hosts[0]).toMatch(/^orders-api-[a-z0-9]{16}\.westeurope-01\.azurewebsites\.net$/);
    expect(hosts[1]).toMatch(/^orders-api-[a-z0-9]{16}\.northeurope-01\.azurewebsites\.net$/);
    const all = cloud.azure.sites().map((one) => one.defaultHostName);
    expect(new Set(all).size).toBe(all.length);
  });

  it("have tags of another tool, and an identity behind a forced route", async () => {
    expect(site("shop-partner").tags["managed-by"]).toBe("terraform");
    const auth = await cloud.call(sitePath("platform-auth"));
    expect(auth.body).toMatchObject({ identity: { type: "UserAssigned" } });
    expect(site("platform-auth").subnetId).toMatch(/snet-egress$/);
  });

  it("point only at plans and subnets that exist", async () => {
    const ids = new Set<string>();
    for (const one of cloud.azure.sites()) if (one.subnetId !== null) ids.add(one.subnetId);
    for (const id of ids) expect((await cloud.call(`${id}?api-version=2024-05-01`)).status, id).toBe(200);
  });
});
