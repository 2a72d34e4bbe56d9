import { readFileSync, statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLocalJWKSet, decodeJwt, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type Cloud, sitePath, startCloud } from "./support/cloud.ts";

let cloud: Cloud;
beforeAll(async () => {
  cloud = await startCloud();
});
afterAll(() => cloud.stop());

const FORM = { "content-type": "application/x-www-form-urlencoded" };

function form(change: Readonly<Record<string, string>> = {}): string {
  const { clientId, clientSecret } = cloud.azure.credentials.routing;
  return new URLSearchParams({
    grant_type: "client_credentials",
    client_id: clientId,
    client_secret: clientSecret,
    scope: "https://management.azure.com/.default",
    ...change,
  }).toString();
}

function askToken(
  change: Readonly<Record<string, string>> = {},
  path = `/${cloud.azure.tenantId}/oauth2/v2.0/token`,
) {
  return cloud.call(path, { method: "POST", text: form(change), headers: FORM, token: null });
}

describe("discovery", () => {
  it("serves OpenID documents whose issuer is on the host that was asked", async () => {
    const tenant = cloud.azure.tenantId;
    const reply = await cloud.call(`/${tenant}/v2.0/.well-known/openid-configuration`, { token: null });
    expect(reply.body).toMatchObject({
      issuer: `${cloud.azure.url}/${tenant}/v2.0`,
      token_endpoint: `${cloud.azure.url}/${tenant}/oauth2/v2.0/token`,
    });
    const numeric = cloud.azure.url.replace("localhost", "127.0.0.1");
    const other = await cloud.call(`/${tenant}/v2.0/.well-known/openid-configuration`, {
      token: null,
      headers: { host: new URL(numeric).host },
    });
    expect(other.body.issuer).toBe(`${numeric}/${tenant}/v2.0`);
  });

  it("serves the ADFS document and instance discovery", async () => {
    const adfs = await cloud.call("/adfs/.well-known/openid-configuration", { token: null });
    expect(adfs.body.token_endpoint).toBe(`${cloud.azure.url}/adfs/oauth2/token`);
    const instance = await cloud.call("/common/discovery/instance?api-version=1.1", { token: null });
    expect(instance.body).toMatchObject({ metadata: [{ aliases: [new URL(cloud.azure.url).host] }] });
  });

  it("publishes the key that tokens are signed with", async () => {
    const reply = await cloud.call(`/${cloud.azure.tenantId}/discovery/v2.0/keys`, { token: null });
    const keys = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) }).parse(reply.body);
    const verified = await jwtVerify(await cloud.token(), createLocalJWKSet(keys), { algorithms: ["RS256"] });
    expect(verified.payload).toMatchObject({ tid: cloud.azure.tenantId, ver: "1.0" });
    expect(reply.text).not.toContain('"d"');
  });

  it("describes the cloud for `az cloud register`", async () => {
    const reply = await cloud.call("/metadata/endpoints?api-version=2022-09-01", { token: null });
    expect(JSON.parse(reply.text)).toMatchObject([{ resourceManager: cloud.azure.url }]);
  });
});

describe("the token endpoint", () => {
  it("gives a token for what was asked, ADFS style and with Basic authentication too", async () => {
    const adfs = await askToken(
      { scope: "openid https://management.core.windows.net//.default" },
      "/adfs/oauth2/token",
    );
    expect(adfs.status).toBe(200);
    expect(decodeJwt(String(adfs.body.access_token)).aud).toBe("https://management.core.windows.net/");
    const { clientId, clientSecret } = cloud.azure.credentials.routing;
    const basic = await cloud.call("/adfs/oauth2/token", {
      method: "POST",
      text: "grant_type=client_credentials&resource=https%3A%2F%2Fmanagement.azure.com%2F",
      headers: {
        ...FORM,
        authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`,
      },
      token: null,
    });
    expect(basic.status).toBe(200);
    const list = await cloud.call("/subscriptions?api-version=2019-11-01", {
      token: String(adfs.body.access_token),
    });
    expect(list.status).toBe(200);
  });

  it.each([
    ["a wrong secret", { client_secret: "nope" }, 401, "invalid_client", 7000215],
    ["no secret", { client_secret: "" }, 401, "invalid_client", 7000215],
    [
      "an unknown client",
      { client_id: "11111111-1111-1111-1111-111111111111" },
      400,
      "unauthorized_client",
      700016,
    ],
    ["another grant", { grant_type: "password" }, 400, "unsupported_grant_type", 70003],
    [
      "a scope without /.default",
      { scope: "https://management.azure.com/user_impersonation" },
      400,
      "invalid_scope",
      70011,
    ],
    ["an unknown resource", { scope: "https://elsewhere.example/.default" }, 400, "invalid_resource", 500011],
  ])("refuses %s", async (_what, change, status, error, code) => {
    const reply = await askToken(change);
    expect(reply.status).toBe(status);
    expect(reply.body).toMatchObject({ error, error_codes: [code] });
    expect(reply.body.error_description).toMatch(
      new RegExp(`^AADSTS${code}: .*Trace ID: .*Correlation ID: `),
    );
  });

  it("refuses another tenant and another verb", async () => {
    const other = await askToken({}, "/22222222-2222-2222-2222-222222222222/oauth2/v2.0/token");
    expect(other.body).toMatchObject({ error_codes: [90002] });
    const get = await cloud.call(`/${cloud.azure.tenantId}/oauth2/v2.0/token`, { token: null });
    expect(get.status).toBe(400);
  });

  it("has no secret for the managed identity", async () => {
    const reply = await askToken({ client_id: cloud.azure.credentials.managedIdentity.clientId });
    expect(reply.body).toMatchObject({ error: "invalid_client", error_codes: [7000216] });
  });
});

describe("the managed identity endpoints", () => {
  const resource = "resource=https%3A%2F%2Fmanagement.azure.com";
  const ask = (query: string, header?: string) =>
    cloud.call(`/msi/token?api-version=2019-08-01&${query}`, {
      token: null,
      headers: header === undefined ? {} : { "x-identity-header": header },
    });

  it("gives a token that ARM accepts to whoever knows the header and the client id", async () => {
    const { clientId, header } = cloud.azure.credentials.managedIdentity;
    const reply = await ask(`${resource}&client_id=${clientId}`, header);
    expect(reply.body).toMatchObject({ token_type: "Bearer", client_id: clientId });
    const site = await cloud.call(sitePath("app-x"), { token: String(reply.body.access_token) });
    expect(site.status).toBe(200);
  });

  it("refuses a wrong header, no client id and another client id", async () => {
    const { clientId, header } = cloud.azure.credentials.managedIdentity;
    expect((await ask(`${resource}&client_id=${clientId}`, "wrong")).status).toBe(401);
    expect((await ask(resource, header)).status).toBe(400);
    expect(
      (await ask(`${resource}&client_id=${cloud.azure.credentials.routing.clientId}`, header)).status,
    ).toBe(400);
  });

  it("speaks the virtual machine's form as well", async () => {
    const { clientId } = cloud.azure.credentials.managedIdentity;
    const path = `/metadata/identity/oauth2/token?api-version=2018-02-01&${resource}&client_id=${clientId}`;
    expect((await cloud.call(path, { token: null, headers: { metadata: "true" } })).status).toBe(200);
    expect((await cloud.call(path, { token: null })).status).toBe(400);
  });
});

describe("verifying the bot's token", () => {
  it("takes the bot's token for the Bot Connector and nothing else", async () => {
    const audience = "https://api.botframework.com";
    const good = await cloud.token("bot", audience);
    expect(await cloud.azure.verifyBotToken(good)).toMatchObject({ kind: "accepted" });
    const [header, payload, signature] = good.split(".");
    const forged = Buffer.from(JSON.stringify({ ...decodeJwt(good), appid: "x" })).toString("base64url");
    for (const [token, reason] of [
      [await cloud.token("routing", audience), "another client"],
      [await cloud.token("bot"), "audience"],
      [`${header}.${forged}.${signature}`, "signature"],
      [`${header}.${payload}.`, "signature"],
      ["rubbish", "malformed"],
      ["", "malformed"],
    ] as const) {
      expect(await cloud.azure.verifyBotToken(token), token).toEqual({ kind: "refused", reason });
    }
  });
});

describe("what is kept in the directory", () => {
  it("takes certificate, key and secrets up again, so that clients go on working after a restart", async () => {
    const directory = await mkdtemp(join(tmpdir(), "local-azure-kept-"));
    try {
      const first = await startCloud({ directory });
      const { credentials } = first.azure;
      const ca = readFileSync(first.azure.caFile, "utf8");
      const port = Number(new URL(first.azure.url).port);
      const token = await first.token();
      await first.stop();
      const second = await startCloud({ directory, port });
      expect(second.azure.credentials).toEqual(credentials);
      expect(readFileSync(second.azure.caFile, "utf8")).toBe(ca);
      expect((await second.call(sitePath("app-x"), { token })).status).toBe(200);
      await second.stop();
      for (const file of ["authority.json", "server-key.pem"]) {
        expect(statSync(join(directory, file)).mode & 0o077, file).toBe(0);
      }
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });

  it("says so when the port is taken", async () => {
    const port = Number(new URL(cloud.azure.url).port);
    await expect(startCloud({ port })).rejects.toThrow(/EADDRINUSE/);
  });
});
