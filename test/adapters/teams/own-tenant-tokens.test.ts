import { createHmac } from "node:crypto";
import { base64url, exportJWK, exportSPKI, importJWK, type JWTPayload } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type ConnectorPeer,
  createSigningKey,
  type SigningKey,
  startConnectorPeer,
} from "../../support/connector-peer.ts";
import { messageActivity, teamsIds } from "../../support/teams-activities.ts";
import { startTeamsBench, type TeamsBench } from "../../support/teams-harness.ts";

const { tenant, appId } = teamsIds;
const other = "00000000-1111-4222-8333-444444444444";

/** The tenant's authority has keys of its own, which are not the Bot Connector's. */
let authority: ConnectorPeer;
let tenantKey: SigningKey;
let bench: TeamsBench;
let received = 0;

beforeAll(async () => {
  authority = await startConnectorPeer(appId);
  tenantKey = await createSigningKey("tenant-1");
  authority.serveKeys([tenantKey.jwk]);
  bench = await startTeamsBench(() => ({
    authorityHost: `http://${authority.host}`,
    ownTenantTokens: "accepted",
  }));
  bench.receiveWith(async () => {
    received += 1;
    return { kind: "accepted" };
  });
});
afterAll(async () => {
  await bench.close();
  await authority.close();
});

type Changes = Record<string, unknown>;

async function deliver(token: string, changes: Changes = {}): Promise<number> {
  const activity = { ...messageActivity("status", { serviceUrl: bench.peer.serviceUrl }), ...changes };
  return (await bench.deliver(activity, { authorization: `Bearer ${token}` })).status;
}

/** The shapes of access tokens of Entra ID: learn.microsoft.com/entra/identity-platform/access-token-claims-reference. */
const shapes = {
  v1: {
    claims: (): JWTPayload => ({
      iss: `https://sts.windows.net/${tenant}/`,
      tid: tenant,
      ver: "1.0",
      appid: appId,
      serviceurl: undefined,
    }),
    client: "appid",
    otherClient: "azp",
    issuerOf: (id: string) => `https://sts.windows.net/${id}/`,
  },
  v2: {
    claims: (): JWTPayload => ({
      iss: `http://${authority.host}/${tenant}/v2.0`,
      tid: tenant,
      ver: "2.0",
      azp: appId,
      serviceurl: undefined,
    }),
    client: "azp",
    otherClient: "appid",
    issuerOf: (id: string) => `http://${authority.host}/${id}/v2.0`,
  },
} as const;

const now = () => Math.floor(Date.now() / 1000);
const part = (value: object) => base64url.encode(JSON.stringify(value));

describe.each(Object.entries(shapes))("a token of the own tenant, %s", (_, shape) => {
  const sign = (changes: Changes = {}, options: Parameters<ConnectorPeer["sign"]>[1] = {}) =>
    authority.sign({ ...shape.claims(), ...changes }, { key: tenantKey, ...options });
  const whole = () => ({ ...shape.claims(), aud: appId, exp: now() + 600 });

  it("is taken", async () => {
    const before = received;
    expect(await deliver(await sign())).toBe(200);
    expect(
      await deliver(await sign({ tid: tenant.toUpperCase(), [shape.client]: appId.toUpperCase() })),
    ).toBe(200);
    expect(received).toBe(before + 2);
  });

  const cases: Record<string, () => Promise<string | readonly [string, Changes]>> = {
    "a key of a stranger under the right id": async () =>
      sign({}, { key: { ...(await createSigningKey("x")), kid: "tenant-1" } }),
    "an unknown key": async () => sign({}, { key: await createSigningKey("unknown") }),
    "a key of the Bot Connector": async () => sign({}, { key: bench.peer.key }),
    "no signature": async () => `${part({ alg: "none", kid: "tenant-1" })}.${part(whole())}.`,
    "HS256 with the public key as the secret": async () => {
      const { kty, n, e } = await exportJWK(tenantKey.privateKey);
      const publicKey = await importJWK({ ...(kty && { kty }), ...(n && { n }), ...(e && { e }) }, "RS256", {
        extractable: true,
      });
      if (publicKey instanceof Uint8Array) throw new Error("not a public key");
      const input = `${part({ alg: "HS256", kid: "tenant-1" })}.${part(whole())}`;
      const signature = createHmac("sha256", await exportSPKI(publicKey))
        .update(input)
        .digest("base64url");
      return `${input}.${signature}`;
    },
    "another audience": async () => sign({ aud: other }),
    "the Bot Connector's audience": async () => sign({ aud: "https://api.botframework.com" }),
    "our audience among others": async () => sign({ aud: [appId, other] }),
    "no audience": async () => sign({ aud: undefined }),
    "the issuer of another tenant": async () => sign({ iss: shape.issuerOf(other) }),
    "the issuer and id of another tenant": async () => sign({ iss: shape.issuerOf(other), tid: other }),
    "the issuer of any tenant": async () => sign({ iss: shape.issuerOf("common"), tid: other }),
    "an issuer that only begins like ours": async () => sign({ iss: `${shape.issuerOf(tenant)}x` }),
    "our issuer on another host": async () => sign({ iss: `https://login.evil.example/${tenant}/v2.0` }),
    "the Bot Connector's issuer": async () => sign({ iss: "https://api.botframework.com" }),
    "no issuer": async () => sign({ iss: undefined }),
    "another tenant id under our issuer": async () => sign({ tid: other }),
    "no tenant id": async () => sign({ tid: undefined }),
    "another client": async () => sign({ [shape.client]: other }),
    "no client": async () => sign({ [shape.client]: undefined }),
    "the client in the claim of the other version": async () =>
      sign({ [shape.client]: undefined, [shape.otherClient]: appId }),
    "an end that has passed": async () => sign({}, { expiresIn: -600 }),
    "no end": async () => sign({ exp: undefined }),
    "a beginning that is still to come": async () => sign({ nbf: now() + 600 }),
    "an activity of another tenant": async () => [
      await sign(),
      {
        channelData: { tenant: { id: other } },
        conversation: { id: "a:1", conversationType: "personal", tenantId: other },
      },
    ],
    "an activity of another channel": async () => [await sign(), { channelId: "AseChannel" }],
    "an activity that is answered elsewhere": async () => [
      await sign(),
      { serviceUrl: "https://evil.example/" },
    ],
  };

  it.each(Object.entries(cases))("is refused with %s, and nothing reaches the core", async (_name, make) => {
    const before = received;
    const made = await make();
    const [token, changes] = typeof made === "string" ? [made, {}] : made;
    expect(await deliver(token, changes)).toBe(401);
    expect(received).toBe(before);
  });
});

it("the Bot Connector's tokens are taken beside them, and its keys sign for it alone", async () => {
  expect(await deliver(await bench.peer.sign())).toBe(200);
  expect(await deliver(await bench.peer.sign({}, { key: tenantKey }))).toBe(401);
});
