import {
  type LegacySetting,
  type LegacyStates,
  readLegacySetting,
} from "../../src/domain/routing/legacy-setting.ts";
import { flagsIn } from "../../src/domain/routing/routing-flag.ts";
import type { Integration, SiteObservation } from "../../src/domain/routing/site-observation.ts";
import type { SubnetInspection } from "../../src/domain/routing/subnet-inspection.ts";
import { createFastClock } from "../support/fast-clock.ts";
import { createMemoryRoutingService } from "../support/memory-routing-service.ts";
import { allFlagsOff, sampleSite, unreadableLegacySettings } from "../support/observations.ts";
import type { StatesHarness } from "./routing-service-states.ts";
import type { SiteState, Surroundings } from "./site-state.ts";

/** The routing service of the tests. */
export async function openMemoryStates(): Promise<StatesHarness> {
  const [production, slot] = [sampleSite("shop-web"), sampleSite("shop-web/staging")];
  const start = () => {
    const service = createMemoryRoutingService({ sites: [production, slot], clock: createFastClock() });
    for (const around of Object.keys(inspections)) {
      if (isSurroundings(around)) service.subnets.set(subnetId(around), inspections[around]);
    }
    return service;
  };
  let service = start();
  return {
    get service() {
      return service;
    },
    production: production.target,
    slot: slot.target,
    arrange: (target, state) => service.change(target.resourceId, differencesOf(state)),
    reset() {
      service = start();
    },
    close: async () => {},
  };
}

const rule = {
  priority: 200,
  access: "allow",
  ports: ["*"],
  destinations: ["*"],
  forWholeSubnet: true,
} as const;
const inspections: Record<Surroundings, SubnetInspection> = {
  open: { kind: "read" },
  "port-445-denied": {
    kind: "read",
    securityGroup: {
      name: "nsg-functions",
      rules: [
        { ...rule, name: "DenyFileShareOut", access: "deny", ports: ["445"], priority: 100 },
        { ...rule, name: "AllowInternetOutBound" },
      ],
    },
  },
  "default-route": { kind: "read", defaultRouteTable: "rt-egress" },
  unreadable: { kind: "unreadable", missingAction: "Microsoft.Network/virtualNetworks/subnets/read" },
};

function isSurroundings(name: string): name is Surroundings {
  return name in inspections;
}

function subnetId(around: Surroundings): string {
  return `/subscriptions/s/resourceGroups/rg-net/providers/Microsoft.Network/virtualNetworks/v/subnets/${around}`;
}

function differencesOf(state: SiteState): Partial<SiteObservation> {
  const { integration = "open", app = "web", container = "none" } = state;
  const storedMap = Object.fromEntries(
    Object.entries({ ...allFlagsOff, ...state.flags }).filter(([, value]) => value !== "unset"),
  );
  return {
    storedMap,
    flags: flagsIn(storedMap),
    legacy: state.settingsDenied === true ? unreadableLegacySettings : legacyOf(state),
    contentSettings:
      state.settingsDenied === true ? "unknown" : state.contentShare === true ? "present" : "absent",
    integration: integrationOf(integration),
    sku: state.sku ?? "PremiumV3",
    workload: { kind: app, container, function: app !== "web", workflow: app === "workflow" },
    securedByPerimeter: state.perimeter === true,
    managedIdentity: state.managedIdentity === true,
    state: state.runs ?? "Running",
    ...(state.operationInProgress === undefined ? {} : { operationInProgress: state.operationInProgress }),
  };
}

function legacyOf({ settings = {} }: SiteState): LegacyStates {
  const read = (name: LegacySetting) => readLegacySetting(name, settings[name]);
  return {
    WEBSITE_VNET_ROUTE_ALL: read("WEBSITE_VNET_ROUTE_ALL"),
    WEBSITE_PULL_IMAGE_OVER_VNET: read("WEBSITE_PULL_IMAGE_OVER_VNET"),
    WEBSITE_CONTENTOVERVNET: read("WEBSITE_CONTENTOVERVNET"),
  };
}

function integrationOf(wanted: NonNullable<SiteState["integration"]>): Integration {
  switch (wanted) {
    case "none":
    case "gateway":
      return { kind: wanted };
    case "environment":
      return { kind: "environment", environmentId: "/hostingEnvironments/ase" };
    default:
      return { kind: "regional", subnetId: subnetId(wanted) };
  }
}
