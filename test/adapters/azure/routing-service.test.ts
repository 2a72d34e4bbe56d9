import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createRoutingService } from "../../../src/adapters/azure/routing-service.ts";
import type { TargetReference } from "../../../src/domain/command.ts";
import type { SiteObservation } from "../../../src/domain/routing/site-observation.ts";
import type { RoutingService } from "../../../src/ports/routing-service.ts";
import { noTelemetry, type Telemetry } from "../../../src/ports/telemetry.ts";
import { createFastClock } from "../../support/fast-clock.ts";
import { startTrustedAzure, type TrustedAzure } from "../../support/local-azure.ts";
import { createMemoryLog, type MemoryLog } from "../../support/memory-log.ts";

/** What the conformance suite cannot see: the requests on the wire, the kinds of sites, signing in. */

const prod = "4c2e9f10-7a3b-4d52-8e61-0b9d3f5a1c01";
const clock = createFastClock();
let cloud: TrustedAzure;
let service: RoutingService;
let log: MemoryLog;

beforeAll(async () => {
  cloud = await startTrustedAzure();
});
afterAll(async () => await cloud.close());
beforeEach(() => {
  cloud.azure.reset();
  log = createMemoryLog();
  service = createRoutingService(cloud.settings, { clock, log });
});

async function targetOf(reference: TargetReference) {
  const result = await service.find(reference);
  if (result.kind !== "found") throw new Error(`expected one site, got ${JSON.stringify(result)}`);
  return result.target;
}

async function observe(reference: TargetReference): Promise<SiteObservation> {
  const result = await service.observe(await targetOf(reference));
  if (result.kind !== "observed") throw new Error(`expected a reading, got ${JSON.stringify(result)}`);
  return result.observation;
}

/** The requests to the resource manager, as `METHOD route`, since the last call. */
function wire(): () => readonly string[] {
  const start = cloud.azure.requests().at(-1)?.sequence ?? 0;
  return () =>
    cloud.azure
      .requests(start)
      .filter(({ surface }) => surface === "arm")
      .map(({ method, route }) => `${method} ${route}`);
}

async function change(site: SiteObservation, map: Readonly<Record<string, boolean>>) {
  const wanted = { ...site.storedMap, ...map };
  const written = await service.write({ observation: site, wanted, timeoutMs: 5_000 });
  const verified = await service.verify({
    target: site.target,
    wanted,
    deadline: new Date(clock.now().getTime() + 10_000),
    ...(written.kind === "accepted" ? { receipt: written.receipt } : {}),
  });
  return { written, verified };
}

describe("a process that did not run for a while, right before a write", () => {
  /** As if the process had been stopped: nothing runs, no timer either. */
  const standsStill: Telemetry = {
    ...noTelemetry,
    step(step, _course, work) {
      if (step.kind === "arm" && step.method !== "GET") {
        for (const until = performance.now() + 60; performance.now() < until; );
      }
      return work();
    },
  };

  test.each(["its lease", "its time limit"])("sends nothing once %s has run out", async (which) => {
    const site = await observe({ name: "shop-web" });
    const slow = createRoutingService(cloud.settings, { clock, log, telemetry: standsStill });
    await slow.observe(site.target);
    const requests = wire();
    const lease = new AbortController();
    if (which === "its lease") setTimeout(() => lease.abort(new Error("the job was taken over")), 30);
    const written = slow.write({
      observation: site,
      wanted: { ...site.storedMap, applicationTraffic: true },
      timeoutMs: which === "its lease" ? 5_000 : 30,
      signal: lease.signal,
    });
    if (which === "its lease") await expect(written).rejects.toThrow("taken over");
    else expect((await written).kind).toBe("unclear");
    // Whatever was on its way has arrived by the time that this has.
    await slow.observe(site.target);
    expect(requests().filter((request) => request.startsWith("PATCH"))).toEqual([]);
  });
});

describe("the requests of a change", () => {
  test("four, and app settings where they are readable", async () => {
    await observe({ name: "app-x" });
    const requests = wire();
    await observe({ name: "shop-web" });
    const { verified } = await change(await observe({ name: "shop-web" }), { applicationTraffic: true });
    expect(verified.kind).toBe("equal");
    const counted = requests().filter((request) => !request.includes("app-settings"));
    expect(counted).toEqual(["GET sites/get", "GET sites/get", "PATCH sites/patch", "GET sites/get"]);
  });

  test("the body is the whole map and nothing else", async () => {
    const site = await observe({ name: "platform-metrics" });
    await change(site, { allTraffic: true });
    const patch = cloud.azure.requests().find(({ method }) => method === "PATCH");
    expect(patch?.requestBody).toEqual({
      properties: { outboundVnetRouting: { ...site.storedMap, allTraffic: true } },
    });
    expect(site.storedMap).toHaveProperty("telemetryTraffic");
    expect(patch?.apiVersion).toBe("2025-05-01");
  });

  test("a throttled read waits as long as it is asked to and is tried again", async () => {
    const target = await targetOf({ name: "shop-web" });
    cloud.azure.orderFaults([{ match: { route: "sites/get" }, times: 2, fault: { kind: "throttled" } }]);
    const [requests, started] = [wire(), clock.now().getTime()];
    expect((await service.observe(target, { withoutAppSettings: true })).kind).toBe("observed");
    expect(requests()).toEqual(["GET sites/get", "GET sites/get", "GET sites/get"]);
    expect(clock.now().getTime() - started).toBeGreaterThanOrEqual(2_000);
  });

  test("a long wait is left to the caller", async () => {
    const target = await targetOf({ name: "shop-web" });
    cloud.azure.orderFaults([
      { match: { route: "sites/get" }, times: null, fault: { kind: "throttled", retryAfterSeconds: 120 } },
    ]);
    const requests = wire();
    expect(await service.observe(target, { withoutAppSettings: true })).toMatchObject({
      kind: "failed",
      failure: { code: "azure-throttled", retryAfterMs: 120_000 },
    });
    expect(requests()).toHaveLength(1);
  });

  test("a read over a broken connection is tried again, and given up after three times", async () => {
    const target = await targetOf({ name: "shop-web" });
    const faults = (times: number) =>
      cloud.azure.orderFaults([{ match: { route: "sites/get" }, times, fault: { kind: "reset" } }]);
    faults(2);
    expect((await service.observe(target)).kind).toBe("observed");
    faults(3);
    expect(await service.observe(target)).toMatchObject({
      kind: "failed",
      failure: { code: "azure-unreachable" },
    });
  });

  test("app settings that may not be listed are not asked for again and again", async () => {
    const target = await targetOf({ name: "platform-status" });
    const requests = wire();
    await service.observe(target);
    await service.observe(target);
    expect(requests().filter((request) => request.startsWith("POST"))).toHaveLength(1);
  });

  test("app settings that break do not spoil the reading", async () => {
    const target = await targetOf({ name: "shop-legacy" });
    cloud.azure.orderFaults([{ match: { path: "appsettings" }, times: null, fault: { kind: "reset" } }]);
    expect(await service.observe(target)).toMatchObject({
      kind: "observed",
      observation: { legacy: { WEBSITE_VNET_ROUTE_ALL: "unknown" }, flags: { allTraffic: false } },
    });
  });

  test("no value of an app setting leaves the adapter", async () => {
    const site = await observe({ name: "shop-fn" });
    expect(site).toMatchObject({ contentSettings: "present", legacy: { WEBSITE_CONTENTOVERVNET: "on" } });
    cloud.azure.orderFaults([{ match: { path: "appsettings" }, times: null, fault: { kind: "denied" } }]);
    await service.observe(site.target);
    expect(JSON.stringify([site, log.lines])).not.toMatch(/AccountKey|not-a-real-key/);
  });
});

describe("the inventory", () => {
  test("is read once, page by page, and shared by all who ask at the same time", async () => {
    cloud.azure.setBehaviour({ pageSize: 3 });
    const requests = wire();
    const results = await Promise.all(
      ["app-x", "shop-mail", "platform-status", "shop-lab"].map((name) => service.find({ name })),
    );
    expect(results.map(({ kind }) => kind)).toEqual(["found", "found", "found", "found"]);
    const pages = requests().filter((request) => request === "GET sites/list").length;
    expect(pages).toBe(Math.ceil(sitesIn("shop-prod") / 3) + Math.ceil(sitesIn("shop-dev") / 3));
    const later = wire();
    await service.find({ name: "shop-web" });
    expect(later()).toEqual([]);
  });

  function sitesIn(subscription: string): number {
    return cloud.azure.sites().filter((site) => site.subscription === subscription && site.slot === null)
      .length;
  }

  test("with rights on single groups is read group by group", async () => {
    cloud.azure.orderFaults([{ match: { route: "sites/list" }, times: null, fault: { kind: "denied" } }]);
    expect((await targetOf({ name: "shop-lab" })).resourceGroup).toBe("rg-shop-dev");
  });

  test("that cannot be read is a failure, not an empty one", async () => {
    cloud.azure.orderFaults([
      {
        match: { path: "/sites" },
        times: null,
        fault: { kind: "denied", action: "Microsoft.Web/sites/Read" },
      },
    ]);
    expect(await service.find({ name: "shop-web" })).toMatchObject({
      kind: "failed",
      failure: { code: "azure-denied", missingAction: "Microsoft.Web/sites/Read" },
    });
  });

  test("of one subscription is a failure as well: a second site of that name may be there", async () => {
    cloud.azure.orderFaults([
      { match: { path: `${prod}/.*(sites|resourcegroups)` }, times: null, fault: { kind: "server-error" } },
    ]);
    expect((await service.find({ name: "shop-lab" })).kind).toBe("failed");
    expect((await service.find({ name: "shop-lab", subscription: "shop-dev" })).kind).toBe("found");
  });

  test("waits for nobody who has stopped waiting", async () => {
    cloud.azure.orderFaults([{ match: { route: "sites/list" }, fault: { kind: "slow", delayMs: 400 } }]);
    const stop = new AbortController();
    const first = service.find({ name: "shop-web" }, { signal: stop.signal });
    const second = service.find({ name: "shop-web" });
    stop.abort(new Error("enough"));
    await expect(first).rejects.toThrow("enough");
    expect((await second).kind).toBe("found");
  });
});

describe("kinds of sites", () => {
  const kinds: readonly [string, object][] = [
    ["shop-admin", { integration: { kind: "none" } }],
    ["platform-erp", { integration: { kind: "gateway" } }],
    ["platform-core", { integration: { kind: "environment" }, sku: "IsolatedV2" }],
    ["platform-ingest", { sku: "FlexConsumption", workload: { function: true } }],
    ["platform-events", { sku: "Dynamic", workload: { function: true, workflow: false } }],
    ["platform-flows", { workload: { function: true, workflow: true } }],
    ["platform-vault", { securedByPerimeter: true, managedIdentity: true }],
    ["platform-status", { state: "Stopped" }],
    ["shop-demo", { sku: "Free" }],
    ["shop-web", { workload: { container: "none", function: false }, managedIdentity: false }],
    ["shop-images", { workload: { container: "linux" }, legacy: { WEBSITE_PULL_IMAGE_OVER_VNET: "on" } }],
    ["shop-feed", { workload: { container: "linux" } }],
    ["shop-blog", { workload: { container: "compose" } }],
    ["shop-reports", { workload: { container: "windows" } }],
    ["shop-reviews", { legacy: { WEBSITE_VNET_ROUTE_ALL: "off" } }],
    ["shop-partner", { target: { tags: { "managed-by": "terraform" } } }],
    ["shop-pay", { operationInProgress: expect.any(String) }],
  ];
  test.each(kinds)("%s", async (name, expected) => {
    expect(await observe({ name })).toMatchObject(expected);
  });
});

describe("a cloud that only knows the old properties", () => {
  beforeEach(() => {
    cloud.azure.setBehaviour({ legacyOnlySubscriptions: [prod] });
  });

  test("is recognised, read and written by their names", async () => {
    const site = await observe({ name: "shop-web" });
    expect(site).toMatchObject({
      generation: "legacy",
      apiVersion: expect.stringMatching(/^202[0-4]-/),
      storedMap: {
        applicationTraffic: false,
        imagePullTraffic: false,
        contentShareTraffic: false,
        backupRestoreTraffic: false,
      },
    });
    expect(site.flags).not.toHaveProperty("allTraffic");
    const { verified } = await change(site, { applicationTraffic: true });
    expect(verified).toMatchObject({ kind: "equal", observation: { flags: { applicationTraffic: true } } });
    const patch = cloud.azure.requests().find(({ method }) => method === "PATCH");
    expect(patch?.requestBody).toEqual({
      properties: {
        vnetRouteAllEnabled: true,
        vnetImagePullEnabled: false,
        vnetContentShareEnabled: false,
        vnetBackupRestoreEnabled: false,
      },
    });
  });

  test("does not decide for the other subscription", async () => {
    expect((await observe({ name: "shop-web-dev" })).generation).toBe("modern");
  });
});

describe("signing in", () => {
  const names = [
    "AZURE_CLIENT_SECRET",
    "AZURE_TOKEN_CREDENTIALS",
    "IDENTITY_ENDPOINT",
    "IDENTITY_HEADER",
  ] as const;

  async function withEnvironment(
    values: Partial<Record<(typeof names)[number], string>>,
    run: () => Promise<void>,
  ) {
    const before = names.map((name) => [name, process.env[name]] as const);
    Object.assign(process.env, values);
    try {
      await run();
    } finally {
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
  }

  test("works with a user-assigned managed identity", async () => {
    const { clientId, endpoint, header } = cloud.azure.credentials.managedIdentity;
    await withEnvironment(
      {
        AZURE_TOKEN_CREDENTIALS: "ManagedIdentityCredential",
        IDENTITY_ENDPOINT: endpoint,
        IDENTITY_HEADER: header,
      },
      async () => {
        const settings = { ...cloud.settings, managedIdentityClientId: clientId };
        service = createRoutingService(settings, { clock, log });
        expect((await observe({ name: "shop-web" })).flags.allTraffic).toBe(false);
      },
    );
  });

  test("that fails is told as such, and a write is known not to have happened", async () => {
    const site = await observe({ name: "shop-web" });
    await withEnvironment({ AZURE_CLIENT_SECRET: "wrong" }, async () => {
      const stranger = createRoutingService(cloud.settings, { clock, log });
      expect(await stranger.find({ name: "shop-web" })).toMatchObject({
        kind: "failed",
        failure: { code: "azure-signin" },
      });
      const requests = wire();
      const wanted = { ...site.storedMap, applicationTraffic: true };
      expect(await stranger.write({ observation: site, wanted, timeoutMs: 5_000 })).toMatchObject({
        kind: "refused",
        failure: { code: "azure-signin" },
      });
      expect(requests()).toEqual([]);
    });
    expect(JSON.stringify(log.lines)).not.toContain(cloud.azure.credentials.routing.clientSecret);
  });
});
