import { afterAll, beforeAll, expect, test } from "vitest";
import { createRoutingService } from "../../../src/adapters/azure/routing-service.ts";
import { effectiveValues } from "../../../src/domain/routing/effective-value.ts";
import type { SiteSummary } from "../../../src/playground/azure/admin/site-summary.ts";
import { createFastClock } from "../../support/fast-clock.ts";
import { startTrustedAzure, type TrustedAzure } from "../../support/local-azure.ts";
import { createMemoryLog } from "../../support/memory-log.ts";

let trusted: TrustedAzure;
beforeAll(async () => {
  trusted = await startTrustedAzure();
});
afterAll(() => trusted?.close());

const none = { applicationTraffic: null, imagePullTraffic: null, contentShareTraffic: null };
const legacy = (WEBSITE_VNET_ROUTE_ALL: string | null) => ({ appSettings: { WEBSITE_VNET_ROUTE_ALL } });

test.each([
  ["allTraffic on decides, whatever else is said", { routing: { allTraffic: true } }, "vnet"],
  ["the flag is on", { routing: { applicationTraffic: true } }, "vnet"],
  [
    "the flag is on and the setting says off",
    { routing: { applicationTraffic: true }, ...legacy("0") },
    "vnet",
  ],
  ["the flag is not there and the setting is on", { routing: none, ...legacy("1") }, "vnet"],
  ["everything is off", {}, "public"],
  ["the flag is off and the setting is on", legacy("1"), "likely-vnet"],
  ["the flag is off and the setting looks on", legacy(" TRUE "), "likely-vnet"],
  ["the setting says off", legacy("0"), "public"],
  ["the setting is empty", legacy(""), "public"],
  ["not integrated", { properties: { virtualNetworkSubnetId: null } }, "not-integrated"],
  ["secured by a perimeter", { properties: { publicNetworkAccess: "SecuredByPerimeter" } }, "likely-vnet"],
  ["an environment", { properties: { hostingEnvironmentProfile: { id: "x" } } }, "not-applicable"],
  ["Flex Consumption", { properties: { sku: "FlexConsumption" } }, "not-applicable"],
] as const)("%s", (_, change, expected) => {
  const { azure } = trusted;
  azure.reset();
  const site = azure.changeSite("app-y", change);
  expect(site.effective.applicationTraffic).toBe(expected);
});

test("an environment pulls images over its network, and allTraffic that is off leaves it to each flag", () => {
  const { azure } = trusted;
  azure.reset();
  expect(azure.changeSite("platform-core", {}).effective.imagePullTraffic).toBe("vnet");
  expect(azure.changeSite("app-y", {}).effective.allTraffic).toBe("by-flag");
  expect(azure.changeSite("platform-erp", {}).effective.applicationTraffic).toBe("not-applicable");
});

test("for every site of the local Azure, page and bot say the same, though neither knows the other's rules", async () => {
  const { azure, settings } = trusted;
  azure.reset();
  // In rg-platform the bot may not read app settings and says so; the page knows them.
  const comparable = azure.sites().filter(({ resourceGroup }) => resourceGroup !== "rg-platform");
  expect(comparable.length).toBeGreaterThan(25);
  const service = createRoutingService(settings, { clock: createFastClock(), log: createMemoryLog() });
  for (const site of comparable) {
    const read = await service.observe(targetOf(site));
    if (read.kind !== "observed") throw new Error(`${site.id}: ${read.kind}`);
    const values = Object.entries(effectiveValues(read.observation));
    const routes = Object.fromEntries(values.map(([flag, { route }]) => [flag, route]));
    expect([site.id, routes]).toEqual([site.id, site.effective]);
  }
});

function targetOf({ id, subscriptionId, resourceGroup, name, slot, defaultHostName }: SiteSummary) {
  const slotted = slot === null ? {} : { slot };
  return { resourceId: id, subscriptionId, resourceGroup, site: name, ...slotted, defaultHostName };
}
