import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from "jose";
import { z } from "zod";
import { teamsIds } from "./teams-activities.ts";

/** The issuer of the Bot Connector's tokens in the public cloud. */
export const connectorIssuer = "https://api.botframework.com";

export const peerFaults = [
  "reset-after-receipt",
  "server-error",
  "hang",
  "throttled",
  "gone",
  "refused",
] as const;
export type PeerFault = (typeof peerFaults)[number];

export type PeerRequest = {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: unknown;
};

export type PeerMessage = {
  readonly id: string;
  readonly conversationId: string;
  activity: Record<string, unknown>;
};

/** Teams refuses to open a chat with this person: they have not installed the app. */
export const peopleWithoutApp = "00000000-0000-4000-8000-000000000403";

const chatWanted = z.strictObject({
  isGroup: z.literal(false),
  bot: z.object({ id: z.literal(teamsIds.bot) }),
  members: z.tuple([z.object({ id: z.string() }).transform(({ id }) => id)]),
  tenantId: z.literal(teamsIds.tenant),
  channelData: z.object({ tenant: z.object({ id: z.literal(teamsIds.tenant) }) }),
});

export type SigningKey = { readonly kid: string; readonly privateKey: CryptoKey; readonly jwk: JWK };

export async function createSigningKey(kid: string): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
  return { kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, use: "sig", alg: "RS256" } };
}

/** The Bot Connector in small: its OpenID document and keys, and the conversations that a bot posts to. */
export type ConnectorPeer = {
  /** Ends in a slash, as the Bot Connector's do. */
  readonly serviceUrl: string;
  readonly host: string;
  readonly metadataUrl: string;
  readonly key: SigningKey;
  readonly requests: PeerRequest[];
  readonly messages: PeerMessage[];
  /** Ids of the members of every conversation; `undefined`: they cannot be read. */
  members: readonly string[] | undefined;
  /** How often the OpenID document and the keys were asked for. */
  metadataReads(): number;
  failNext(fault: PeerFault): void;
  /** The keys that are served from now on. */
  serveKeys(keys: readonly Record<string, unknown>[]): void;
  /** Whether the OpenID document can be had. */
  serveMetadata(available: boolean): void;
  sign(claims?: JWTPayload, options?: { key?: SigningKey; expiresIn?: number }): Promise<string>;
  reset(): void;
  close(): Promise<void>;
};

export async function startConnectorPeer(appId: string): Promise<ConnectorPeer> {
  const key = await createSigningKey("connector-1");
  let keys: readonly Record<string, unknown>[] = [{ ...key.jwk, endorsements: ["msteams"] }];
  let available = true;
  let reads = 0;
  let lastId = 0;
  const faults: PeerFault[] = [];
  const requests: PeerRequest[] = [];
  const messages: PeerMessage[] = [];
  const hanging = new Set<ServerResponse>();

  const server = createServer((request, response) => {
    void serve(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const host = `127.0.0.1:${port}`;
  const serviceUrl = `http://${host}/amer/`;

  async function serve(request: IncomingMessage, response: ServerResponse) {
    const path = (request.url ?? "").split("?", 1)[0] ?? "";
    if (path === "/openid" || path === "/keys" || path.endsWith("/openid-configuration")) {
      reads += 1;
      if (!available) return json(response, 503, {});
      return json(
        response,
        200,
        path === "/keys" ? { keys } : { issuer: connectorIssuer, jwks_uri: `http://${host}/keys` },
      );
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString("utf8");
    const body: unknown = text === "" ? undefined : JSON.parse(text);
    const method = request.method ?? "";
    requests.push({ method, path, authorization: request.headers.authorization, body });
    const fault = faults.shift();
    if (fault) return misbehave(fault, request, response);
    if (method === "POST" && path === "/amer/v3/conversations") return createChat(body, response);
    if (method === "GET" && path.endsWith("/pagedmembers")) {
      const { members } = peer;
      return members
        ? json(response, 200, { members: members.map((id) => ({ id, name: "" })) })
        : json(response, 403, { error: { code: "BotNotInConversationRoster" } });
    }
    const match = /^\/amer\/v3\/conversations\/([^/]+)\/activities(?:\/([^/]+))?$/.exec(path);
    if (!match || typeof body !== "object" || body === null) return json(response, 404, {});
    const conversationId = decodeURIComponent(match[1] ?? "");
    if (method === "PUT") {
      const message = messages.find(({ id }) => id === decodeURIComponent(match[2] ?? ""));
      if (!message) return json(response, 404, { error: { code: "ActivityNotFoundInConversation" } });
      message.activity = { ...body };
      return json(response, 200, { id: message.id });
    }
    lastId += 1;
    const id = `1700000000${lastId}`;
    messages.push({ id, conversationId, activity: { ...body } });
    return json(response, 201, { id });
  }

  /** A chat with one person, by object id: the same one every time. */
  function createChat(body: unknown, response: ServerResponse) {
    const { success, data } = chatWanted.safeParse(body);
    if (!success) return json(response, 400, { error: { code: "BadSyntax" } });
    if (data.members[0] === peopleWithoutApp) {
      return json(response, 403, { error: { code: "ForbiddenOperationException" } });
    }
    const id = data.members[0] === teamsIds.user ? teamsIds.direct : `a:1-${data.members[0]}`;
    return json(response, 201, { id });
  }

  function misbehave(fault: PeerFault, request: IncomingMessage, response: ServerResponse) {
    switch (fault) {
      case "reset-after-receipt":
        return void request.socket.resetAndDestroy();
      case "server-error":
        return json(response, 502, { error: { code: "BadGateway" } });
      case "hang":
        return void hanging.add(response);
      case "throttled":
        response.setHeader("retry-after", "2");
        return json(response, 429, { error: { code: "Throttled" } });
      case "gone":
        return json(response, 403, { error: { code: "ConversationBlockedByUser" } });
      case "refused":
        return json(response, 413, { error: { code: "MessageSizeTooBig" } });
    }
  }

  const peer: ConnectorPeer = {
    members: undefined,
    serviceUrl,
    host,
    metadataUrl: `http://${host}/openid`,
    key,
    requests,
    messages,
    metadataReads: () => reads,
    failNext: (fault) => void faults.push(fault),
    serveKeys(served) {
      keys = served;
    },
    serveMetadata(now) {
      available = now;
    },
    sign(claims = {}, { key: signer = key, expiresIn = 600 } = {}) {
      const now = Math.floor(Date.now() / 1000);
      return new SignJWT({
        iss: connectorIssuer,
        aud: appId,
        nbf: now - 60,
        exp: now + expiresIn,
        serviceurl: serviceUrl,
        ...claims,
      })
        .setProtectedHeader({ alg: "RS256", typ: "JWT", kid: signer.kid })
        .sign(signer.privateKey);
    },
    reset() {
      faults.length = 0;
      requests.length = 0;
      messages.length = 0;
    },
    close() {
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
  return peer;
}

function json(response: ServerResponse, status: number, body: unknown): void {
  // In two statements: once restify is loaded, writeHead returns nothing.
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}
