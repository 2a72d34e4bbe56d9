import { decodeJwt, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type Cloud, sitePath, startCloud } from "./support/cloud.ts";

let clock = new Date("2026-11-22T09:00:00Z");
let cloud: Cloud;
beforeAll(async () => {
  cloud = await startCloud({ now: () => clock });
});
afterAll(() => cloud.stop());

const site = sitePath("app-x");
const listOfPermissions = z.object({ value: z.array(z.object({ actions: z.array(z.string()) })) });

describe("a request's token", () => {
  it("has to be there, in the right form", async () => {
    const none = await cloud.call(site, { token: null });
    expect(none.status).toBe(401);
    expect(none.body).toMatchObject({ error: { code: "AuthenticationFailed" } });
    expect(none.headers["www-authenticate"]).toContain(`authorization_uri="${cloud.azure.url}/`);
    const odd = await cloud.call(site, { token: null, headers: { authorization: "Basic eDp5" } });
    expect(odd.body).toMatchObject({ error: { code: "AuthenticationFailedInvalidHeader" } });
  });

  it("has to be signed by this authority", async () => {
    const { privateKey } = await generateKeyPair("RS256");
    const forged = await new SignJWT(decodeJwt(await cloud.token()))
      .setProtectedHeader({ alg: "RS256" })
      .sign(privateKey);
    const secret = new TextEncoder().encode("x".repeat(32));
    const symmetric = await new SignJWT(decodeJwt(await cloud.token()))
      .setProtectedHeader({ alg: "HS256" })
      .sign(secret);
    for (const token of [forged, symmetric, "rubbish"]) {
      const reply = await cloud.call(site, { token });
      expect(reply.status).toBe(401);
      expect(reply.body).toMatchObject({ error: { code: "InvalidAuthenticationToken" } });
    }
  });

  it("has to be for the resource manager", async () => {
    const reply = await cloud.call(site, { token: await cloud.token("bot", "https://api.botframework.com") });
    expect(reply.status).toBe(401);
    expect(reply.body).toMatchObject({ error: { code: "InvalidAuthenticationTokenAudience" } });
  });

  it("ends after an hour, also for a token that was accepted before", async () => {
    const token = await cloud.token();
    expect((await cloud.call(site, { token })).status).toBe(200);
    const before = clock;
    clock = new Date(before.getTime() + 3600_000 + 1000);
    const reply = await cloud.call(site, { token });
    clock = before;
    expect(reply.body).toMatchObject({ error: { code: "ExpiredAuthenticationToken" } });
  });
});

describe("rights", () => {
  it("gives the bot's own client none", async () => {
    const reply = await cloud.call(site, { token: await cloud.token("bot") });
    expect(reply.status).toBe(403);
    expect(reply.body).toMatchObject({ error: { code: "AuthorizationFailed" } });
    expect(reply.text).toContain("Microsoft.Web/sites/Read");
  });

  it("keeps app settings closed in the groups that are so configured", async () => {
    const list = { method: "POST" };
    const open = await cloud.call(sitePath("app-x", { after: "/config/appsettings/list" }), list);
    expect(open.status).toBe(200);
    for (const name of ["platform-auth", "platform-auth/staging"]) {
      const closed = await cloud.call(sitePath(name, { after: "/config/appsettings/list" }), list);
      expect(closed.status).toBe(403);
      expect(closed.text).toMatch(/Microsoft\.Web\/sites(\/slots)?\/config\/list\/action/);
    }
    cloud.azure.setBehaviour({ appSettingsDeniedIn: ["RG-SHOP"] });
    const now = await cloud.call(sitePath("app-x", { after: "/config/appsettings/list" }), list);
    expect(now.status).toBe(403);
    cloud.azure.reset();
  });
});

describe("rights", () => {
  const permissions = async (scope: string) => {
    const reply = await cloud.call(
      `${scope}/providers/Microsoft.Authorization/permissions?api-version=2022-04-01`,
    );
    const { value } = listOfPermissions.parse(reply.body);
    return value.flatMap(({ actions }) => actions);
  };
  const idOf = (name: string) => sitePath(name).split("?")[0] ?? "";

  it("are listed at a subscription, a group, a site, a slot and a subnet", async () => {
    const subscription = idOf("app-x").split("/resourceGroups/")[0] ?? "";
    for (const scope of [
      subscription,
      `${subscription}/resourceGroups/rg-shop`,
      idOf("app-x"),
      idOf("app-x/staging"),
    ]) {
      expect(await permissions(scope)).toContain("Microsoft.Web/sites/write");
    }
    const subnet = cloud.azure.sites().find(({ name }) => name === "app-x")?.subnetId;
    expect(await permissions(String(subnet))).toContain(
      "Microsoft.Network/virtualNetworks/subnets/join/action",
    );
  });

  it("say nothing of app settings where those are closed", async () => {
    expect(await permissions(idOf("app-x"))).toContain("Microsoft.Web/sites/config/list/action");
    expect(await permissions(idOf("platform-auth"))).not.toContain("Microsoft.Web/sites/config/list/action");
  });

  it("are those that are enforced: what is withheld is neither listed nor allowed", async () => {
    cloud.azure.setBehaviour({ withheldActions: ["microsoft.web/*/WRITE"] });
    expect(await permissions(idOf("app-x"))).not.toContain("Microsoft.Web/sites/write");
    const reply = await cloud.call(site, { method: "PATCH", body: {} });
    expect(reply.status).toBe(403);
    expect(reply.text).toContain("Microsoft.Web/sites/Write");
    expect((await cloud.call(site)).status).toBe(200);
    cloud.azure.reset();
  });
});

describe("response headers", () => {
  it("carry request ids, the client's own id and what is left of the rate limit", async () => {
    const reply = await cloud.call(site, {
      headers: { "x-ms-client-request-id": "mine", "x-ms-correlation-request-id": "ours" },
    });
    expect(reply.headers).toMatchObject({
      "x-ms-client-request-id": "mine",
      "x-ms-correlation-request-id": "ours",
    });
    expect(reply.headers["x-ms-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
    const left = Number(reply.headers["x-ms-ratelimit-remaining-subscription-reads"]);
    const next = await cloud.call(site);
    expect(Number(next.headers["x-ms-ratelimit-remaining-subscription-reads"])).toBe(left - 1);
    const writesLeft = async () => {
      const write = await cloud.call(site, { method: "PATCH", body: {} });
      return Number(write.headers["x-ms-ratelimit-remaining-subscription-writes"]);
    };
    const before = await writesLeft();
    expect(before).toBeLessThan(200);
    expect(await writesLeft()).toBe(before - 1);
  });
});
