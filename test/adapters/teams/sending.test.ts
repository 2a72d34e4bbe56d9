import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { ManagedIdentityCredential } from "@azure/identity";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  BotCredentialsFactory,
  createBotCredential,
} from "../../../src/adapters/teams/outbound/credentials.ts";
import { failureOfAnswer, failureOfNetwork } from "../../../src/adapters/teams/outbound/send-failure.ts";
import { createTeamsAdapter } from "../../../src/adapters/teams/teams-adapter.ts";
import type { TeamsSettings } from "../../../src/adapters/teams/teams-settings.ts";
import { type LocalAzure, startLocalAzure } from "../../../src/playground/azure/local-azure.ts";
import type { Place } from "../../../src/ports/chat.ts";
import { createRecordedLog } from "../../support/recorded-log.ts";
import { messageActivity, teamsIds } from "../../support/teams-activities.ts";
import { fakeBotToken, startTeamsBench, type TeamsBench } from "../../support/teams-harness.ts";
import { views } from "../../support/views.ts";

/** The place of a message that was really said. */
async function placeIn(bench: TeamsBench, where: "channel" | "direct" = "channel"): Promise<Place> {
  let place: Place | undefined;
  bench.receiveWith(async (inbound) => {
    place = inbound.place;
    return { kind: "accepted" };
  });
  await bench.deliver(messageActivity("status", { serviceUrl: bench.peer.serviceUrl, where }));
  if (!place) throw new Error("the message did not arrive");
  return place;
}

const post = (bench: TeamsBench, place: Place) =>
  bench.adapter.chat.post({ place, view: views.sentence, key: "k" });

describe("sending to Teams", () => {
  it("shows the bot's token, a card, and a summary for notifications; the thread stays in the address", async () => {
    const bench = await startTeamsBench();
    const place = await placeIn(bench);
    expect((await post(bench, place)).kind).toBe("sent");
    expect(bench.peer.requests).toMatchObject([
      {
        method: "POST",
        path: `/amer/v3/conversations/${encodeURIComponent(`${teamsIds.channel};messageid=${teamsIds.thread}`)}/activities`,
        authorization: `Bearer ${fakeBotToken}`,
        body: {
          type: "message",
          summary: views.sentence.summary,
          attachments: [{ contentType: "application/vnd.microsoft.card.adaptive" }],
        },
      },
    ]);
    await bench.close();
  });

  it("goes to no host that is not on the list any more", async () => {
    const bench = await startTeamsBench();
    const place = await placeIn(bench);
    const elsewhere = { ...place, address: place.address.replace(bench.peer.host, "evil.example") };
    expect(await post(bench, elsewhere)).toMatchObject({ kind: "refused" });
    const signedIn: string[] = [];
    const other = createTeamsAdapter(
      { ...settings("https://localhost:1"), serviceHosts: ["smba.trafficmanager.net"] },
      {
        receive: async () => ({ kind: "accepted" }),
        clock: { now: () => new Date(), sleep: async () => undefined },
        log: createRecordedLog(),
        credential: {
          async getToken() {
            signedIn.push("asked");
            return null;
          },
        },
      },
    );
    expect(await other.chat.post({ place, view: views.sentence, key: "k" })).toMatchObject({
      kind: "refused",
    });
    expect(signedIn).toEqual([]);
    expect(bench.peer.requests).toEqual([]);
    await bench.close();
  });

  it("does not follow a redirect, which could lead the token elsewhere", async () => {
    let asked = 0;
    const elsewhere = createServer((_request, response) => {
      asked += 1;
      response.end("{}");
    });
    const redirecting = createServer((request, response) => {
      request.resume();
      response.writeHead(307, { location: `http://127.0.0.1:${portOf(elsewhere)}/` });
      response.end();
    });
    const portOf = (server: ReturnType<typeof createServer>) => (server.address() as AddressInfo).port;
    await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
    await new Promise<void>((resolve) => redirecting.listen(0, "127.0.0.1", resolve));
    const host = `127.0.0.1:${portOf(redirecting)}`;
    const bench = await startTeamsBench((peer) => ({ serviceHosts: [peer.host, host] }));
    const place = await placeIn(bench);
    const sent = await post(bench, { ...place, address: place.address.replace(bench.peer.host, host) });
    expect(sent.kind).toBe("unclear");
    expect(asked).toBe(0);
    await bench.close();
    await Promise.all(
      [elsewhere, redirecting].map((server) => new Promise((resolve) => server.close(resolve))),
    );
  });

  it("tells a Bot Connector that is away from one that answers and cannot tell", async () => {
    const bench = await startTeamsBench();
    const place = await placeIn(bench);
    const look = () => bench.adapter.chat.lookUp(place, "k");
    for (const fault of ["reset-after-receipt", "server-error", "hang", "throttled"] as const) {
      bench.peer.failNext(fault);
      expect(await look()).toMatchObject({ kind: "away", afterMs: expect.any(Number) });
    }
    expect(await look()).toEqual({ kind: "unknown" });
    bench.peer.members = ["29:1"];
    expect(await look()).toEqual({ kind: "unknown" });
    expect(bench.peer.messages).toEqual([]);
    await bench.close();
  });

  it("can be tried again if there was no connection at all", async () => {
    const closed = await startTeamsBench();
    await closed.close();
    const bench = await startTeamsBench((peer) => ({ serviceHosts: [peer.host, closed.peer.host] }));
    const place = await placeIn(bench);
    const unreachable = { ...place, address: place.address.replace(bench.peer.host, closed.peer.host) };
    expect(await post(bench, unreachable)).toMatchObject({ kind: "retry" });
    await bench.close();
  });

  it("calls a reference that is none of ours refused", async () => {
    const bench = await startTeamsBench();
    const place = await placeIn(bench);
    const { chat } = bench.adapter;
    expect(await chat.update({ place, ref: "{}", view: views.sentence })).toMatchObject({ kind: "refused" });
    expect(await chat.update({ place, ref: "no json", view: views.sentence })).toMatchObject({
      kind: "refused",
    });
    expect(bench.peer.requests).toEqual([]);
    await bench.close();
  });
});

describe("what an answer of the Bot Connector means", () => {
  const now = new Date("2026-11-22T14:00:00Z");
  const answer = (method: string, status: number, headers: Record<string, string> = {}, text = "") =>
    failureOfAnswer({ method, status, headers: new Headers(headers), text }, now);

  it.each([
    ["POST", 201, undefined],
    ["PUT", 200, undefined],
    ["POST", 400, "refused"],
    ["POST", 401, "retry"],
    ["POST", 403, "gone"],
    ["POST", 404, "gone"],
    ["PUT", 404, "gone"],
    ["POST", 408, "retry"],
    ["POST", 412, "retry"],
    ["POST", 413, "refused"],
    ["POST", 429, "retry"],
    ["POST", 500, "unclear"],
    ["POST", 502, "unclear"],
    ["POST", 503, "unclear"],
    ["POST", 504, "unclear"],
    ["PUT", 500, "retry"],
    ["PUT", 502, "retry"],
  ] as const)("%s %i: %s", (method, status, kind) => {
    expect(answer(method, status)?.kind).toBe(kind);
  });

  it.each([
    [undefined, 10_000],
    ["7", 7_000],
    ["0", 0],
    ["Sun, 22 Nov 2026 14:00:30 GMT", 30_000],
    ["Sun, 22 Nov 2026 13:00:00 GMT", 0],
    ["99999999", 600_000],
    ["soon", 10_000],
  ])("Retry-After %j is %i ms", (header, afterMs) => {
    expect(answer("POST", 429, header === undefined ? {} : { "retry-after": header })).toMatchObject({
      afterMs,
    });
  });

  it("is told with the service's code, and without its words", () => {
    const text = JSON.stringify({ error: { code: "MessageSizeTooBig", message: "what we sent" } });
    expect(answer("POST", 413, {}, text)?.why).toBe("the Bot Connector answered 413 (MessageSizeTooBig)");
    expect(answer("POST", 400, {}, "<html>what we sent</html>")?.why).toBe("the Bot Connector answered 400");
  });

  it.each([
    ["POST", { code: "ECONNRESET" }, "unclear"],
    ["POST", { code: "UND_ERR_SOCKET" }, "unclear"],
    ["POST", { code: "ECONNREFUSED" }, "retry"],
    ["POST", { code: "ENOTFOUND" }, "retry"],
    ["POST", { code: "SELF_SIGNED_CERT_IN_CHAIN" }, "retry"],
    ["PUT", { code: "ECONNRESET" }, "retry"],
  ])("%s ended by %j: %s", (method, cause, kind) => {
    expect(failureOfNetwork(method, new TypeError("fetch failed", { cause })).kind).toBe(kind);
  });
});

const settings = (authorityHost: string): TeamsSettings => ({
  appId: teamsIds.appId,
  appType: "SingleTenant",
  tenantId: teamsIds.tenant,
  password: "secret",
  authorityHost,
  openIdMetadataUrl: "https://localhost:1/openid",
  tokenIssuer: "https://api.botframework.com",
  serviceHosts: [],
  serviceUrl: "https://smba.trafficmanager.net/teams/",
  allowedTenants: [teamsIds.tenant],
  anonymous: "refused",
});

describe("signing in", () => {
  it("is done once for a burst of messages", async () => {
    let asked = 0;
    const factory = new BotCredentialsFactory("app", {
      async getToken() {
        asked += 1;
        await new Promise(setImmediate);
        return { token: "t", expiresOnTimestamp: Date.now() + 1000 };
      },
    });
    const signed = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const headers = new Map<string, string>();
        const credentials = await factory.createCredentials("app", "https://api.botframework.com");
        await Reflect.apply(credentials.signRequest, credentials, [{ headers }]);
        return headers.get("authorization") ?? headers.get("Authorization");
      }),
    );
    expect(new Set(signed)).toEqual(new Set(["Bearer t"]));
    expect(asked).toBe(1);
  });

  it("is a managed identity's where the registration says so, and never without a secret elsewhere", () => {
    const { password, ...withoutSecret } = settings("https://login.microsoftonline.com");
    expect(createBotCredential({ ...withoutSecret, appType: "UserAssignedMSI" })).toBeInstanceOf(
      ManagedIdentityCredential,
    );
    expect(() => createBotCredential(withoutSecret)).toThrow("client secret");
  });

  describe("at a real authority, over TLS", () => {
    let azure: LocalAzure;
    let directory: string;
    const trusted = getCACertificates("default");

    beforeAll(async () => {
      directory = mkdtempSync(join(tmpdir(), "routebot-sign-in-"));
      azure = await startLocalAzure({ port: 0, directory });
      setDefaultCACertificates([...trusted, readFileSync(azure.caFile, "utf8")]);
    });
    afterAll(async () => {
      setDefaultCACertificates(trusted);
      await azure.close();
      rmSync(directory, { recursive: true });
    });

    const signInAs = (password: string) => ({
      appId: azure.credentials.bot.clientId,
      tenantId: azure.tenantId,
      authorityHost: azure.url,
      password,
    });

    it("brings the token that the Bot Connector asks for", async () => {
      const bench = await startTeamsBench(() => signInAs(azure.credentials.bot.clientSecret));
      bench.receiveWith(async () => ({ kind: "accepted" }));
      // The peer signs for its own app id; the place is what any authenticated message would have brought.
      const sent = await bench.adapter.chat.post({ place: placeAt(bench), view: views.sentence, key: "k" });
      expect(sent.kind).toBe("sent");
      const token = bench.peer.requests[0]?.authorization?.replace("Bearer ", "") ?? "";
      expect(await azure.verifyBotToken(token)).toMatchObject({
        kind: "accepted",
        clientId: azure.credentials.bot.clientId,
      });
      await post(bench, placeAt(bench));
      const signIns = azure.requests().filter(({ path }) => path.endsWith("/token"));
      expect(signIns).toHaveLength(1);
      await bench.close();
    });

    it("with a wrong secret sends nothing, and can be tried again", async () => {
      const bench = await startTeamsBench(() => signInAs("wrong"));
      const sent = await bench.adapter.chat.post({ place: placeAt(bench), view: views.sentence, key: "k" });
      expect(sent).toEqual({ kind: "retry", afterMs: 30_000, why: "the bot could not sign in" });
      expect(bench.peer.requests).toEqual([]);
      await bench.close();
    });
  });
});

function placeAt({ peer }: TeamsBench): Place {
  return {
    platform: "teams",
    tenant: teamsIds.tenant,
    kind: "direct",
    conversation: teamsIds.direct,
    address: JSON.stringify({
      v: 1,
      serviceUrl: peer.serviceUrl,
      conversationId: teamsIds.direct,
      conversationType: "personal",
      tenantId: teamsIds.tenant,
      botId: teamsIds.bot,
    }),
  };
}
