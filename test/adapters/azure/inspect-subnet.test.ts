import { afterAll, beforeAll, expect, test } from "vitest";
import { createSubnetInspector } from "../../../src/adapters/azure/inspect-subnet.ts";
import { createRoutingService } from "../../../src/adapters/azure/routing-service.ts";
import { verdictForStorage } from "../../../src/domain/routing/subnet-inspection.ts";
import type { RoutingService } from "../../../src/ports/routing-service.ts";
import { createFastClock } from "../../support/fast-clock.ts";
import { startTrustedAzure } from "../../support/local-azure.ts";
import { createMemoryLog } from "../../support/memory-log.ts";
import { armAnswer, scriptedManager } from "./peers.ts";

let azure: Awaited<ReturnType<typeof startTrustedAzure>>;
let service: RoutingService;
beforeAll(async () => {
  azure = await startTrustedAzure();
  service = createRoutingService(azure.settings, { clock: createFastClock(), log: createMemoryLog() });
});
afterAll(() => azure?.close());

/** The integration subnet of a site, as its reading names it. */
async function inspectOf(name: string) {
  const found = await service.find({ name });
  if (found.kind !== "found") throw new Error(`no ${name}`);
  const observed = await service.observe(found.target);
  const integration = observed.kind === "observed" ? observed.observation.integration : undefined;
  if (integration?.kind !== "regional") throw new Error(`${name} is not integrated`);
  return service.inspectSubnet(integration.subnetId);
}

test("reads the rules of a subnet's security group, and what they say about ports", async () => {
  const inspection = await inspectOf("shop-fn");
  if (inspection.kind !== "read" || !inspection.securityGroup) throw new Error("not read");
  expect(inspection.securityGroup.name).toBe("nsg-functions");
  expect(verdictForStorage(inspection.securityGroup.rules, 443)).toEqual({ kind: "allowed" });
  expect(verdictForStorage(inspection.securityGroup.rules, 445)).toEqual({
    kind: "denied",
    rule: "DenyFileShareOut",
  });
  expect(inspection.defaultRouteTable).toBeUndefined();
});

test("reads a default route to an appliance", async () => {
  expect(await inspectOf("platform-auth")).toMatchObject({ kind: "read", defaultRouteTable: "rt-egress" });
});

test("names the right that is missing, instead of saying that nothing is in the way", async () => {
  const action = "Microsoft.Network/virtualNetworks/subnets/read";
  const message = `The client does not have authorization to perform action '${action}' over scope '/x'.`;
  const arm = scriptedManager(armAnswer(403, { error: { code: "AuthorizationFailed", message } }));
  const inspect = createSubnetInspector(arm, { clock: createFastClock(), log: createMemoryLog() });
  expect(await inspect("/x")).toEqual({ kind: "unreadable", missingAction: action });
});

test("a security group that cannot be read makes all of it unreadable", async () => {
  const arm = scriptedManager(
    armAnswer(200, { properties: { networkSecurityGroup: { id: "/nsg" } } }),
    armAnswer(403, {}),
  );
  const inspect = createSubnetInspector(arm, { clock: createFastClock(), log: createMemoryLog() });
  expect(await inspect("/x")).toEqual({ kind: "unreadable" });
});
