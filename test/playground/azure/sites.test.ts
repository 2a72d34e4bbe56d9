import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Cloud, DEV, LEGACY, MODERN, PROD, sitePath, startCloud } from "./support/cloud.ts";

let cloud: Cloud;
beforeAll(async () => {
  cloud = await startCloud();
});
beforeEach(() => cloud.azure.reset());
afterAll(() => cloud.stop());

const ALL_OFF = {
  allTraffic: false,
  applicationTraffic: false,
  contentShareTraffic: false,
  imagePullTraffic: false,
  backupRestoreTraffic: false,
  managedIdentityTraffic: false,
};

function patch(name: string, properties: unknown, version = MODERN) {
  return cloud.call(sitePath(name, { version }), { method: "PATCH", body: { properties } });
}

const routingOf = (name: string) => {
  const [site, slot] = name.split("/");
  return cloud.azure.sites().find((one) => one.name === site && one.slot === (slot ?? null))?.routing;
};

describe("api-versions", () => {
  it.each(["2024-11-01", "2025-03-01", MODERN, "2026-03-15"])(
    "shows the routing object at %s",
    async (version) => {
      const { body } = await cloud.call(sitePath("app-x", { version }));
      expect(body).toMatchObject({ properties: { outboundVnetRouting: ALL_OFF } });
      expect(body).not.toHaveProperty("properties.vnetRouteAllEnabled");
    },
  );

  it.each(["2018-11-01", "2022-03-01", LEGACY, "2024-04-01"])(
    "shows four legacy properties at %s",
    async (version) => {
      const { body } = await cloud.call(sitePath("shop-checkout", { version }));
      expect(body).toMatchObject({
        properties: {
          vnetRouteAllEnabled: true,
          vnetImagePullEnabled: false,
          vnetContentShareEnabled: false,
          vnetBackupRestoreEnabled: false,
        },
      });
      expect(body).not.toHaveProperty("properties.outboundVnetRouting");
    },
  );

  it("refuses none, a malformed one, an unknown one", async () => {
    const path = sitePath("app-x").split("?")[0] ?? "";
    for (const [query, code] of [
      ["", "MissingApiVersionParameter"],
      ["?api-version=latest", "InvalidApiVersionParameter"],
      ["?api-version=2019-01-01", "NoRegisteredProviderFound"],
    ] as const) {
      const reply = await cloud.call(`${path}${query}`);
      expect(reply.status).toBe(400);
      expect(reply.body).toMatchObject({ error: { code } });
    }
    expect((await cloud.call("/subscriptions?api-version=2099-01-01")).status).toBe(400);
  });

  it("lists the versions newest first, and can be a cloud that stops at 2024-04-01", async () => {
    const provider = `/subscriptions/${PROD}/providers/Microsoft.Web?api-version=2021-04-01`;
    const sites = {
      resourceType: "sites",
      apiVersions: expect.arrayContaining(["2026-03-15", "2024-04-01"]),
    };
    expect((await cloud.call(provider)).body).toMatchObject({
      resourceTypes: expect.arrayContaining([expect.objectContaining(sites)]),
    });
    cloud.azure.setBehaviour({ legacyOnlySubscriptions: [PROD] });
    const old = await cloud.call(provider);
    expect(old.text).not.toContain("2024-11-01");
    const reply = await cloud.call(sitePath("app-x"));
    expect(reply.body).toMatchObject({ error: { code: "NoRegisteredProviderFound" } });
    expect((await cloud.call(sitePath("app-x", { version: "2024-04-01" }))).status).toBe(200);
    expect((await cloud.call(sitePath("shop-lab", { group: "rg-shop-dev" }))).status).toBe(200);
  });
});

describe("PATCH of a site", () => {
  it("merges the routing object, keeps unknown keys and answers with what is stored", async () => {
    const reply = await patch("platform-metrics", {
      outboundVnetRouting: { imagePullTraffic: false, newerTraffic: true },
    });
    expect(reply.status).toBe(200);
    const after = {
      ...ALL_OFF,
      applicationTraffic: true,
      contentShareTraffic: true,
      backupRestoreTraffic: true,
      managedIdentityTraffic: true,
      telemetryTraffic: true,
      newerTraffic: true,
    };
    expect(reply.body).toMatchObject({ properties: { outboundVnetRouting: after } });
    expect(routingOf("platform-metrics")).toEqual(after);
  });

  it("replaces the routing object where the cloud is told to", async () => {
    cloud.azure.setBehaviour({ nestedRouting: "replace" });
    await patch("platform-metrics", { outboundVnetRouting: { allTraffic: true } });
    expect(routingOf("platform-metrics")).toEqual({ ...ALL_OFF, allTraffic: true });
  });

  it("does nothing for an empty body, and does not move the time of the last change", async () => {
    const before = await cloud.call(sitePath("app-x"));
    for (const body of [{}, { properties: {} }, { properties: { outboundVnetRouting: {} } }]) {
      const reply = await cloud.call(sitePath("app-x"), { method: "PATCH", body });
      expect(reply.status).toBe(200);
      expect(reply.body).toEqual(before.body);
    }
    expect((await cloud.call(sitePath("app-x"), { method: "PATCH" })).body).toEqual(before.body);
  });

  it("moves the time of the last change with each change", async () => {
    const times = new Set<unknown>();
    for (const value of [true, false, true]) {
      const { body } = await patch("app-x", { outboundVnetRouting: { applicationTraffic: value } });
      times.add(JSON.parse(JSON.stringify(body)).properties.lastModifiedTimeUtc);
    }
    expect(times.size).toBe(3);
  });

  it("knows only the names of its api-version and ignores the others in silence", async () => {
    expect((await patch("app-x", { vnetRouteAllEnabled: true })).status).toBe(200);
    expect((await patch("app-x", { outboundVnetRouting: { allTraffic: true } }, LEGACY)).status).toBe(200);
    expect((await patch("app-x", { state: "Stopped", somethingNew: 1 })).status).toBe(200);
    expect(routingOf("app-x")).toEqual(ALL_OFF);
    await patch("app-x", { vnetImagePullEnabled: true }, LEGACY);
    expect(routingOf("app-x")).toEqual({ ...ALL_OFF, imagePullTraffic: true });
  });

  it("writes a slot apart from its site", async () => {
    await patch("app-x/staging", { outboundVnetRouting: { allTraffic: true } });
    expect(routingOf("app-x/staging")).toEqual({ ...ALL_OFF, allTraffic: true });
    expect(routingOf("app-x")).toEqual(ALL_OFF);
  });

  it("refuses a siteConfig that contradicts the site with App Service's 01020", async () => {
    const reply = await patch("app-x", { siteConfig: { vnetRouteAllEnabled: true } });
    expect(reply.status).toBe(400);
    expect(reply.body).toMatchObject({
      Code: "BadRequest",
      Details: [{}, {}, { ErrorEntity: { ExtendedCode: "01020" } }],
    });
    const agreeing = { vnetRouteAllEnabled: true, siteConfig: { vnetRouteAllEnabled: true } };
    expect((await patch("app-x", agreeing, LEGACY)).status).toBe(200);
  });

  it.each([
    ["a flag that is text", { properties: { outboundVnetRouting: { allTraffic: "true" } } }],
    ["a routing object that is a list", { properties: { outboundVnetRouting: [] } }],
    ["properties that are text", { properties: "x" }],
    ["a list", []],
  ])("refuses %s with 400", async (_what, body) => {
    const reply = await cloud.call(sitePath("app-x"), { method: "PATCH", body });
    expect(reply.status).toBe(400);
    expect(reply.body).toMatchObject({ error: { code: "InvalidRequestContent" } });
  });

  it("refuses what is not JSON, and content that does not say it is JSON", async () => {
    const broken = await cloud.call(sitePath("app-x"), { method: "PATCH", text: "{" });
    expect(broken.status).toBe(400);
    const typed = await cloud.call(sitePath("app-x"), {
      method: "PATCH",
      text: "{}",
      headers: { "content-type": "text/plain" },
    });
    expect(typed.status).toBe(415);
  });

  it("refuses a body beyond ARM's 4 MB and a path that is not encoded correctly", async () => {
    const text = JSON.stringify({ properties: { padding: "x".repeat(4 * 1024 * 1024) } });
    expect((await cloud.call(sitePath("app-x"), { method: "PATCH", text })).status).toBe(413);
    expect((await cloud.call("/subscriptions/%zz?api-version=2022-12-01")).status).toBe(400);
  });

  it("can leave the network and join an existing subnet only", async () => {
    await patch("app-x", { virtualNetworkSubnetId: null });
    expect(cloud.azure.sites().find((site) => site.name === "app-x")?.subnetId).toBeNull();
    const reply = await patch("app-x", { virtualNetworkSubnetId: "/subscriptions/x/none" });
    expect(reply.status).toBe(400);
    expect(reply.body).toHaveProperty("Message");
  });

  it("stays routed under a perimeter, whatever is asked", async () => {
    const reply = await patch("platform-vault", {
      outboundVnetRouting: { allTraffic: false, applicationTraffic: false },
    });
    expect(reply.status).toBe(200);
    expect(routingOf("platform-vault")).toMatchObject({ allTraffic: true, applicationTraffic: true });
  });
});

describe("PUT of a site", () => {
  it("gives back what was read without changing anything", async () => {
    for (const version of [MODERN, LEGACY]) {
      const read = await cloud.call(sitePath("shop-fn", { version }));
      const put = await cloud.call(sitePath("shop-fn", { version }), { method: "PUT", body: read.body });
      expect(put.status).toBe(200);
      expect(put.body).toEqual(read.body);
    }
  });

  it("needs a location and drops tags that are left out", async () => {
    expect((await cloud.call(sitePath("shop-partner"), { method: "PUT", body: {} })).status).toBe(400);
    await cloud.call(sitePath("shop-partner"), { method: "PUT", body: { location: "West Europe" } });
    expect(cloud.azure.sites().find((site) => site.name === "shop-partner")?.tags).toEqual({});
  });
});

describe("paths", () => {
  it("match in any case and with double slashes", async () => {
    const odd = `/SUBSCRIPTIONS/${PROD.toUpperCase()}/resourcegroups/RG-SHOP/providers/microsoft.web//Sites/APP-X?API-VERSION=${MODERN}`;
    const reply = await cloud.call(odd);
    expect(reply.status).toBe(200);
    expect(reply.body.name).toBe("app-x");
  });

  it.each([
    [
      "an unknown subscription",
      sitePath("app-x").replace(PROD, "00000000-0000-0000-0000-000000000000"),
      404,
      "SubscriptionNotFound",
    ],
    ["an unknown group", sitePath("app-x").replace("rg-shop", "rg-none"), 404, "ResourceGroupNotFound"],
    ["a group of another subscription", sitePath("app-x").replace(PROD, DEV), 404, "ResourceGroupNotFound"],
    ["an unknown site", sitePath("app-none"), 404, "ResourceNotFound"],
    ["an unknown slot", sitePath("app-x/none"), 404, "ResourceNotFound"],
    ["what is not simulated", sitePath("app-x", { after: "/backups" }), 404, "LocalAzureUnknownRoute"],
  ])("say that %s is not there", async (_what, path, status, code) => {
    const reply = await cloud.call(path);
    expect(reply.status).toBe(status);
    expect(reply.body).toMatchObject({ error: { code } });
  });

  it("log unknown routes as such, and refuse other verbs", async () => {
    await cloud.call("/nowhere");
    expect(cloud.azure.requests().at(-1)).toMatchObject({ path: "/nowhere", route: null, status: 404 });
    const reply = await cloud.call(sitePath("app-x"), { method: "DELETE" });
    expect(reply.status).toBe(405);
    expect(reply.headers.allow).toContain("PATCH");
  });
});
