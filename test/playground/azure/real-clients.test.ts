import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type Cloud, PROD, startCloud } from "./support/cloud.ts";

const claims = z.looseObject({ aud: z.string(), appid: z.string(), iss: z.string() });

const outputSchema = z.object({
  signIns: z.object({
    secret: claims,
    ownUrl: claims,
    adfs: claims,
    chain: claims,
    wrongSecret: z.string(),
    bot: z.string(),
    managed: claims,
  }),
  appService: z.object({
    updated: z.object({ https: z.boolean(), routing: z.record(z.string(), z.boolean()) }),
    slotUpdated: z.boolean(),
    slotSettings: z.array(z.string()),
    put: z.record(z.string(), z.boolean()),
    sites: z.array(z.string()),
    group: z.array(z.string()),
    slots: z.array(z.string()),
    slotRouting: z.record(z.string(), z.boolean()),
    settingsBefore: z.array(z.string()),
    settingsAfter: z.array(z.string()),
    sticky: z.array(z.string()),
    subnet: z.string(),
    gateway: z.array(z.boolean()),
    plan: z.string(),
    deniedSettings: z.string(),
    patched: z.object({ status: z.string(), body: z.unknown() }),
  }),
});

let cloud: Cloud;
let output: z.infer<typeof outputSchema>;

beforeAll(async () => {
  cloud = await startCloud();
  const { routing, bot, managedIdentity } = cloud.azure.credentials;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(import.meta.dirname, "support/real-clients.ts")],
    {
      env: {
        PATH: process.env.PATH ?? "",
        HOME: process.env.HOME ?? "",
        NODE_EXTRA_CA_CERTS: cloud.azure.caFile,
        AZURE_AUTHORITY_HOST: cloud.azure.url,
        AZURE_TENANT_ID: cloud.azure.tenantId,
        AZURE_CLIENT_ID: routing.clientId,
        AZURE_CLIENT_SECRET: routing.clientSecret,
        IDENTITY_ENDPOINT: managedIdentity.endpoint,
        IDENTITY_HEADER: managedIdentity.header,
        TEST_IDENTITY_CLIENT_ID: managedIdentity.clientId,
        TEST_BOT_ID: bot.clientId,
        TEST_BOT_SECRET: bot.clientSecret,
        TEST_SUBSCRIPTION: PROD,
      },
    },
  );
  output = outputSchema.parse(JSON.parse(stdout));
});

afterAll(() => cloud.stop());

describe("the real sign-in clients over TLS", () => {
  it("signs in with a client secret, for ARM's public name and for the server's own address", () => {
    const { secret, ownUrl, chain } = output.signIns;
    expect(secret.aud).toBe("https://management.azure.com");
    expect(ownUrl.aud).toBe(cloud.azure.url);
    expect(chain.appid).toBe(cloud.azure.credentials.routing.clientId);
    expect(secret.iss).toBe(`${cloud.azure.url}/${cloud.azure.tenantId}/`);
  });

  it("signs in ADFS style, as `az` is told to", () => {
    expect(output.signIns.adfs).toMatchObject({ aud: "https://management.azure.com", ver: "1.0" });
  });

  it("refuses a wrong secret in words the client passes on", () => {
    expect(output.signIns.wrongSecret).toContain("AADSTS7000215");
  });

  it("signs in a user-assigned managed identity through App Service's endpoint", () => {
    expect(output.signIns.managed.appid).toBe(cloud.azure.credentials.managedIdentity.clientId);
  });

  it("gives MSAL a token for the Bot Connector that the local Teams can verify", async () => {
    expect(await cloud.azure.verifyBotToken(output.signIns.bot)).toEqual({
      kind: "accepted",
      clientId: cloud.azure.credentials.bot.clientId,
      tenantId: cloud.azure.tenantId,
    });
  });
});

describe("the real App Service client", () => {
  it("lists all sites of a subscription across pages, slots where asked", () => {
    const inventory = cloud.azure.sites().filter((site) => site.subscriptionId === PROD);
    expect(output.appService.sites).toEqual(
      inventory.filter((site) => site.slot === null).map((site) => site.name),
    );
    expect(output.appService.group).toContain("shop-web/staging Microsoft.Web/sites/slots");
    expect(output.appService.slots).toEqual(["shop-api/staging", "shop-api/canary"]);
    expect(output.appService.slotRouting.applicationTraffic).toBe(true);
  });

  it("replaces all app settings with one PUT", () => {
    const removed = output.appService.settingsBefore.filter(
      (name) => !output.appService.settingsAfter.includes(name),
    );
    expect(removed).toEqual(["WEBSITE_VNET_ROUTE_ALL"]);
    expect(output.appService.settingsAfter).toContain("SESSION_KEY");
  });

  it("updates a site with what it declares, and silently leaves the routing flags out", () => {
    expect(output.appService.updated).toMatchObject({ https: true, routing: { applicationTraffic: false } });
    const sent = cloud.azure
      .requests()
      .find(({ route, site }) => route === "sites/patch" && site === "app-y")?.requestBody;
    expect(sent).toEqual({ properties: { httpsOnly: true } });
    expect(output.appService.slotUpdated).toBe(true);
  });

  it("replaces the app settings of a slot", () => {
    expect(output.appService.slotSettings).toEqual(["ADDED"]);
  });

  it("puts a whole site, and keys that it does not know stay as they are", () => {
    expect(output.appService.put).toMatchObject({ backupRestoreTraffic: true, applicationTraffic: false });
    const stored = cloud.azure.sites().find(({ name }) => name === "shop-feed");
    expect(stored?.routing).toMatchObject({ backupRestoreTraffic: true, managedIdentityTraffic: false });
  });

  it("reads sticky names, integration, gateway connection and plan", () => {
    const { sticky, subnet, gateway, plan } = output.appService;
    expect(sticky).toEqual(["WEBSITE_VNET_ROUTE_ALL"]);
    expect(subnet).toMatch(/\/subnets\/snet-apps$/);
    expect(gateway).toEqual([false]);
    expect(plan).toBe("PremiumV3");
  });

  it("hears which action is missing where app settings are closed", () => {
    expect(output.appService.deniedSettings).toContain("Microsoft.Web/sites/config/list/action");
  });

  it("patches the routing object through the raw client", () => {
    expect(output.appService.patched).toMatchObject({
      status: "200",
      body: { properties: { outboundVnetRouting: { applicationTraffic: true, allTraffic: false } } },
    });
  });
});
