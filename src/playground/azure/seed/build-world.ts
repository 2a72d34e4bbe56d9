import { createHash } from "node:crypto";
import type { JsonObject } from "../http/json.ts";
import type { StoredSite, World } from "../world/world.ts";
import { ROUTING_FLAGS } from "../world/world.ts";
import { buildResources } from "./build-resources.ts";
import { ASE_NAME, GROUPS, groupId, networkId, PLANS, planId, SUBSCRIPTIONS, subnetId } from "./places.ts";
import { SITES, type SiteSeed, type SlotSeed } from "./sites.ts";

const SEEDED_AT = "2026-10-05T08:14:27.2133333";

/** The world at its beginning: the same each time. */
export function buildWorld(): World {
  return {
    subscriptions: Object.entries(SUBSCRIPTIONS).map(([name, id]) => ({ id, name })),
    resourceGroups: Object.entries(GROUPS).map(([name, group]) => ({
      subscriptionId: SUBSCRIPTIONS[group.subscription],
      name,
      location: group.location.toLowerCase().replace(" ", ""),
      tags: { team: group.team },
    })),
    sites: SITES.flatMap((seed) => [
      buildSite(seed, null, seed),
      ...Object.entries(seed.slots ?? {}).map(([slot, own]) => buildSite(seed, slot, own)),
    ]),
    resources: buildResources(),
  };
}

function buildSite(seed: SiteSeed, slot: string | null, own: SlotSeed): StoredSite {
  const group = GROUPS[seed.group];
  const settings = own.settings ?? (slot === null ? {} : (seed.settings ?? {}));
  return {
    subscriptionId: SUBSCRIPTIONS[group.subscription],
    resourceGroup: seed.group,
    name: seed.name,
    slot,
    location: group.location,
    kind: seed.kind ?? "app,linux",
    tags: { team: group.team, ...seed.tags },
    identity: buildIdentity(seed),
    properties: buildProperties(seed, slot, own),
    routing: {
      ...Object.fromEntries(ROUTING_FLAGS.map((flag) => [flag, own.on?.includes(flag) ?? false])),
      ...seed.extraRouting,
    },
    webConfig: buildWebConfig(seed),
    appSettings: { LOG_LEVEL: "info", SESSION_KEY: `not-a-real-secret-${seed.name}`, ...settings },
    stickySettings: [...(seed.stickySettings ?? [])],
    virtualNetworkConnections: buildConnections(seed, slot, own),
    asyncPolls: seed.asyncPolls ?? null,
    note: seed.note,
  };
}

function subnetOf(seed: SiteSeed, own: SlotSeed): string | null {
  const ordinary = seed.group === "rg-shop-dev" ? "dev" : "apps";
  const name = own.subnet === undefined ? (seed.subnet === undefined ? ordinary : seed.subnet) : own.subnet;
  return name === null ? null : subnetId(name);
}

function buildProperties(seed: SiteSeed, slot: string | null, own: SlotSeed): JsonObject {
  const plan = PLANS[seed.plan];
  const label = slot === null ? seed.name : `${seed.name}-${slot}`;
  const region = GROUPS[seed.group].location.toLowerCase().replace(" ", "");
  const host =
    seed.hostHash === undefined
      ? `${label}.azurewebsites.net`
      : `${label}-${seed.hostHash}.${region}-01.azurewebsites.net`;
  const isSwapping = seed.swapping === true && slot === null;
  return {
    name: label,
    state: seed.state ?? "Running",
    hostNames: [host],
    enabledHostNames: [host, host.replace(".", ".scm.")],
    repositorySiteName: seed.name,
    usageState: "Normal",
    enabled: true,
    availabilityState: "Normal",
    serverFarmId: planId(seed.plan),
    reserved: plan.linux,
    isXenon: seed.windowsFxVersion !== undefined,
    hyperV: seed.windowsFxVersion !== undefined,
    lastModifiedTimeUtc: SEEDED_AT,
    scmSiteAlsoStopped: false,
    hostingEnvironmentProfile: seed.environment === true ? hostingEnvironment() : null,
    clientAffinityEnabled: false,
    clientCertEnabled: false,
    httpsOnly: true,
    publicNetworkAccess: seed.publicNetworkAccess ?? "Enabled",
    outboundIpAddresses: "20.50.2.11,20.50.2.12,20.50.2.13",
    possibleOutboundIpAddresses: "20.50.2.11,20.50.2.12,20.50.2.13,20.50.2.14",
    containerSize: 0,
    resourceGroup: seed.group,
    defaultHostName: host,
    slotSwapStatus: null,
    inProgressOperationId: isSwapping ? "9b1d2f7c-63c5-4e0e-a1a5-5b8c8d2f4e70" : null,
    sku: plan.tier,
    virtualNetworkSubnetId: subnetOf(seed, own),
    keyVaultReferenceIdentity: "SystemAssigned",
    ...(seed.flex === true ? { functionAppConfig: flexConfig() } : {}),
  };
}

function hostingEnvironment(): JsonObject {
  return {
    id: `${groupId("rg-platform")}/providers/Microsoft.Web/hostingEnvironments/${ASE_NAME}`,
    name: ASE_NAME,
    type: "Microsoft.Web/hostingEnvironments",
  };
}

function flexConfig(): JsonObject {
  return {
    runtime: { name: "node", version: "22" },
    scaleAndConcurrency: {
      instanceMemoryMB: 2048,
      maximumInstanceCount: 40,
      alwaysReady: [],
      triggers: null,
    },
  };
}

function buildIdentity(seed: SiteSeed): JsonObject | null {
  if (seed.identity === undefined) return null;
  const principalId = stableId(`identity ${seed.name}`);
  if (seed.identity === "SystemAssigned") return { type: "SystemAssigned", principalId };
  const id = `${groupId(seed.group)}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-${seed.name}`;
  return {
    type: "UserAssigned",
    userAssignedIdentities: { [id]: { principalId, clientId: stableId(`client ${seed.name}`) } },
  };
}

function buildWebConfig(seed: SiteSeed): JsonObject {
  const isFunction = (seed.kind ?? "").includes("functionapp");
  const ordinary = PLANS[seed.plan].linux && !isFunction ? "NODE|24-lts" : "";
  return {
    numberOfWorkers: 1,
    defaultDocuments: ["index.html"],
    netFrameworkVersion: "v4.0",
    linuxFxVersion: seed.linuxFxVersion ?? ordinary,
    windowsFxVersion: seed.windowsFxVersion ?? null,
    alwaysOn: !isFunction,
    http20Enabled: true,
    minTlsVersion: "1.2",
    ftpsState: "Disabled",
    acrUseManagedIdentityCreds: false,
    healthCheckPath: "/healthz",
    publishingUsername: `$${seed.name}`,
    ipSecurityRestrictions: [{ ipAddress: "Any", action: "Allow", priority: 2147483647, name: "Allow all" }],
  };
}

function buildConnections(seed: SiteSeed, slot: string | null, own: SlotSeed): JsonObject[] {
  const subnet = subnetOf(seed, own);
  const site = `${groupId(seed.group)}/providers/Microsoft.Web/sites/${seed.name}${slot === null ? "" : `/slots/${slot}`}`;
  if (subnet === null && seed.gateway !== true) return [];
  const name = subnet === null ? "vnet-shop" : `${stableId(subnet)}_${subnet.split("/").at(-1)}`;
  return [
    {
      id: `${site}/virtualNetworkConnections/${name}`,
      name,
      type: "Microsoft.Web/sites/virtualNetworkConnections",
      location: GROUPS[seed.group].location,
      properties: {
        vnetResourceId: subnet ?? networkId("apps"),
        certThumbprint: null,
        certBlob: null,
        routes: null,
        resyncRequired: false,
        dnsServers: null,
        isSwift: subnet !== null,
      },
    },
  ];
}

/** A GUID that is always the same for the same text. */
function stableId(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    "-",
  );
}
