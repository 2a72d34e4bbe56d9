// Run as a process of its own with NODE_EXTRA_CA_CERTS, which Node reads only at start. Prints one JSON object.

import { createRequire } from "node:module";
import { WebSiteManagementClient } from "@azure/arm-appservice";
import { ClientSecretCredential, DefaultAzureCredential, ManagedIdentityCredential } from "@azure/identity";
import { getClient } from "@azure-rest/core-client";

/** The slice of MSAL that the bot's own library uses, in the version which that library brings. */
interface Msal {
  readonly ConfidentialClientApplication: new (configuration: {
    readonly auth: {
      readonly clientId: string;
      readonly clientSecret: string;
      readonly authority: string;
      readonly knownAuthorities: readonly string[];
    };
  }) => {
    acquireTokenByClientCredential(request: {
      readonly scopes: readonly string[];
    }): Promise<{ readonly accessToken: string } | null>;
  };
}

const botLibrary = createRequire(import.meta.resolve("botframework-connector"));
const { ConfidentialClientApplication }: Msal = botLibrary("@azure/msal-node");

function environment(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

const url = environment("AZURE_AUTHORITY_HOST");
const tenant = environment("AZURE_TENANT_ID");
const clientId = environment("AZURE_CLIENT_ID");
const clientSecret = environment("AZURE_CLIENT_SECRET");
const subscription = environment("TEST_SUBSCRIPTION");
const armScope = "https://management.azure.com/.default";
const authority = { authorityHost: url, disableInstanceDiscovery: true };

function claims(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
}

async function collect<T, R>(items: AsyncIterable<T>, view: (item: T) => R): Promise<R[]> {
  const result: R[] = [];
  for await (const item of items) result.push(view(item));
  return result;
}

async function problem(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "none";
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause);
  }
}

async function signIns() {
  const secret = new ClientSecretCredential(tenant, clientId, clientSecret, authority);
  const wrong = new ClientSecretCredential(tenant, clientId, "wrong", authority);
  const adfs = new ClientSecretCredential("adfs", clientId, clientSecret, { authorityHost: url });
  const chain = new DefaultAzureCredential(authority);
  const msal = new ConfidentialClientApplication({
    auth: {
      clientId: environment("TEST_BOT_ID"),
      clientSecret: environment("TEST_BOT_SECRET"),
      authority: `${url}/${tenant}`,
      knownAuthorities: [new URL(url).host],
    },
  });
  const botToken = await msal.acquireTokenByClientCredential({
    scopes: ["https://api.botframework.com/.default"],
  });
  const managed = new ManagedIdentityCredential({ clientId: environment("TEST_IDENTITY_CLIENT_ID") });
  return {
    secret: claims((await secret.getToken(armScope)).token),
    ownUrl: claims((await secret.getToken(`${url}/.default`)).token),
    adfs: claims((await adfs.getToken(armScope)).token),
    chain: claims((await chain.getToken(armScope)).token),
    wrongSecret: await problem(wrong.getToken(armScope)),
    bot: botToken?.accessToken ?? "",
    managed: claims((await managed.getToken(armScope)).token),
  };
}

async function appService() {
  const credential = new DefaultAzureCredential(authority);
  const client = new WebSiteManagementClient(credential, subscription, { endpoint: url });
  const settings = await client.webApps.listApplicationSettings("rg-shop", "shop-legacy");
  const { WEBSITE_VNET_ROUTE_ALL: _removed, ...rest } = settings.properties ?? {};
  await client.webApps.updateApplicationSettings("rg-shop", "shop-legacy", { properties: rest });
  const after = await client.webApps.listApplicationSettings("rg-shop", "shop-legacy");
  const raw = getClient(url, credential, { credentials: { scopes: [armScope] } });
  const path = `/subscriptions/${subscription}/resourceGroups/rg-shop/providers/Microsoft.Web/sites/app-x`;
  const patched = await raw.pathUnchecked(path).patch({
    queryParameters: { "api-version": "2025-05-01" },
    body: { properties: { outboundVnetRouting: { applicationTraffic: true } } },
  });
  // What the typed client makes of the routing flags: it leaves them out, and Azure says yes to an empty PATCH.
  const flags: { readonly httpsOnly: boolean } = Object.assign(
    { httpsOnly: true },
    { outboundVnetRouting: { applicationTraffic: true } },
  );
  const updated = await client.webApps.update("rg-shop", "app-y", flags);
  await client.webApps.updateSlot("rg-shop", "shop-web", "staging", { httpsOnly: true });
  const slotSettings = await client.webApps.listApplicationSettingsSlot("rg-shop", "shop-legacy", "staging");
  await client.webApps.updateApplicationSettingsSlot("rg-shop", "shop-legacy", "staging", {
    properties: { ...slotSettings.properties, ADDED: "by the client" },
  });
  const slotAfter = await client.webApps.listApplicationSettingsSlot("rg-shop", "shop-legacy", "staging");
  const whole = await client.webApps.get("rg-shop", "shop-feed");
  const put = await client.webApps.createOrUpdate("rg-shop", "shop-feed", {
    ...whole,
    outboundVnetRouting: { ...whole.outboundVnetRouting, backupRestoreTraffic: true },
  });
  return {
    updated: { https: updated.httpsOnly, routing: updated.outboundVnetRouting },
    slotUpdated: (await client.webApps.getSlot("rg-shop", "shop-web", "staging")).httpsOnly,
    slotSettings: Object.keys(slotAfter.properties ?? {}).filter(
      (name) => !(name in (slotSettings.properties ?? {})),
    ),
    put: put.outboundVnetRouting,
    sites: await collect(client.webApps.list(), (site) => site.name),
    group: await collect(
      client.webApps.listByResourceGroup("rg-shop", { includeSlots: true }),
      (site) => `${site.name} ${site.type}`,
    ),
    slots: await collect(client.webApps.listSlots("rg-shop", "shop-api"), (site) => site.name),
    slotRouting: (await client.webApps.getSlot("rg-shop", "shop-web", "staging")).outboundVnetRouting,
    settingsBefore: Object.keys(settings.properties ?? {}),
    settingsAfter: Object.keys(after.properties ?? {}),
    sticky: (await client.webApps.listSlotConfigurationNames("rg-shop", "shop-legacy")).appSettingNames,
    subnet: (await client.webApps.getSwiftVirtualNetworkConnection("rg-shop", "app-x")).subnetResourceId,
    gateway: (await client.webApps.listVnetConnections("rg-platform", "platform-erp")).map(
      (one) => one.isSwift,
    ),
    plan: (await client.appServicePlans.get("rg-shop", "plan-shop")).sku?.tier,
    deniedSettings: await problem(client.webApps.listApplicationSettings("rg-platform", "platform-auth")),
    patched: { status: patched.status, body: patched.body },
  };
}

process.stdout.write(`${JSON.stringify({ signIns: await signIns(), appService: await appService() })}\n`);
