import { createRoutingService } from "../../src/adapters/azure/routing-service.ts";
import type { LocalAzure } from "../../src/playground/azure/local-azure.ts";
import { createFastClock } from "../support/fast-clock.ts";
import { startTrustedAzure } from "../support/local-azure.ts";
import { createMemoryLog } from "../support/memory-log.ts";
import type { RoutingServiceHarness, WriteFault } from "./routing-service.ts";

type FaultOrder = Parameters<LocalAzure["orderFaults"]>[0][number];

/** The faults of the contract in the words of the local Azure. */
const azureFaults: Record<WriteFault, FaultOrder["fault"]> = {
  ignored: { kind: "ignored" },
  partial: { kind: "partial", keys: ["applicationTraffic"] },
  busy: { kind: "busy" },
  throttled: { kind: "throttled", retryAfterSeconds: 2 },
  denied: { kind: "denied", action: "Microsoft.Network/virtualNetworks/subnets/join/action" },
  policy: { kind: "policy", policy: "no-vnet-changes" },
  "error-before": { kind: "server-error" },
  "error-after": { kind: "server-error", when: "after" },
  "reset-before": { kind: "reset" },
  "reset-after": { kind: "reset", when: "after" },
  hang: { kind: "hang" },
  "async-success": { kind: "async" },
  "async-failure": { kind: "async", outcome: "failed" },
};

/** The Azure adapter on a local Azure. A process trusts one of them, so each test file opens it once. */
export const openAzureHarness = async (): Promise<RoutingServiceHarness> => {
  const { azure, settings, close } = await startTrustedAzure();
  const clock = createFastClock();
  return {
    service: createRoutingService(settings, { clock, log: createMemoryLog() }),
    clock,
    order: (fault) => azure.orderFaults([{ match: { method: "PATCH" }, fault: azureFaults[fault] }]),
    setFlags: (target, map) => void azure.changeSite(target.resourceId, { routing: map }),
    writes: () => azure.requests().filter(({ method }) => method === "PATCH" || method === "PUT").length,
    unreadableSubnet: () => {},
    reset: () => azure.reset(),
    close,
  };
};
