import { systemClock } from "../../src/adapters/clock/system-clock.ts";
import { createHttpServer } from "../../src/adapters/http/http-server.ts";
import { createTeamsAdapter } from "../../src/adapters/teams/teams-adapter.ts";
import type { TeamsSettings } from "../../src/adapters/teams/teams-settings.ts";
import type { Receive } from "../../src/ports/chat.ts";
import type { ChatHarness } from "../contract/chat.ts";
import { buttonsOf, press, visibleText } from "./adaptive-card.ts";
import {
  type ConnectorPeer,
  connectorIssuer,
  peopleWithoutApp,
  startConnectorPeer,
} from "./connector-peer.ts";
import { createRecordedLog } from "./recorded-log.ts";
import { executeActivity, messageActivity, teamsIds } from "./teams-activities.ts";

/** The Teams adapter behind the real HTTP server, facing a Bot Connector of ours. */
export type TeamsBench = {
  /** Of the messaging endpoint. */
  readonly url: string;
  readonly peer: ConnectorPeer;
  readonly adapter: ReturnType<typeof createTeamsAdapter>;
  readonly log: ReturnType<typeof createRecordedLog>;
  receiveWith(receive: Receive): void;
  /** Posts a body to the messaging endpoint; without `token` a good one is signed. */
  deliver(
    activity: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: unknown; text: string }>;
  /** Moves the adapter's clock forward. */
  advance(ms: number): void;
  /** From now on every time limit of the adapter passes at once. */
  hurry(): void;
  close(): Promise<void>;
};

export const fakeBotToken = "token-of-the-bot";
const fakeCredential = {
  getToken: async () => ({ token: fakeBotToken, expiresOnTimestamp: Date.now() + 3_600_000 }),
};

export async function startTeamsBench(
  changesFor: (peer: ConnectorPeer) => Partial<TeamsSettings> = () => ({}),
): Promise<TeamsBench> {
  const peer = await startConnectorPeer(teamsIds.appId);
  let aheadMs = 0;
  let hurried = false;
  const log = createRecordedLog();
  let receive: Receive = async () => ({ kind: "accepted" });
  const settings: TeamsSettings = {
    appId: teamsIds.appId,
    appType: "SingleTenant",
    tenantId: teamsIds.tenant,
    authorityHost: "https://localhost:1",
    openIdMetadataUrl: peer.metadataUrl,
    tokenIssuer: connectorIssuer,
    serviceHosts: [peer.host],
    serviceUrl: peer.serviceUrl,
    allowedTenants: [teamsIds.tenant],
    anonymous: "refused",
    // Long enough for a busy machine, short enough to wait for in the tests of a silent peer.
    sendTimeoutMs: 1_000,
    ...changesFor(peer),
  };
  const adapter = createTeamsAdapter(settings, {
    receive: (inbound) => receive(inbound),
    clock: {
      now: () => new Date(Date.now() + aheadMs),
      sleep: (ms, signal) => (hurried ? Promise.resolve() : systemClock.sleep(ms, signal)),
    },
    log,
    // Without a secret there is no authority to sign in at.
    ...(settings.password === undefined && { credential: fakeCredential }),
  });
  const server = createHttpServer({ host: "127.0.0.1", port: 0, log });
  server.post("/api/messages", { body: "json", maxBytes: 256 * 1024 }, adapter.handler);
  const url = `${(await server.listen()).url}/api/messages`;
  return {
    url,
    peer,
    adapter,
    log,
    receiveWith(next) {
      receive = next;
    },
    advance(ms) {
      aheadMs += ms;
    },
    hurry() {
      hurried = true;
    },
    async deliver(activity, headers) {
      const response = await fetch(url, {
        method: "POST",
        body: JSON.stringify(activity),
        headers: {
          "content-type": "application/json",
          ...(headers ?? { authorization: `Bearer ${await peer.sign()}` }),
        },
      });
      const text = await response.text();
      const isJson = response.headers.get("content-type")?.startsWith("application/json");
      return { status: response.status, text, body: isJson && text ? JSON.parse(text) : undefined };
    },
    async close() {
      await server.close();
      await peer.close();
    },
  };
}

/** What an invoke's answer shows to the person who pressed, if not a card. */
function noticeOf(body: unknown): string | undefined {
  if (typeof body !== "object" || body === null || !("type" in body) || !("value" in body)) return undefined;
  const { type, value } = body;
  if (type === "application/vnd.microsoft.activity.message") return String(value);
  if (type !== "application/vnd.microsoft.error") return undefined;
  return typeof value === "object" && value !== null && "message" in value
    ? String(value.message)
    : undefined;
}

export async function startTeamsHarness(): Promise<ChatHarness> {
  const bench = await startTeamsBench();
  const { peer } = bench;
  const cardOf = (activity: Record<string, unknown>): unknown => {
    const { attachments } = activity;
    return Array.isArray(attachments) ? attachments[0]?.content : undefined;
  };
  return {
    platform: "teams",
    chat: bench.adapter.chat,
    receiveWith: bench.receiveWith,
    speaker: { tenant: teamsIds.tenant, user: teamsIds.user },
    unreachable: peopleWithoutApp,
    async say({ where, text, delivery, edited }) {
      const { status } = await bench.deliver(
        messageActivity(text, {
          serviceUrl: peer.serviceUrl,
          where,
          ...(delivery && { id: delivery }),
          ...(edited && { type: "messageUpdate" }),
        }),
      );
      return { status, notice: undefined };
    },
    async sayForged({ where, text }) {
      const { status } = await bench.deliver(messageActivity(text, { serviceUrl: peer.serviceUrl, where }), {
        authorization: `Bearer ${(await peer.sign()).slice(0, -4)}AAAA`,
      });
      return { status, notice: undefined };
    },
    async click({ verb, id, input, delivery }) {
      const message = peer.messages.at(-1);
      if (!message) throw new Error("no message to click on");
      const pressed = press(cardOf(message.activity), { verb, id, ...(input !== undefined && { input }) });
      const { status, body } = await bench.deliver(
        executeActivity(
          { ...pressed, messageId: message.id },
          { serviceUrl: peer.serviceUrl, ...(delivery && { id: delivery }) },
        ),
      );
      return { status, notice: noticeOf(body) };
    },
    shown: () =>
      peer.messages.map(({ conversationId, activity }) => {
        const [conversation = "", thread] = conversationId.split(";messageid=");
        const card = cardOf(activity);
        return {
          conversation,
          thread,
          text: visibleText(card),
          buttons: buttonsOf(card).map(({ title }) => title ?? ""),
        };
      }),
    postsSeen: () =>
      peer.requests.filter(({ method, path }) => method === "POST" && path.includes("/activities")).length,
    failNext: (fault) => peer.failNext(fault),
    reset: () => peer.reset(),
    close: () => bench.close(),
  };
}
