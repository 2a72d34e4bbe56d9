import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { type Cloud, DEV, LEGACY, MODERN, PROD, sitePath, startCloud } from "./support/cloud.ts";

let cloud: Cloud;
beforeAll(async () => {
  cloud = await startCloud();
});
beforeEach(() => cloud.azure.reset());
afterAll(() => cloud.stop());

const pageSchema = z.object({
  value: z.array(z.looseObject({ name: z.string(), type: z.string() })),
  nextLink: z.string().nullable(),
});

/** Follows nextLink to the end; gives the pages. */
async function pages(path: string) {
  const result: z.infer<typeof pageSchema>[] = [];
  for (let next: string | null = path; next !== null; ) {
    const page = pageSchema.parse((await cloud.call(next)).body);
    result.push(page);
    next = page.nextLink === null ? null : page.nextLink.replace(cloud.azure.url, "");
  }
  return result;
}

describe("lists", () => {
  it("come in pages whose links lead back to this server and repeat nothing", async () => {
    const list = await pages(`/subscriptions/${PROD}/providers/Microsoft.Web/sites?api-version=${MODERN}`);
    expect(list.length).toBeGreaterThan(2);
    expect(list.every((page) => page.value.length <= 10)).toBe(true);
    const names = list.flatMap((page) => page.value.map((site) => site.name));
    expect(new Set(names).size).toBe(names.length);
    expect(list.flatMap((page) => page.value)).toSatisfy((sites: unknown[]) =>
      sites.every((site) => JSON.stringify(site).includes("outboundVnetRouting")),
    );
  });

  it("keep the other parameters in the link", async () => {
    cloud.azure.setBehaviour({ pageSize: 3 });
    const path = `/subscriptions/${PROD}/resourceGroups/rg-shop/providers/Microsoft.Web/sites?includeSlots=true&api-version=${LEGACY}`;
    const sites = (await pages(path)).flatMap((page) => page.value);
    expect(sites.map((site) => site.name)).toContain("app-x/staging");
    const without = await pages(path.replace("includeSlots=true&", ""));
    expect(without.flatMap((page) => page.value).every((site) => site.type === "Microsoft.Web/sites")).toBe(
      true,
    );
  });

  it("refuse a made-up token", async () => {
    const reply = await cloud.call(`/subscriptions?api-version=2022-12-01&$skiptoken=abc`);
    expect(reply.status).toBe(400);
  });

  it("name subscriptions, groups, tenants and plans", async () => {
    const names = async (path: string) =>
      z.object({ value: z.array(z.record(z.string(), z.unknown())) }).parse((await cloud.call(path)).body)
        .value;
    const subscriptions = await names("/subscriptions?api-version=2022-12-01");
    expect(subscriptions.map((one) => one.displayName)).toEqual(["shop-prod", "shop-dev"]);
    const groups = await names(`/subscriptions/${PROD}/resourceGroups?api-version=2021-04-01`);
    expect(groups.map((one) => one.name)).toEqual(["rg-shop", "rg-platform"]);
    expect((await names("/tenants?api-version=2022-12-01")).map((one) => one.tenantId)).toEqual([
      cloud.azure.tenantId,
    ]);
    const plans = await names(
      `/subscriptions/${DEV}/providers/Microsoft.Web/serverfarms?api-version=${MODERN}`,
    );
    expect(plans).toHaveLength(4);
    const group = await cloud.call(`/subscriptions/${DEV}/resourcegroups/RG-SHOP-DEV?api-version=2021-04-01`);
    expect(group.body.name).toBe("rg-shop-dev");
  });
});

describe("config/web", () => {
  const path = (version: string) => sitePath("app-x", { after: "/config/web", version });

  it("mirrors application traffic at every version", async () => {
    cloud.azure.changeSite("app-x", { routing: { applicationTraffic: true } });
    for (const version of [MODERN, LEGACY]) {
      expect((await cloud.call(path(version))).body).toMatchObject({
        properties: { vnetRouteAllEnabled: true, linuxFxVersion: "NODE|24-lts" },
      });
    }
  });

  it("writes the flag at older versions; newer ones answer 200 and do not", async () => {
    const body = { properties: { vnetRouteAllEnabled: true } };
    const modern = await cloud.call(path(MODERN), { method: "PATCH", body });
    expect(modern.body).toMatchObject({ properties: { vnetRouteAllEnabled: false } });
    const legacy = await cloud.call(path(LEGACY), { method: "PATCH", body });
    expect(legacy.body).toMatchObject({ properties: { vnetRouteAllEnabled: true } });
    const wrong = await cloud.call(path(LEGACY), {
      method: "PATCH",
      body: { properties: { vnetRouteAllEnabled: "yes" } },
    });
    expect(wrong.status).toBe(400);
  });
});

describe("app settings", () => {
  const list = (name: string) =>
    cloud.call(sitePath(name, { after: "/config/appsettings/list" }), { method: "POST" });
  const put = (name: string, properties: unknown) =>
    cloud.call(sitePath(name, { after: "/config/appsettings" }), { method: "PUT", body: { properties } });

  it("are replaced as a whole, per slot, and count as a change of the site", async () => {
    const before = cloud.azure.sites().find((site) => site.name === "shop-legacy");
    const reply = await put("shop-legacy", { ONLY: "this", COUNT: 3 });
    expect(reply.body).toMatchObject({ properties: { ONLY: "this", COUNT: "3" } });
    expect((await list("shop-legacy")).body.properties).toEqual({ ONLY: "this", COUNT: "3" });
    expect((await list("shop-legacy/staging")).body).toMatchObject({
      properties: { WEBSITE_VNET_ROUTE_ALL: "1" },
    });
    const after = cloud.azure.sites().find((site) => site.name === "shop-legacy");
    expect(after?.lastModifiedTimeUtc).not.toBe(before?.lastModifiedTimeUtc);
  });

  it("refuse a body without properties and values that are objects", async () => {
    expect((await put("app-x", undefined)).status).toBe(400);
    expect((await put("app-x", { A: {} })).status).toBe(400);
  });

  it("are not wiped by a PUT of the site", async () => {
    const site = await cloud.call(sitePath("shop-legacy"));
    await cloud.call(sitePath("shop-legacy"), { method: "PUT", body: site.body });
    expect((await list("shop-legacy")).body).toMatchObject({ properties: { WEBSITE_VNET_ROUTE_ALL: "1" } });
  });
});

describe("networks", () => {
  it("follow from a site to its subnet, security group and routes", async () => {
    const connection = await cloud.call(
      sitePath("platform-auth", { after: "/networkConfig/virtualNetwork" }),
    );
    const { properties } = z
      .object({ properties: z.object({ subnetResourceId: z.string() }) })
      .parse(connection.body);
    const subnet = await cloud.call(`${properties.subnetResourceId}?api-version=2024-05-01`);
    const links = z
      .object({
        properties: z.object({
          networkSecurityGroup: z.object({ id: z.string() }),
          routeTable: z.object({ id: z.string() }),
        }),
      })
      .parse(subnet.body).properties;
    const routes = await cloud.call(`${links.routeTable.id}?api-version=2024-05-01`);
    expect(routes.text).toContain('"addressPrefix":"0.0.0.0/0"');
    expect((await cloud.call(`${links.networkSecurityGroup.id}?api-version=2024-05-01`)).status).toBe(200);
    expect((await cloud.call(`${links.routeTable.id}x?api-version=2024-05-01`)).status).toBe(404);
  });

  it("show no subnet for a site that is not integrated", async () => {
    const reply = await cloud.call(sitePath("shop-admin", { after: "/networkConfig/virtualNetwork" }));
    expect(reply.body.properties).toEqual({ swiftSupported: false });
    const list = await cloud.call(sitePath("shop-admin", { after: "/virtualNetworkConnections" }));
    expect(JSON.parse(list.text)).toEqual([]);
  });
});
