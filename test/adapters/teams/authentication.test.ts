import { createHmac } from "node:crypto";
import { request } from "node:http";
import { ToBotFromBotOrEmulatorTokenValidationParameters } from "botframework-connector";
import { base64url, exportJWK, exportSPKI, importJWK, type JWTPayload } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Inbound } from "../../../src/ports/chat.ts";
import { createSigningKey, type SigningKey } from "../../support/connector-peer.ts";
import { executeActivity, messageActivity, teamsIds } from "../../support/teams-activities.ts";
import { startTeamsBench, type TeamsBench } from "../../support/teams-harness.ts";

const issuersAtFirst = ToBotFromBotOrEmulatorTokenValidationParameters.issuer?.length ?? 0;
const otherTenant = "00000000-1111-4222-8333-444444444444";

describe("the messaging endpoint's authentication", () => {
  let bench: TeamsBench;
  let stranger: SigningKey;
  let unendorsed: SigningKey;
  let received: Inbound[];

  beforeAll(async () => {
    bench = await startTeamsBench();
    stranger = await createSigningKey("connector-1");
    unendorsed = await createSigningKey("connector-webchat");
    bench.peer.serveKeys([
      { ...bench.peer.key.jwk, endorsements: ["msteams"] },
      { ...unendorsed.jwk, endorsements: ["webchat"] },
    ]);
  });
  afterAll(() => bench.close());
  beforeEach(() => {
    received = [];
    bench.log.lines.length = 0;
    bench.receiveWith(async (inbound) => {
      received.push(inbound);
      return { kind: "accepted" };
    });
  });

  const activity = (changes: Record<string, unknown> = {}) => ({
    ...messageActivity("approve CR-12", { serviceUrl: bench.peer.serviceUrl }),
    ...changes,
  });
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const signed = async (claims: JWTPayload, options?: Parameters<TeamsBench["peer"]["sign"]>[1]) =>
    bearer(await bench.peer.sign(claims, options));
  const unsigned = (header: object, claims: object) =>
    `${base64url.encode(JSON.stringify(header))}.${base64url.encode(JSON.stringify(claims))}.`;
  const goodClaims = () => ({
    iss: "https://api.botframework.com",
    aud: teamsIds.appId,
    exp: Math.floor(Date.now() / 1000) + 600,
    serviceurl: bench.peer.serviceUrl,
  });

  it("takes a good token, and answers are sent with the bot's own", async () => {
    const answer = await bench.deliver(activity());
    expect(answer).toMatchObject({ status: 200, text: "" });
    expect(received).toHaveLength(1);
    expect(bench.log.lines.filter(({ level }) => level !== "debug")).toEqual([]);
  });

  type Case = () => Promise<{ headers: Record<string, string>; body?: unknown }>;
  const cases: Record<string, Case> = {
    "no token": async () => ({ headers: {} }),
    "an empty header": async () => ({ headers: { authorization: "" } }),
    "an empty bearer": async () => ({ headers: { authorization: "Bearer " } }),
    garbage: async () => ({ headers: bearer("garbage") }),
    "three parts of garbage": async () => ({ headers: bearer("a.b.c") }),
    "a very long token": async () => ({
      headers: bearer(`${await bench.peer.sign({ pad: "x".repeat(9000) })}`),
    }),
    "Basic authentication": async () => ({
      headers: { authorization: `Basic ${base64url.encode("user:password")}` },
    }),
    "a double space": async () => ({ headers: { authorization: `Bearer  ${await bench.peer.sign()}` } }),
    "another scheme with a good token": async () => ({
      headers: { authorization: `bearer ${await bench.peer.sign()}` },
    }),
    "something behind the token": async () => ({
      headers: { authorization: `Bearer ${await bench.peer.sign()} x` },
    }),
    "a wrong key under a known key id": async () => ({ headers: await signed({}, { key: stranger }) }),
    "an unknown key id": async () => ({
      headers: await signed({}, { key: await createSigningKey("unknown") }),
    }),
    "no key id": async () => ({ headers: bearer(unsigned({ alg: "RS256" }, goodClaims())) }),
    "algorithm none": async () => ({
      headers: bearer(unsigned({ alg: "none", kid: bench.peer.key.kid }, goodClaims())),
    }),
    "HS256 with the public key as the secret": async () => {
      const jwk = await importJWK(await exportJWK(bench.peer.key.privateKey).then(publicPart), "RS256", {
        extractable: true,
      });
      if (jwk instanceof Uint8Array) throw new Error("not a public key");
      const input = unsigned({ alg: "HS256", kid: bench.peer.key.kid }, goodClaims()).slice(0, -1);
      const signature = createHmac("sha256", await exportSPKI(jwk))
        .update(input)
        .digest("base64url");
      return { headers: bearer(`${input}.${signature}`) };
    },
    "a tampered claim": async () => {
      const [head, , signature] = (await bench.peer.sign()).split(".");
      return {
        headers: bearer(
          `${head}.${base64url.encode(JSON.stringify({ ...goodClaims(), tampered: 1 }))}.${signature}`,
        ),
      };
    },
    "another audience": async () => ({ headers: await signed({ aud: otherTenant }) }),
    "our audience among others": async () => ({
      headers: await signed({ aud: [teamsIds.appId, otherTenant] }),
    }),
    "another issuer": async () => ({ headers: await signed({ iss: "https://evil.example" }) }),
    "an expired token": async () => ({ headers: await signed({}, { expiresIn: -600 }) }),
    "a token without expiry": async () => ({ headers: await signed({ exp: undefined }) }),
    "a token that is not valid yet": async () => ({
      headers: await signed({ nbf: Math.floor(Date.now() / 1000) + 600 }),
    }),
    "another serviceUrl in the token": async () => ({
      headers: await signed({ serviceurl: "https://smba.trafficmanager.net/emea/" }),
    }),
    "no serviceUrl in the token": async () => ({ headers: await signed({ serviceurl: undefined }) }),
    "a key that is not endorsed for Teams": async () => ({ headers: await signed({}, { key: unendorsed }) }),
    "an emulator-style token": async () => ({
      headers: await signed({
        iss: `https://sts.windows.net/${teamsIds.tenant}/`,
        tid: teamsIds.tenant,
        appid: teamsIds.appId,
        ver: "1.0",
      }),
    }),
    "a tenant in a Bot Connector token": async () => ({ headers: await signed({ tid: teamsIds.tenant }) }),
    "a skill-style token": async () => ({
      headers: await signed({
        iss: `https://login.microsoftonline.com/${teamsIds.tenant}/v2.0`,
        ver: "2.0",
        azp: otherTenant,
      }),
    }),
    "the channel AseChannel": async () => ({
      headers: await signed({}),
      body: activity({ channelId: "AseChannel" }),
    }),
    "another channel": async () => ({ headers: await signed({}), body: activity({ channelId: "webchat" }) }),
    "a foreign tenant": async () => ({
      headers: await signed({}),
      body: activity({
        channelData: { tenant: { id: otherTenant } },
        conversation: { id: "a:1", conversationType: "personal", tenantId: otherTenant },
      }),
    }),
    "two tenants in one activity": async () => ({
      headers: await signed({}),
      body: activity({ channelData: { tenant: { id: otherTenant } } }),
    }),
    "a speaker of a foreign tenant in a shared channel": async () => ({
      headers: await signed({}),
      body: activity({ from: { id: "29:x", aadObjectId: teamsIds.user, tenantId: otherTenant } }),
    }),
    "no tenant at all": async () => ({
      headers: await signed({}),
      body: activity({ channelData: {}, conversation: { id: "a:1", conversationType: "personal" } }),
    }),
    "a serviceUrl that is not on the list, though the token names it": async () => ({
      headers: await signed({ serviceurl: "https://evil.example/" }),
      body: activity({ serviceUrl: "https://evil.example/" }),
    }),
    "a serviceUrl that only looks like one of the list": async () => {
      const serviceurl = `http://${bench.peer.host}@evil.example/`;
      return { headers: await signed({ serviceurl }), body: activity({ serviceUrl: serviceurl }) };
    },
  };

  it.each(Object.entries(cases))("answers 401 to %s, and nothing reaches the core", async (_name, make) => {
    const { headers, body } = await make();
    const answer = await bench.deliver(body ?? activity(), headers);
    expect(answer.status).toBe(401);
    expect(answer.text).toBe("401 Unauthorized\n");
    expect(received).toEqual([]);
    expect(bench.log.lines).toMatchObject([{ level: "warn", event: "teams-refused" }]);
    const logged = JSON.stringify(bench.log.lines);
    expect(logged).not.toContain(headers.authorization?.split(" ").at(-1)?.slice(0, 60) || "Bearer");
  });

  it("refuses a forged press just the same", async () => {
    const press = executeActivity(
      { verb: "approve", data: { id: "x" } },
      { serviceUrl: bench.peer.serviceUrl },
    );
    expect((await bench.deliver(press, await signed({}, { key: stranger }))).status).toBe(401);
    expect(received).toEqual([]);
  });

  it.each([
    ["an array", []],
    ["a string", "hello"],
    ["nothing of an activity", {}],
    [
      "an activity without a sender",
      { ...messageActivity("x", { serviceUrl: "http://x/" }), from: undefined },
    ],
    ["an id that is no string", { ...messageActivity("x", { serviceUrl: "http://x/" }), id: { $ne: 1 } }],
  ])("answers 400 to %s", async (_name, body) => {
    const answer = await bench.deliver(body);
    expect(answer).toMatchObject({ status: 400, text: "400 Bad Request\n" });
    expect(received).toEqual([]);
  });

  it("lets a clock be five minutes off", async () => {
    expect((await bench.deliver(activity(), await signed({}, { expiresIn: -240 }))).status).toBe(200);
  });

  it("hands on a replayed activity under the same id", async () => {
    const body = activity();
    await bench.deliver(body);
    await bench.deliver(body);
    expect(received.map(({ id }) => id)).toEqual([received[0]?.id, received[0]?.id]);
    expect(received[0]?.id).toContain(body.id);
  });

  it("asks for keys once, however many forged tokens name unknown ones", async () => {
    await bench.deliver(activity(), await signed({}, { key: await createSigningKey("unknown-0") }));
    const before = bench.peer.metadataReads();
    const forged = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const key = { ...stranger, kid: `unknown-${index}` };
        const tid = `${String(index).padStart(8, "0")}-1111-4222-8333-444444444444`;
        return bench.deliver(
          activity(),
          await signed({ iss: `https://sts.windows.net/${tid}/`, tid }, { key }),
        );
      }),
    );
    expect(new Set(forged.map(({ status }) => status))).toEqual(new Set([401]));
    expect(bench.peer.metadataReads()).toBe(before);
    // botbuilder's own way in would have kept four strings for each of the tenants.
    expect(ToBotFromBotOrEmulatorTokenValidationParameters.issuer).toHaveLength(issuersAtFirst);
  });
});

describe("while the keys cannot be had", () => {
  it("answers 503, so that Teams delivers again, and works when they are back", async () => {
    const bench = await startTeamsBench();
    let received = 0;
    bench.receiveWith(async () => {
      received += 1;
      return { kind: "accepted" };
    });
    bench.peer.serveMetadata(false);
    const activity = messageActivity("status", { serviceUrl: bench.peer.serviceUrl });
    expect((await bench.deliver(activity)).status).toBe(503);
    const reads = bench.peer.metadataReads();
    expect((await bench.deliver(activity)).status).toBe(503);
    // A moment after a failure it is not asked again.
    expect(bench.peer.metadataReads()).toBe(reads);
    expect(received).toBe(0);
    bench.peer.serveMetadata(true);
    bench.advance(2_001);
    expect((await bench.deliver(activity)).status).toBe(200);
    expect(received).toBe(1);
    await bench.close();
  });
});

describe("without a token", () => {
  async function deliver(
    bench: TeamsBench,
    headers: Record<string, string> = {},
    serviceUrl = bench.peer.serviceUrl,
  ) {
    let received = 0;
    bench.receiveWith(async () => {
      received += 1;
      return { kind: "accepted" };
    });
    const { status } = await bench.deliver(messageActivity("status", { serviceUrl }), headers);
    return { status, received };
  }

  it("an activity from this machine is taken where that is configured", async () => {
    const bench = await startTeamsBench(() => ({ anonymous: "loopback" }));
    expect(await deliver(bench)).toEqual({ status: 200, received: 1 });
    await bench.close();
  });

  it.each([
    ["a wrong token is still wrong", { authorization: "Bearer a.b.c" }],
    ["an empty header is a wrong token", { authorization: "" }],
    ["what a proxy on this machine passes on is not from this machine", { "x-forwarded-for": "203.0.113.9" }],
    ["nor is it under the header's newer name", { forwarded: "for=203.0.113.9" }],
    ["a page of another site in a browser here is no client", { origin: "https://evil.example" }],
    ["nor is a page whose browser says only how it fetches", { "sec-fetch-site": "same-origin" }],
  ])("%s", async (_name, headers: Record<string, string>) => {
    const bench = await startTeamsBench(() => ({ anonymous: "loopback" }));
    expect(await deliver(bench, headers)).toEqual({ status: 401, received: 0 });
    await bench.close();
  });

  it("a name that was pointed at this machine is not this machine (DNS rebinding)", async () => {
    const bench = await startTeamsBench(() => ({ anonymous: "loopback" }));
    let received = 0;
    bench.receiveWith(async () => {
      received += 1;
      return { kind: "accepted" };
    });
    const body = JSON.stringify(messageActivity("status", { serviceUrl: bench.peer.serviceUrl }));
    expect(await postAs("evil.example", bench.url, body)).toBe(401);
    expect(received).toBe(0);
    expect(await postAs(new URL(bench.url).host, bench.url, body)).toBe(200);
    expect(received).toBe(1);
    await bench.close();
  });

  it("an answer is not sent off this machine", async () => {
    const bench = await startTeamsBench(() => ({
      anonymous: "loopback",
      serviceHosts: ["smba.trafficmanager.net"],
    }));
    expect(await deliver(bench, {}, "https://smba.trafficmanager.net/emea/")).toEqual({
      status: 401,
      received: 0,
    });
    await bench.close();
  });
});

describe("tokens of the deployment's own tenant", () => {
  const settings = (accepted: "accepted" | "refused") => (peer: TeamsBench["peer"]) => ({
    authorityHost: `http://${peer.host}`,
    ownTenantTokens: accepted,
  });

  async function deliver(bench: TeamsBench, claims: JWTPayload, key?: SigningKey) {
    const token = await bench.peer.sign(
      {
        iss: `http://${bench.peer.host}/${teamsIds.tenant}/v2.0`,
        tid: teamsIds.tenant,
        ver: "2.0",
        azp: teamsIds.appId,
        serviceurl: undefined,
        ...claims,
      },
      key && { key },
    );
    const activity = messageActivity("status", { serviceUrl: bench.peer.serviceUrl });
    return (await bench.deliver(activity, { authorization: `Bearer ${token}` })).status;
  }

  it("are refused unless they are configured", async () => {
    const bench = await startTeamsBench(settings("refused"));
    expect(await deliver(bench, {})).toBe(401);
    await bench.close();
  });

  it("are taken if they were issued to the bot itself, for the bot itself", async () => {
    const bench = await startTeamsBench(settings("accepted"));
    const v1 = { iss: `https://sts.windows.net/${teamsIds.tenant}/`, ver: "1.0", azp: undefined };
    expect(await deliver(bench, {})).toBe(200);
    expect(await deliver(bench, { ...v1, appid: teamsIds.appId })).toBe(200);
    expect(
      await bench.deliver(messageActivity("status", { serviceUrl: bench.peer.serviceUrl })),
    ).toMatchObject({
      status: 200,
    });

    expect(await deliver(bench, { azp: otherTenant })).toBe(401);
    expect(await deliver(bench, { azp: undefined })).toBe(401);
    expect(await deliver(bench, { azp: undefined, appid: teamsIds.appId })).toBe(401);
    expect(await deliver(bench, { ...v1, azp: teamsIds.appId })).toBe(401);
    expect(await deliver(bench, { aud: otherTenant })).toBe(401);
    expect(await deliver(bench, { tid: otherTenant })).toBe(401);
    expect(await deliver(bench, { iss: `https://sts.windows.net/${otherTenant}/`, tid: otherTenant })).toBe(
      401,
    );
    expect(await deliver(bench, {}, await createSigningKey("connector-1"))).toBe(401);
    await bench.close();
  });
});

/** fetch would not let us choose the Host header. */
function postAs(host: string, url: string, body: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: "POST", headers: { host, "content-type": "application/json" } });
    outgoing.on("response", (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    outgoing.once("error", reject);
    outgoing.end(body);
  });
}

/** The public part of a private key's JWK. */
function publicPart({ kty, n, e }: Awaited<ReturnType<typeof exportJWK>>) {
  return { kty, ...(n && { n }), ...(e && { e }) };
}
