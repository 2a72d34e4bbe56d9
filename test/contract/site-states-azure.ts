import { createRoutingService } from "../../src/adapters/azure/routing-service.ts";
import type { ResolvedTarget } from "../../src/domain/target.ts";
import type { SiteSummary } from "../../src/playground/azure/admin/site-summary.ts";
import type { LocalAzure } from "../../src/playground/azure/local-azure.ts";
import { createFastClock } from "../support/fast-clock.ts";
import { startTrustedAzure, undocumentedActions } from "../support/local-azure.ts";
import { createMemoryLog } from "../support/memory-log.ts";
import { allFlagsOff } from "../support/observations.ts";
import type { StatesHarness } from "./routing-service-states.ts";
import type { SiteState } from "./site-state.ts";

/** The Azure adapter on a local Azure, at an api-version. */
export async function openAzureStates(apiVersion: string): Promise<StatesHarness> {
  const { azure, settings, close } = await startTrustedAzure(apiVersion);
  const tools = { clock: createFastClock(), log: createMemoryLog() };
  let service = createRoutingService(settings, tools);
  const production = targetOf(azure, "shop-web");
  return {
    get service() {
      return service;
    },
    production,
    slot: targetOf(azure, "shop-web/staging"),
    arrange: (target, state) => {
      // What it may not read it remembers for a while; each state is looked at for the first time.
      service = createRoutingService(settings, tools);
      azure.setBehaviour({
        appSettingsDeniedIn: state.settingsDenied === true ? [target.resourceGroup] : [],
        withheldActions: [
          ...undocumentedActions,
          ...(state.integration === "unreadable" ? ["Microsoft.Network/virtualNetworks/subnets/read"] : []),
        ],
      });
      azure.changeSite(target.resourceId, orderOf(azure, state));
    },
    reset: () => azure.reset(),
    close,
  };
}

function siteOf(azure: LocalAzure, label: string): SiteSummary {
  const [name, slot = null] = label.split("/");
  const found = azure.sites().find((one) => one.name === name && one.slot === slot);
  if (found === undefined) throw new Error(`the local Azure has no ${label}`);
  return found;
}

function targetOf(azure: LocalAzure, label: string): ResolvedTarget {
  const { id, subscriptionId, resourceGroup, name, slot } = siteOf(azure, label);
  return { resourceId: id, subscriptionId, resourceGroup, site: name, ...(slot === null ? {} : { slot }) };
}

/** Sites of the seed whose subnets are what a state asks for. */
const subnetsOf = {
  open: "shop-web",
  unreadable: "shop-web",
  "port-445-denied": "shop-fn",
  "default-route": "platform-auth",
} as const;

function orderOf(azure: LocalAzure, state: SiteState): Parameters<LocalAzure["changeSite"]>[1] {
  const { integration = "open", app = "web", container = "none", sku = "PremiumV3" } = state;
  const isJoined = integration !== "none" && integration !== "gateway" && integration !== "environment";
  const kinds = { web: "app", function: "functionapp", workflow: "functionapp,workflowapp" } as const;
  const images = {
    none: { linuxFxVersion: "NODE|24-lts", windowsFxVersion: null },
    linux: { linuxFxVersion: "DOCKER|fernhill.azurecr.io/one:1", windowsFxVersion: null },
    windows: { linuxFxVersion: "", windowsFxVersion: "DOCKER|fernhill.azurecr.io/one:1" },
    compose: { linuxFxVersion: "COMPOSE|dmVyc2lvbjogJzMnCg==", windowsFxVersion: null },
  } as const;
  return {
    routing: Object.fromEntries(
      Object.entries({ ...allFlagsOff, ...state.flags }).map(([flag, value]) => [
        flag,
        value === "unset" ? null : value,
      ]),
    ),
    appSettings: {
      WEBSITE_VNET_ROUTE_ALL: null,
      WEBSITE_PULL_IMAGE_OVER_VNET: null,
      WEBSITE_CONTENTOVERVNET: null,
      WEBSITE_CONTENTAZUREFILECONNECTIONSTRING: state.contentShare === true ? "secret" : null,
      WEBSITE_CONTENTSHARE: state.contentShare === true ? "content-1" : null,
      ...state.settings,
    },
    kind: `${kinds[app]}${container === "none" ? "" : ",container"}`,
    identity: state.managedIdentity === true ? { type: "SystemAssigned" } : null,
    webConfig: images[container],
    virtualNetworkConnections:
      integration === "gateway" ? [{ name: "gateway", properties: { isSwift: false } }] : [],
    properties: {
      sku,
      state: state.runs ?? "Running",
      virtualNetworkSubnetId: isJoined ? siteOf(azure, subnetsOf[integration]).subnetId : null,
      hostingEnvironmentProfile:
        integration === "environment" ? { id: "/hostingEnvironments/ase", name: "ase" } : null,
      functionAppConfig: sku === "FlexConsumption" ? { runtime: { name: "node" } } : null,
      publicNetworkAccess: state.perimeter === true ? "SecuredByPerimeter" : "Enabled",
      inProgressOperationId: state.operationInProgress ?? null,
      hyperV: container === "windows",
    },
  };
}
