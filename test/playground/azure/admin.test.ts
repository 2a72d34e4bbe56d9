import { readFileSync } from "node:fs";
import { request } from "node:https";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { type Cloud, sitePath, startCloud } from "./support/cloud.ts";

let cloud: Cloud;
beforeAll(async () => {
  cloud = await startCloud({ trustedOrigins: ["http://127.0.0.1:4000"] });
});
beforeEach(() => cloud.azure.reset());
afterAll(() => cloud.stop());

const admin = (method: string, path: string, body?: unknown) =>
  cloud.call(`/_local${path}`, { method, token: null, ...(body === undefined ? {} : { body }) });

describe("faults over HTTP", () => {
  it("are ordered, added to, listed and withdrawn", async () => {
    const put = await admin("PUT", "/faults", [
      { match: { site: "app-x" }, fault: { kind: "throttled", retryAfterSeconds: 2 } },
    ]);
    expect(JSON.parse(put.text)).toMatchObject([{ remaining: 1, met: 0, fault: { kind: "throttled" } }]);
    await admin("POST", "/faults", [{ fault: { kind: "busy" }, times: null }]);
    expect(JSON.parse((await admin("GET", "/faults")).text)).toHaveLength(2);
    expect((await cloud.call(sitePath("app-x"))).status).toBe(429);
    expect((await admin("DELETE", "/faults")).status).toBe(204);
    expect(cloud.azure.faults()).toEqual([]);
  });

  it.each([
    ["not a list", { kind: "busy" }, "expected array"],
    ["an unknown kind", [{ fault: { kind: "explode" } }], "0.fault.kind"],
    ["a misspelt option", [{ fault: { kind: "slow", delay: 5 } }], "delayMs"],
    ["a broken expression", [{ match: { path: "(" }, fault: { kind: "busy" } }], "not a regular expression"],
    ["a write's fault for reads", [{ match: { method: "GET" }, fault: { kind: "busy" } }], "PUT and PATCH"],
    ["zero times", [{ times: 0, fault: { kind: "busy" } }], "0.times"],
  ])("refuse %s and say what is wrong", async (_what, body, text) => {
    const reply = await admin("PUT", "/faults", body);
    expect(reply.status).toBe(400);
    expect(reply.text).toContain(text);
  });
});

describe("the request log", () => {
  it("shows who asked for what, in order, with bodies", async () => {
    await cloud.call(sitePath("app-x"));
    await cloud.call(sitePath("app-x"), {
      method: "PATCH",
      body: { properties: { outboundVnetRouting: { allTraffic: true } } },
      headers: { "x-ms-client-request-id": "mine" },
    });
    const log = JSON.parse((await admin("GET", "/requests")).text);
    expect(log).toMatchObject([
      { surface: "arm", method: "GET", route: "sites/get", site: "app-x", status: 200, principal: "routing" },
      {
        method: "PATCH",
        route: "sites/patch",
        apiVersion: "2025-05-01",
        clientRequestId: "mine",
        requestBody: { properties: { outboundVnetRouting: { allTraffic: true } } },
      },
    ]);
    expect(log[1].sequence).toBeGreaterThan(log[0].sequence);
    const later = JSON.parse((await admin("GET", `/requests?after=${log[0].sequence}`)).text);
    expect(later).toHaveLength(1);
    await admin("DELETE", "/requests");
    expect(JSON.parse((await admin("GET", "/requests")).text)).toEqual([]);
  });

  it("hides app settings, secrets and tokens, but shows the legacy settings", async () => {
    const list = await cloud.call(sitePath("shop-legacy", { after: "/config/appsettings/list" }), {
      method: "POST",
    });
    const secret = "SuperSecret1";
    await cloud.call(sitePath("shop-legacy", { after: "/config/appsettings" }), {
      method: "PUT",
      body: { properties: { KEY: secret, WEBSITE_VNET_ROUTE_ALL: "1" } },
    });
    const appSettings = [{ name: "OTHER", value: secret }];
    await cloud.call(sitePath("shop-legacy"), {
      method: "PATCH",
      body: { properties: { siteConfig: { appSettings } } },
    });
    const text = JSON.stringify(cloud.azure.requests());
    expect(list.text).toContain("not-a-real-secret");
    expect(text).not.toContain("not-a-real-secret");
    expect(text).not.toContain(secret);
    expect(text).not.toContain(cloud.azure.credentials.routing.clientSecret);
    expect(text).not.toContain("eyJ");
    expect(text).toContain('"WEBSITE_VNET_ROUTE_ALL":"1"');
    expect(text).toContain('"KEY":"(hidden)"');
  });
});

describe("sites over HTTP", () => {
  it("are listed without secrets", async () => {
    const reply = await admin("GET", "/sites");
    expect(JSON.parse(reply.text)).toHaveLength(cloud.azure.sites().length);
    expect(reply.text).not.toContain("not-a-real-secret");
  });

  it("can be changed behind everybody's back: flags, settings, tags, properties", async () => {
    const reply = await admin("PATCH", "/sites/app-x/staging", {
      routing: { applicationTraffic: true },
      appSettings: { WEBSITE_VNET_ROUTE_ALL: "1", LOG_LEVEL: null },
      tags: { owner: "me", team: null },
      properties: { virtualNetworkSubnetId: null },
    });
    expect(reply.body).toMatchObject({
      routing: { applicationTraffic: true },
      legacySettings: { WEBSITE_VNET_ROUTE_ALL: "1" },
      tags: { owner: "me" },
      subnetId: null,
    });
    const { body } = await cloud.call(sitePath("app-x/staging"));
    expect(body).toMatchObject({ properties: { outboundVnetRouting: { applicationTraffic: true } } });
    expect(cloud.azure.requests().filter((one) => one.method === "PATCH")).toEqual([]);
  });

  it("are named by their id where a name is not enough", async () => {
    const change = { routing: { allTraffic: true } };
    const several = await admin("PATCH", "/sites/orders-api", change);
    expect(several.status).toBe(409);
    const id = cloud.azure.sites().find((site) => site.name === "orders-api")?.id ?? "";
    expect((await admin("PATCH", `/sites${id}`, change)).body).toMatchObject({ id, routing: change.routing });
    expect((await admin("GET", "/sites/nobody")).status).toBe(404);
    expect((await admin("PATCH", "/sites/app-x", { routing: { allTraffic: "yes" } })).status).toBe(400);
    expect((await admin("PATCH", "/sites/app-x", { rooting: {} })).text).toContain("rooting");
  });
});

describe("behaviour, reset and snapshots", () => {
  it("changes and checks the behaviour", async () => {
    const reply = await admin("PATCH", "/behaviour", { nestedRouting: "replace" });
    expect(reply.body).toMatchObject({ nestedRouting: "replace", pageSize: 10 });
    expect((await admin("PATCH", "/behaviour", { pageSize: 0 })).status).toBe(400);
    expect((await admin("GET", "/behaviour")).body).toEqual(cloud.azure.behaviour());
  });

  it("goes back to the beginning", async () => {
    const beginning = cloud.azure.sites();
    await admin("PATCH", "/sites/app-x", { routing: { allTraffic: true } });
    await admin("PUT", "/faults", [{ fault: { kind: "busy" } }]);
    await admin("PATCH", "/behaviour", { pageSize: 2 });
    expect((await admin("POST", "/reset")).status).toBe(204);
    expect(cloud.azure.sites()).toEqual(beginning);
    expect(cloud.azure.faults()).toEqual([]);
    expect(cloud.azure.behaviour().pageSize).toBe(10);
  });

  it("takes a snapshot up again, through JSON, and refuses what is none", () => {
    cloud.azure.changeSite("app-x", { routing: { allTraffic: true } });
    cloud.azure.setBehaviour({ pageSize: 4 });
    const kept: unknown = JSON.parse(JSON.stringify(cloud.azure.snapshot()));
    cloud.azure.reset();
    cloud.azure.restore(kept);
    expect(cloud.azure.sites().find((site) => site.name === "app-x")?.routing.allTraffic).toBe(true);
    expect(cloud.azure.behaviour().pageSize).toBe(4);
    expect(() => cloud.azure.restore({ version: 2 })).toThrow();
    expect(() => cloud.azure.restore(null)).toThrow();
  });
});

describe("who may use the admin side", () => {
  const ask = (headers: Readonly<Record<string, string>>) =>
    cloud.call("/_local/sites", { token: null, headers });

  it("no web page but the trusted ones", async () => {
    expect((await ask({ origin: "https://evil.example" })).status).toBe(403);
    expect((await ask({ origin: "null" })).status).toBe(403);
    expect((await ask({ origin: "http://127.0.0.1:4000" })).status).toBe(200);
    expect((await ask({ origin: cloud.azure.url })).status).toBe(200);
  });

  it("nobody under a foreign host name", async () => {
    expect((await ask({ host: "evil.example" })).status).toBe(403);
  });

  it("says what it does not have", async () => {
    expect((await admin("GET", "/nothing")).status).toBe(404);
    expect((await admin("PUT", "/reset")).status).toBe(404);
  });
});

describe("the stream of events", () => {
  it("tells of requests as they arrive and end, changed sites, faults and resets", async () => {
    const eventSchema = z.looseObject({ kind: z.string() });
    const seen: string[] = [];
    const outgoing = request(`${cloud.azure.url}/_local/events`, { ca: readFileSync(cloud.azure.caFile) });
    outgoing.on("error", () => {});
    outgoing.on("response", (incoming) => {
      let rest = "";
      incoming.setEncoding("utf8").on("data", (text: string) => {
        const parts = `${rest}${text}`.split("\n\n");
        rest = parts.pop() ?? "";
        for (const part of parts) {
          const data = /^data: (.*)$/m.exec(part)?.[1];
          seen.push(data === undefined ? "connected" : eventSchema.parse(JSON.parse(data)).kind);
        }
      });
    });
    outgoing.end();
    await expect.poll(() => seen).toEqual(["connected"]);
    await cloud.call(sitePath("app-x"), {
      method: "PATCH",
      body: { properties: { outboundVnetRouting: { allTraffic: true } } },
    });
    cloud.azure.orderFaults([]);
    cloud.azure.reset();
    await expect.poll(() => seen.at(-1)).toBe("reset");
    expect(seen.filter((kind) => kind !== "connected")).toEqual(
      expect.arrayContaining(["arrived", "site", "request", "faults", "reset"]),
    );
    outgoing.destroy();
  });
});

describe("closing", () => {
  it("ends hanging and slow requests, and may be asked for twice", async () => {
    const other = await startCloud();
    other.azure.orderFaults([{ fault: { kind: "hang" } }, { fault: { kind: "slow", delayMs: 600_000 } }]);
    const token = await other.token();
    const arrived = new Promise<void>((resolve) => {
      let count = 0;
      other.azure.onEvent((event) => {
        if (event.kind === "arrived") count += 1;
        if (count === 2) resolve();
      });
    });
    const write = {
      method: "PATCH",
      body: { properties: { outboundVnetRouting: { allTraffic: true } } },
      token,
    };
    const waiting = [other.call(sitePath("app-x"), write), other.call(sitePath("app-y"), write)];
    const ends = Promise.allSettled(waiting);
    await arrived;
    await other.azure.close();
    expect((await ends).map((end) => end.status)).toEqual(["rejected", "rejected"]);
    expect(other.azure.sites().find((site) => site.name === "app-y")?.routing.allTraffic).toBe(false);
    await other.stop();
  });
});
