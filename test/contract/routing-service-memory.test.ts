import type { Failure, FailureCode } from "../../src/domain/failure.ts";
import type { SiteObservation } from "../../src/domain/routing/site-observation.ts";
import type { ResolvedTarget } from "../../src/domain/target.ts";
import type { Clock } from "../../src/ports/clock.ts";
import { createFastClock } from "../support/fast-clock.ts";
import {
  createMemoryRoutingService,
  type MemoryRoutingService,
  type OrderedWrite,
} from "../support/memory-routing-service.ts";
import {
  allFlagsOff,
  noLegacySettings,
  sampleSite,
  unreadableLegacySettings,
} from "../support/observations.ts";
import { describeRoutingService, type RoutingServiceHarness, type WriteFault } from "./routing-service.ts";
import { describeListing } from "./routing-service-listing.ts";
import { describeSettingsAndSubnets } from "./routing-service-settings.ts";

const prod = { subscriptionId: "4c2e9f10-7a3b-4d52-8e61-0b9d3f5a1c01", subscriptionName: "shop-prod" };
const dev = { subscriptionId: "4c2e9f10-7a3b-4d52-8e61-0b9d3f5a1c02", subscriptionName: "shop-dev" };

function site(
  label: string,
  differences: Partial<SiteObservation> & { readonly place?: Partial<ResolvedTarget> } = {},
): SiteObservation {
  return sampleSite(label, { ...differences, place: { ...prod, ...differences.place } });
}

/** The sites of the contract. */
function sites(): readonly SiteObservation[] {
  const allButAll = {
    ...Object.fromEntries(Object.keys(allFlagsOff).map((flag) => [flag, flag !== "allTraffic"])),
    telemetryTraffic: true,
  };
  return [
    site("shop-web"),
    site("shop-web/staging", { flags: { ...allFlagsOff, applicationTraffic: true } }),
    site("shop-search", { flags: { ...allFlagsOff, allTraffic: true } }),
    site("shop-legacy", { legacy: { ...noLegacySettings, WEBSITE_VNET_ROUTE_ALL: "on" } }),
    site("platform-metrics", {
      storedMap: allButAll,
      legacy: unreadableLegacySettings,
      contentSettings: "unknown",
    }),
    site("orders-api", {
      place: { defaultHostName: "orders-api-c3f7g2a9hqd4e5bz.westeurope-01.azurewebsites.net" },
    }),
    site("orders-api", {
      place: {
        ...dev,
        resourceGroup: "rg-shop-dev",
        defaultHostName: "orders-api-a8k1m5x2pwt6r9cy.northeurope-01.azurewebsites.net",
      },
    }),
  ];
}

const receipt = { status: 200, requestId: "request", correlationId: "correlation" };

/** The faults of the contract as results that are ordered. */
const ordered: Record<WriteFault, OrderedWrite> = {
  ignored: { result: { kind: "accepted", receipt }, apply: "nothing" },
  partial: { result: { kind: "accepted", receipt }, apply: { applicationTraffic: true } },
  busy: refused("azure-busy", { status: 409 }),
  throttled: refused("azure-throttled", { status: 429, retryAfterMs: 2_000 }),
  denied: refused("azure-denied", {
    status: 403,
    missingAction: "Microsoft.Network/virtualNetworks/subnets/join/action",
  }),
  policy: refused("azure-policy", { status: 403, message: "The Azure Policy no-vnet-changes forbids it." }),
  "error-before": unclear("azure-unexpected", "nothing"),
  "error-after": unclear("azure-unexpected", "all"),
  "reset-before": unclear("azure-unreachable", "nothing"),
  "reset-after": unclear("azure-unreachable", "all"),
  hang: unclear("azure-unreachable", "nothing"),
  "async-success": { result: { kind: "accepted", receipt: { ...receipt, status: 202 } } },
  "async-failure": { result: { kind: "accepted", receipt: { ...receipt, status: 202 } }, apply: "nothing" },
};

function refused(code: FailureCode, failure: Partial<Failure>): OrderedWrite {
  return { result: { kind: "refused", failure: { code, message: "No.", ...failure } } };
}

function unclear(code: FailureCode, apply: "all" | "nothing"): OrderedWrite {
  return { result: { kind: "unclear", failure: { code, message: "Nobody knows." } }, apply };
}

const open = async (): Promise<RoutingServiceHarness> => {
  const clock: Clock = createFastClock();
  const start = (): MemoryRoutingService => createMemoryRoutingService({ sites: sites(), clock });
  let service = start();
  return {
    get service() {
      return service;
    },
    clock,
    order(fault) {
      service.order.write(ordered[fault]);
      if (fault !== "async-failure") return;
      service.order.verify(() => ({
        kind: "different",
        observation: site("shop-web"),
        failure: { code: "azure-rejected", message: "The operation failed." },
      }));
    },
    setFlags: (target, map) => service.setFlags(target.resourceId, map),
    writes: () => service.calls.filter(({ method }) => method === "write" || method === "edit").length,
    unreadableSubnet: (id) => void service.subnets.set(id, { kind: "unreadable" }),
    reset() {
      service = start();
    },
    close: async () => {},
  };
};

describeRoutingService("the memory routing service", open);
describeSettingsAndSubnets("the memory routing service", open);
describeListing("the memory routing service", open);
