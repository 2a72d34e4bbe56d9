import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createRoutingService } from "../../../src/adapters/azure/routing-service.ts";
import type { SiteObservation } from "../../../src/domain/routing/site-observation.ts";
import type { LocalAzure } from "../../../src/playground/azure/local-azure.ts";
import type { RoutingService } from "../../../src/ports/routing-service.ts";
import { createFastClock } from "../../support/fast-clock.ts";
import { startTrustedAzure, type TrustedAzure } from "../../support/local-azure.ts";
import { createMemoryLog } from "../../support/memory-log.ts";

type FaultOrder = Parameters<LocalAzure["orderFaults"]>[0][number];

let trusted: TrustedAzure;
let azure: LocalAzure;
let service: RoutingService;
let without: RoutingService;
const clock = createFastClock(50);
beforeAll(async () => {
  trusted = await startTrustedAzure();
  azure = trusted.azure;
  const tools = { clock, log: createMemoryLog() };
  service = createRoutingService({ ...trusted.settings, putFallback: true }, tools);
  without = createRoutingService(trusted.settings, tools);
});
beforeEach(() => azure.reset());
afterAll(async () => await trusted.close());

async function observe(name: string): Promise<SiteObservation> {
  const found = await service.find({ name });
  if (found.kind !== "found") throw new Error(`expected one site, got ${found.kind}`);
  const read = await service.observe(found.target);
  if (read.kind !== "observed") throw new Error(`expected a reading, got ${read.kind}`);
  return read.observation;
}

/** Writes `applicationTraffic` under a fault of the PATCH, and says what was sent. */
async function write(
  name: string,
  fault: FaultOrder["fault"] | undefined,
  how: { readonly by?: RoutingService; readonly meanwhile?: () => void } = {},
) {
  const observation = await observe(name);
  const wanted = { ...observation.storedMap, applicationTraffic: true, backupRestoreTraffic: false };
  if (fault) azure.orderFaults([{ match: { method: "PATCH" }, fault }]);
  how.meanwhile?.();
  const result = await (how.by ?? service).write({ observation, wanted, timeoutMs: 10_000 });
  const sent = azure.requests().filter(({ method }) => method === "PATCH" || method === "PUT");
  return { observation, wanted, result, sent, methods: sent.map(({ method }) => method) };
}

const stored = (name: string) => azure.sites().find((one) => one.name === name && one.slot === null);

describe("a PATCH that was accepted without effect", () => {
  test("stays alone, unless the fallback is configured", async () => {
    const { methods, result } = await write("app-x", { kind: "ignored" }, { by: without });
    expect(methods).toEqual(["PATCH"]);
    expect(result.kind).toBe("accepted");
    expect(stored("app-x")?.routing.applicationTraffic).toBe(false);
  });

  test("is followed by one PUT, which changes the routing and nothing else", async () => {
    azure.changeSite("platform-metrics", {
      routing: { applicationTraffic: false },
      identity: { type: "SystemAssigned" },
      tags: { owner: "platform" },
      properties: { httpsOnly: false, somethingNew: { of: "a later version" } },
    });
    const before = stored("platform-metrics");
    const { methods, result, wanted, observation, sent } = await write("platform-metrics", {
      kind: "ignored",
    });
    expect(methods).toEqual(["PATCH", "PUT"]);
    expect(result).toMatchObject({
      kind: "accepted",
      receipt: { way: "put", requestId: expect.any(String) },
    });
    expect(result).not.toHaveProperty("receipt.changedProperties");
    expect(sent[1]?.requestBody).toMatchObject({
      tags: { owner: "platform" },
      properties: { httpsOnly: false, somethingNew: { of: "a later version" }, outboundVnetRouting: wanted },
    });
    for (const key of ["properties.siteConfig", "identity", "id"]) {
      expect(sent[1]?.requestBody).not.toHaveProperty(key);
    }
    const after = stored("platform-metrics");
    expect({ ...after, routing: 0, effective: 0, lastModifiedTimeUtc: 0 }).toEqual({
      ...before,
      routing: 0,
      effective: 0,
      lastModifiedTimeUtc: 0,
    });
    const deadline = new Date(clock.now().getTime() + 5_000);
    const verified = await service.verify({ target: observation.target, wanted, deadline });
    expect(verified).toMatchObject({ kind: "equal", observation: { storedMap: { telemetryTraffic: true } } });
  });

  test("is told as accepted, with the reason, when the PUT is refused", async () => {
    azure.setBehaviour({ withheldActions: ["Microsoft.Network/virtualNetworks/subnets/join/action"] });
    const { methods, result } = await write("app-x", { kind: "ignored" });
    expect(methods).toEqual(["PATCH", "PUT"]);
    expect(result).toMatchObject({
      kind: "accepted",
      receipt: { fallbackRefused: expect.stringContaining("subnets/join/action") },
    });
    expect(result).not.toHaveProperty("receipt.way");
  });
});

describe("no PUT is sent", () => {
  test.each<[string, FaultOrder["fault"] | undefined]>([
    ["after a PATCH that worked", undefined],
    ["after one whose effect comes late", { kind: "late", readsUntilDone: 2 }],
    ["after one that goes on as an operation", { kind: "async", pollsUntilDone: 5 }],
    ["after one that took effect in part", { kind: "partial", keys: ["applicationTraffic"] }],
    ["after a refusal by policy", { kind: "policy" }],
    ["after a missing right", { kind: "denied" }],
    ["after a busy site", { kind: "busy" }],
    ["after a conflict", { kind: "site-config-conflict" }],
    ["after an answer that is not clear", { kind: "server-error" }],
    ["after a broken connection", { kind: "reset" }],
  ])("%s", async (_when, fault) => {
    // Of the two flags that change here, `partial` stores one.
    azure.changeSite("app-x", { routing: { backupRestoreTraffic: true } });
    expect((await write("app-x", fault)).methods).toEqual(["PATCH"]);
  });

  test("when somebody else changed the routing or the integration since it was approved", async () => {
    for (const meanwhile of [
      () => void azure.changeSite("app-x", { routing: { imagePullTraffic: true } }),
      () => void azure.changeSite("app-x", { properties: { virtualNetworkSubnetId: null } }),
      () => void azure.changeSite("app-x", { properties: { inProgressOperationId: "swap" } }),
    ]) {
      azure.reset();
      expect((await write("app-x", { kind: "ignored" }, { meanwhile })).methods).toEqual(["PATCH"]);
    }
  });
});
