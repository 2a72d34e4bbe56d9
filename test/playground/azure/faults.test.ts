import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { FaultOrder } from "../../../src/playground/azure/faults/fault.ts";
import { type Cloud, MODERN, sitePath, startCloud } from "./support/cloud.ts";

let cloud: Cloud;
beforeAll(async () => {
  cloud = await startCloud();
});
beforeEach(() => cloud.azure.reset());
afterAll(() => cloud.stop());

const site = sitePath("app-x");
const on = { properties: { outboundVnetRouting: { applicationTraffic: true, imagePullTraffic: true } } };
const patch = (path = site) => cloud.call(path, { method: "PATCH", body: on });
const stored = (name = "app-x") =>
  cloud.azure.sites().find((one) => one.name === name && one.slot === null)?.routing;

function order(fault: FaultOrder["fault"], match: FaultOrder["match"] = {}): void {
  cloud.azure.orderFaults([{ match, fault }]);
}

describe("faults that refuse", () => {
  it("throttled: 429 with Retry-After, once", async () => {
    order({ kind: "throttled", retryAfterSeconds: 7 });
    const reply = await cloud.call(site);
    expect(reply.status).toBe(429);
    expect(reply.headers["retry-after"]).toBe("7");
    expect(reply.headers["x-ms-ratelimit-remaining-subscription-reads"]).toBe("0");
    expect((await cloud.call(site)).status).toBe(200);
  });

  it("busy: 409 in App Service's envelope, for writes", async () => {
    order({ kind: "busy" });
    expect((await cloud.call(site)).status).toBe(200);
    const reply = await patch();
    expect(reply.status).toBe(409);
    expect(reply.body).toMatchObject({
      Code: "Conflict",
      Message: expect.stringContaining("another operation is in progress"),
    });
    expect(reply.body).not.toHaveProperty("error");
    expect(stored()).toMatchObject({ applicationTraffic: false });
  });

  it("server-error: in either envelope, before or after the write was made", async () => {
    order({ kind: "server-error" });
    expect((await patch()).body).toMatchObject({ Code: "InternalServerError" });
    expect(stored()).toMatchObject({ applicationTraffic: false });
    order({ kind: "server-error", status: 503, envelope: "arm", retryAfterSeconds: 2, when: "after" });
    const reply = await patch();
    expect(reply.status).toBe(503);
    expect(reply.body).toMatchObject({ error: { code: "ServiceUnavailable" } });
    expect(reply.headers["retry-after"]).toBe("2");
    expect(stored()).toMatchObject({ applicationTraffic: true });
  });

  it("denied: the action that is missing, on the site or on the linked subnet", async () => {
    order({ kind: "denied" });
    expect((await patch()).body).toMatchObject({
      error: { code: "AuthorizationFailed", message: expect.stringContaining("'Microsoft.Web/sites/Write'") },
    });
    order({ kind: "denied", action: "Microsoft.Network/virtualNetworks/subnets/join/action" });
    expect((await patch()).body).toMatchObject({
      error: {
        code: "LinkedAuthorizationFailed",
        message: expect.stringMatching(/subnets\/join\/action.*snet-apps/),
      },
    });
  });

  it("site-config-conflict: 400 with the code that the service uses", async () => {
    order({ kind: "site-config-conflict" });
    const reply = await patch();
    expect(reply.status).toBe(400);
    expect(reply.body).toMatchObject({ Details: [{}, {}, { ErrorEntity: { ExtendedCode: "01020" } }] });
    expect(stored()).toMatchObject({ applicationTraffic: false });
  });

  it("policy: 403 with the assignment that denies", async () => {
    order({ kind: "policy", policy: "deny-public-routing" });
    const reply = await patch();
    expect(reply.status).toBe(403);
    expect(reply.body).toMatchObject({
      error: {
        code: "RequestDisallowedByPolicy",
        additionalInfo: [{ type: "PolicyViolation", info: { policyAssignmentName: "deny-public-routing" } }],
      },
    });
  });
});

describe("faults that mislead", () => {
  it("ignored: 200 with what was asked, or with what is stored, and nothing is stored", async () => {
    order({ kind: "ignored" });
    const asked = await patch();
    expect(asked.status).toBe(200);
    expect(asked.body).toMatchObject({ properties: { outboundVnetRouting: { applicationTraffic: true } } });
    expect(stored()).toMatchObject({ applicationTraffic: false });
    order({ kind: "ignored", reply: "as-stored" });
    expect((await patch()).body).toMatchObject({
      properties: { outboundVnetRouting: { applicationTraffic: false } },
    });
  });

  it("late: 200 at once, and done after so many reads of the site", async () => {
    order({ kind: "late", readsUntilDone: 2 });
    expect((await patch()).body).toMatchObject({
      properties: { outboundVnetRouting: { applicationTraffic: true } },
    });
    const read = async () => (await cloud.call(site)).body;
    expect(await read()).toMatchObject({
      properties: { outboundVnetRouting: { applicationTraffic: false }, inProgressOperationId: null },
    });
    expect(await read()).toMatchObject({ properties: { outboundVnetRouting: { applicationTraffic: true } } });
  });

  it("partial: only the named keys are stored", async () => {
    order({ kind: "partial", keys: ["imagePullTraffic"] });
    expect((await patch()).body).toMatchObject({
      properties: { outboundVnetRouting: { applicationTraffic: true } },
    });
    expect(stored()).toMatchObject({ applicationTraffic: false, imagePullTraffic: true });
  });

  it("slow: answers late, and makes the write although the client has gone", async () => {
    order({ kind: "slow", delayMs: 150 });
    await expect(cloud.call(site, { method: "PATCH", body: on, timeoutMs: 30 })).rejects.toThrow();
    await expect.poll(() => stored()).toMatchObject({ applicationTraffic: true });
    order({ kind: "slow", delayMs: 40, when: "after" });
    const started = performance.now();
    expect((await cloud.call(site)).status).toBe(200);
    expect(performance.now() - started).toBeGreaterThan(35);
  });

  it.each(["before", "after"] as const)(
    "reset: the connection breaks %s the write was made",
    async (when) => {
      order({ kind: "reset", when });
      await expect(patch()).rejects.toMatchObject({ code: "ECONNRESET" });
      expect(stored()).toMatchObject({ applicationTraffic: when === "after" });
      expect(cloud.azure.requests().at(-1)).toMatchObject({ end: "reset", status: null, fault: "reset" });
    },
  );

  it.each(["before", "after"] as const)("hang: no answer comes; hanging %s the write", async (when) => {
    order({ kind: "hang", when });
    await expect(cloud.call(site, { method: "PATCH", body: on, timeoutMs: 60 })).rejects.toThrow();
    expect(stored()).toMatchObject({ applicationTraffic: when === "after" });
    expect(cloud.azure.requests().at(-1)).toMatchObject({ end: "hung" });
  });
});

describe("long-running writes", () => {
  it("async: 202 with both addresses; polling the status finishes it", async () => {
    order({ kind: "async", pollsUntilDone: 2, retryAfterSeconds: 3 });
    const reply = await patch();
    expect(reply.status).toBe(202);
    expect(reply.headers["retry-after"]).toBe("3");
    const status = String(reply.headers["azure-asyncoperation"]);
    expect(status.startsWith(`${cloud.azure.url}/subscriptions/`)).toBe(true);
    expect(stored()).toMatchObject({ applicationTraffic: false });
    expect((await patch()).status).toBe(409);
    const poll = () => cloud.call(status.replace(cloud.azure.url, ""));
    expect((await poll()).body.status).toBe("InProgress");
    expect((await poll()).body.status).toBe("Succeeded");
    expect(stored()).toMatchObject({ applicationTraffic: true, imagePullTraffic: true });
    expect((await patch()).status).toBe(200);
  });

  it("async: Location answers 202 until the site is there", async () => {
    order({ kind: "async", pollsUntilDone: 2 });
    const location = String((await patch()).headers.location).replace(cloud.azure.url, "");
    expect((await cloud.call(location)).status).toBe(202);
    const done = await cloud.call(location);
    expect(done.status).toBe(200);
    expect(done.body).toMatchObject({
      name: "app-x",
      properties: { outboundVnetRouting: { imagePullTraffic: true } },
    });
  });

  it("async: can fail, and then nothing is stored", async () => {
    order({ kind: "async", pollsUntilDone: 1, outcome: "failed" });
    const status = String((await patch()).headers["azure-asyncoperation"]).replace(cloud.azure.url, "");
    expect((await cloud.call(status)).body).toMatchObject({
      status: "Failed",
      error: { code: "OperationFailed" },
    });
    expect(stored()).toMatchObject({ applicationTraffic: false });
  });

  it("shop-mail is always like that, and reading the site brings it on too", async () => {
    const mail = sitePath("shop-mail");
    expect((await patch(mail)).status).toBe(202);
    const first = await cloud.call(mail);
    expect(first.body).toMatchObject({
      properties: {
        inProgressOperationId: expect.any(String),
        outboundVnetRouting: { applicationTraffic: false },
      },
    });
    const second = await cloud.call(mail);
    expect(second.body).toMatchObject({
      properties: { inProgressOperationId: null, outboundVnetRouting: { applicationTraffic: true } },
    });
  });

  it("an unknown operation is a 404", async () => {
    const path = sitePath("app-x", { after: "/operationResults/00000000-0000-0000-0000-000000000000" });
    expect((await cloud.call(path)).status).toBe(404);
  });
});

describe("which requests meet a fault", () => {
  it.each<[string, FaultOrder["match"], string[]]>([
    ["a method", { method: "PATCH" }, ["PATCH app-x", "PATCH app-x/staging", "PATCH app-y"]],
    ["a site, not its slots", { site: "APP-X" }, ["GET app-x", "PATCH app-x"]],
    ["a slot", { site: "app-x/staging" }, ["GET app-x/staging", "PATCH app-x/staging"]],
    ["a path", { path: "/sites/app-y$" }, ["GET app-y", "PATCH app-y"]],
    ["a route", { route: "slots/get" }, ["GET app-x/staging"]],
    ["all of it", { method: "GET", site: "app-y" }, ["GET app-y"]],
  ])("by %s", async (_what, match, expected) => {
    cloud.azure.orderFaults([{ match, times: null, fault: { kind: "throttled" } }]);
    const met: string[] = [];
    for (const name of ["app-x", "app-x/staging", "app-y"]) {
      for (const method of ["GET", "PATCH"]) {
        const reply = await cloud.call(sitePath(name), {
          method,
          ...(method === "PATCH" ? { body: {} } : {}),
        });
        if (reply.status === 429) met.push(`${method} ${name}`);
      }
    }
    expect(met.sort()).toEqual(expected.sort());
  });

  it("as many as were ordered, in the order of the list", async () => {
    cloud.azure.orderFaults([
      { times: 2, fault: { kind: "throttled" } },
      { fault: { kind: "server-error" } },
    ]);
    const statuses: number[] = [];
    for (let count = 0; count < 4; count += 1) statuses.push((await cloud.call(site)).status);
    expect(statuses).toEqual([429, 429, 500, 200]);
    expect(cloud.azure.faults()).toMatchObject([
      { remaining: 0, met: 2 },
      { remaining: 0, met: 1 },
    ]);
  });

  it("never one without a good token, nor the token authority", async () => {
    cloud.azure.orderFaults([{ times: null, fault: { kind: "server-error" } }]);
    expect((await cloud.call(site, { token: null })).status).toBe(401);
    expect((await cloud.call(`/${cloud.azure.tenantId}/discovery/keys`, { token: null })).status).toBe(200);
  });
});

describe("a site with an operation in progress", () => {
  it("refuses every write until the operation is gone", async () => {
    const reply = await patch(sitePath("shop-pay"));
    expect(reply.status).toBe(409);
    expect(reply.body).toMatchObject({ Details: [{}, {}, { ErrorEntity: { ExtendedCode: "59203" } }] });
    cloud.azure.changeSite("shop-pay", { properties: { inProgressOperationId: null } });
    expect((await patch(sitePath("shop-pay", { version: MODERN }))).status).toBe(200);
  });
});
