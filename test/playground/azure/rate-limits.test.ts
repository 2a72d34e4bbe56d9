import { describe, expect, it } from "vitest";
import { makeRateLimits } from "../../../src/playground/azure/arm/rate-limits.ts";
import { sitePath, startCloud } from "./support/cloud.ts";

describe("Azure's token buckets", () => {
  function setUp() {
    let now = Date.parse("2026-11-22T12:00:00Z");
    const limits = makeRateLimits(() => new Date(now));
    const count = (method: string, more: { clientId?: string; subscription?: string } = {}) =>
      limits.count({ method, clientId: "client", subscription: "s", ...more });
    const refused = (times: number, method = "GET") =>
      Array.from({ length: times }, () => count(method)).filter(({ refusal }) => refusal !== null).length;
    return { count, refused, advance: (ms: number) => (now += ms) };
  }

  it("hold 250 reads, and give back 25 a second", () => {
    const { refused, advance } = setUp();
    expect(refused(250)).toBe(0);
    expect(refused(1)).toBe(1);
    advance(1_000);
    expect(refused(26)).toBe(1);
    advance(3_600_000);
    expect(refused(251)).toBe(1);
  });

  it("hold 200 writes, a POST among them, and give back 10 a second", () => {
    const { refused, advance } = setUp();
    expect(refused(100, "POST") + refused(100, "PATCH")).toBe(0);
    expect(refused(1, "PUT")).toBe(1);
    advance(1_000);
    expect(refused(11, "PUT")).toBe(1);
  });

  it("are of one principal and one subscription each", () => {
    const { count, refused } = setUp();
    refused(250);
    expect(count("GET").refusal).not.toBeNull();
    expect(count("GET", { clientId: "other" }).refusal).toBeNull();
    expect(count("GET", { subscription: "other" }).refusal).toBeNull();
    expect(count("GET", { subscription: "S" }).refusal).not.toBeNull();
  });

  it("say how long to wait, and what is left", () => {
    const { count, refused } = setUp();
    expect(count("GET").headers).toEqual({ "x-ms-ratelimit-remaining-subscription-reads": "249" });
    refused(249);
    const { headers, refusal } = count("GET");
    expect(headers).toEqual({ "x-ms-ratelimit-remaining-subscription-reads": "0" });
    expect(refusal).toMatchObject({ status: 429, headers: { "retry-after": "1" } });
  });
});

it("the local Azure counts always, and refuses when it was told to", async () => {
  const now = new Date();
  const cloud = await startCloud({ now: () => now });
  try {
    const read = async (times: number) => {
      const statuses: number[] = [];
      for (let sent = 0; sent < times; sent++) statuses.push((await cloud.call(sitePath("app-x"))).status);
      return statuses.filter((status) => status === 429).length;
    };
    expect(await read(260)).toBe(0);
    cloud.azure.setBehaviour({ enforceRateLimits: true });
    expect(await read(2)).toBe(2);
    const reply = await cloud.call(sitePath("app-x"));
    expect(reply.headers["retry-after"]).toBe("1");
    expect(reply.headers["x-ms-ratelimit-remaining-subscription-reads"]).toBe("0");
    expect(reply.body).toMatchObject({ error: { code: "SubscriptionRequestsThrottled" } });
  } finally {
    await cloud.stop();
  }
});
