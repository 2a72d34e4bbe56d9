import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Cloud, PROD, sitePath, startCloud } from "./support/cloud.ts";

// The requests that the real `az` sends for a command, in its order and spelling, with its headers' essentials.

let cloud: Cloud;
beforeAll(async () => {
  cloud = await startCloud();
});
beforeEach(() => cloud.azure.reset());
afterAll(() => cloud.stop());

const AZ = "2022-03-01";
const providers = `/subscriptions/${PROD}/providers/Microsoft.Web?api-version=2021-04-01`;
const resource = (version: string) =>
  `/subscriptions/${PROD}/resourcegroups/rg-shop/providers/Microsoft.Web//sites/app-x?api-version=${version}`;

const object = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? { ...value } : {};

/** `az resource update --set properties.<name>=<value>` at a version: GET, then PUT of the whole body less its ids. */
async function resourceUpdate(version: string, name: string, value: boolean) {
  const read = await cloud.call(resource(version));
  const { id: _id, name: _name, type: _type, etag: _etag, ...rest } = read.body;
  const properties = { ...object(rest.properties), [name]: value };
  return cloud.call(resource(version), { method: "PUT", body: { ...rest, properties } });
}

describe("az", () => {
  it("login: ADFS discovery, token, subscriptions", async () => {
    expect((await cloud.call("/adfs/.well-known/openid-configuration", { token: null })).status).toBe(200);
    const { clientId, clientSecret } = cloud.azure.credentials.routing;
    const form = new URLSearchParams({
      client_id: clientId,
      client_secret: clientSecret,
      grant_type: "client_credentials",
      scope: `${cloud.azure.url}//.default`,
    });
    const reply = await cloud.call("/adfs/oauth2/token", {
      method: "POST",
      text: form.toString(),
      headers: { "content-type": "application/x-www-form-urlencoded" },
      token: null,
    });
    const list = await cloud.call("/subscriptions?api-version=2019-11-01", {
      token: String(reply.body.access_token),
    });
    expect(list.body).toMatchObject({
      value: [{ subscriptionId: PROD, tenantId: cloud.azure.tenantId }, {}],
    });
  });

  it("resource update --set properties.vnetRouteAllEnabled=true: says 200 at the newest version and changes nothing", async () => {
    const types = object((await cloud.call(providers)).body).resourceTypes;
    const versions = Array.isArray(types) ? object(types[0]).apiVersions : [];
    const first = Array.isArray(versions)
      ? versions.find((version) => !String(version).endsWith("-preview"))
      : "";
    expect(first).toBe("2026-03-15");
    expect((await resourceUpdate(String(first), "vnetRouteAllEnabled", true)).status).toBe(200);
    expect(cloud.azure.sites()[0]?.routing.applicationTraffic).toBe(false);
  });

  it("the same with --api-version 2022-03-01 turns application traffic on, and nothing else", async () => {
    const before = cloud.azure.sites()[0];
    expect((await resourceUpdate(AZ, "vnetRouteAllEnabled", true)).status).toBe(200);
    const after = cloud.azure.sites()[0];
    expect(after).toEqual({
      ...before,
      routing: { ...before?.routing, applicationTraffic: true },
      effective: { ...before?.effective, applicationTraffic: "vnet" },
      lastModifiedTimeUtc: after?.lastModifiedTimeUtc,
    });
  });

  it("webapp update --set vnetRouteAllEnabled: PUT of the part of the body that its model knows", async () => {
    const before = cloud.azure.sites()[0];
    const read = await cloud.call(sitePath("app-x", { version: AZ }));
    const { serverFarmId, virtualNetworkSubnetId, reserved, enabled } = object(read.body.properties);
    const { kind, location, tags } = read.body;
    const properties = { serverFarmId, virtualNetworkSubnetId, reserved, enabled, vnetRouteAllEnabled: true };
    const reply = await cloud.call(sitePath("app-x", { version: AZ }), {
      method: "PUT",
      body: { kind, location, tags, properties },
    });
    expect(reply.body).toMatchObject({ properties: { vnetRouteAllEnabled: true } });
    expect(cloud.azure.sites()[0]?.routing).toEqual({ ...before?.routing, applicationTraffic: true });
  });

  it("webapp show: site, config, publishing profile", async () => {
    expect((await cloud.call(sitePath("app-x", { version: AZ }))).status).toBe(200);
    expect((await cloud.call(sitePath("app-x", { after: "/config/web", version: AZ }))).status).toBe(200);
    const profile = await cloud.call(sitePath("app-x", { after: "/publishxml", version: AZ }), {
      method: "POST",
      body: { format: "WebDeploy" },
    });
    expect(profile.headers["content-type"]).toBe("application/xml");
    expect(profile.text).toMatch(/^<publishData>/);
  });

  it("webapp config appsettings list, set and delete", async () => {
    const list = await cloud.call(sitePath("app-x", { after: "/config/appsettings/list", version: AZ }), {
      method: "POST",
    });
    expect(
      (await cloud.call(sitePath("app-x", { after: "/config/slotConfigNames", version: AZ }))).status,
    ).toBe(200);
    const properties = { ...object(list.body.properties), WEBSITE_VNET_ROUTE_ALL: "1" };
    const put = await cloud.call(sitePath("app-x", { after: "/config/appsettings", version: AZ }), {
      method: "PUT",
      body: { properties },
    });
    expect(put.body).toMatchObject({ properties });
  });

  it("webapp vnet-integration list", async () => {
    const reply = await cloud.call(sitePath("app-x", { after: "/virtualNetworkConnections", version: AZ }));
    expect(JSON.parse(reply.text)).toMatchObject([{ properties: { isSwift: true } }]);
  });

  it("webapp config set --vnet-route-all-enabled: PATCH of the whole config", async () => {
    const config = await cloud.call(sitePath("app-x", { after: "/config/web", version: AZ }));
    const properties = { ...object(config.body.properties), vnetRouteAllEnabled: true };
    const reply = await cloud.call(sitePath("app-x", { after: "/config/web", version: AZ }), {
      method: "PATCH",
      body: { properties },
    });
    expect(reply.status).toBe(200);
    expect(cloud.azure.sites()[0]?.routing.applicationTraffic).toBe(true);
  });
});
