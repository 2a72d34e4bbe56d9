/**
 * Slack on loopback, for tests of the adapter: the Web API with its tokens, forms and errors, Socket Mode, and signed deliveries
 * to the bot. Stateful and strict; every call is recorded.
 */
import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type WebSocket, WebSocketServer } from "ws";
import { type ReadModal, readMessage, readModal } from "../adapters/slack/read-message.ts";

export const workspace = {
  team: "T0HOME",
  botUser: "U0ROUTEBOT",
  bot: "B0ROUTEBOT",
  botToken: "xoxb-the-bot-token",
  appToken: "xapp-the-app-token",
  signingSecret: "8f742231b10e8888abcd99yyyzzz85a5",
  channel: "C0ONCALL",
  direct: "D0ANA",
  /** A channel where the bot is not. */
  elsewhere: "C0ELSEWHERE",
} as const;

export type Json = { readonly [key: string]: unknown };
export type ApiCall = { readonly method: string; readonly args: Json };
export type PeerMessage = {
  readonly channel: string;
  readonly ts: string;
  readonly thread: string | undefined;
  readonly metadata: unknown;
  /** The person who alone sees it. */
  readonly onlyFor: string | undefined;
  content: Json;
};
export type OpenView = { readonly id: string; readonly hash: string; readonly view: ReadModal };
/** What happens to one call instead of being carried out, or after it was. */
export type Fault = (exchange: { response: ServerResponse; carryOut: () => Json }) => void;

export type Peer = {
  readonly apiUrl: string;
  readonly calls: readonly ApiCall[];
  readonly messages: readonly PeerMessage[];
  readonly views: readonly OpenView[];
  /** The next call of one of these methods meets this, once. */
  fail(methods: readonly string[], fault: Fault): void;
  /** Answers to methods whose answer a test wants to be different, until `reset`. */
  answer(method: string, answer: Json): void;
  reset(): void;
  /** Socket Mode: sends an envelope over the open connection; resolves with the payload of its acknowledgement. */
  sendEnvelope(type: string, payload: Json): Promise<unknown>;
  readonly sockets: ReadonlySet<WebSocket>;
  close(): Promise<void>;
};

export async function startSlackPeer(): Promise<Peer> {
  const calls: ApiCall[] = [];
  const messages: PeerMessage[] = [];
  const views: OpenView[] = [];
  const faults: { methods: readonly string[]; fault: Fault }[] = [];
  const answers = new Map<string, Json>();
  const sockets = new Set<WebSocket>();
  const waiting = new Map<string, (payload: unknown) => void>();
  const tickets = new Set<string>();
  let count = 0;
  const next = () => {
    count += 1;
    return count;
  };

  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const method = (request.url ?? "").replace("/api/", "");
      const args = argumentsOf(body);
      calls.push({ method, args });
      const carryOut = () => carryOutCall(method, args, request.headers.authorization);
      const ordered = faults.findIndex(({ methods }) => methods.includes(method));
      const [met] = ordered < 0 ? [] : faults.splice(ordered, 1);
      if (met) met.fault({ response, carryOut });
      else answerJson(response, carryOut());
    });
  });
  const webSockets = new WebSocketServer({ noServer: true });
  server.on("upgrade", (request, socket, head) => {
    const ticket = new URL(request.url ?? "/", "http://localhost").searchParams.get("ticket") ?? "";
    if (!tickets.delete(ticket)) {
      socket.destroy();
      return;
    }
    webSockets.handleUpgrade(request, socket, head, (ws) => {
      sockets.add(ws);
      ws.on("close", () => sockets.delete(ws));
      ws.on("message", (data) => {
        const ack: unknown = JSON.parse(String(data));
        if (typeof ack !== "object" || ack === null || !("envelope_id" in ack)) return;
        waiting.get(String(ack.envelope_id))?.("payload" in ack ? ack.payload : undefined);
      });
      ws.send(JSON.stringify({ type: "hello", num_connections: 1, connection_info: { app_id: "A0" } }));
    });
  });
  const port = await listenAnywhere(server);

  function carryOutCall(method: string, args: Json, authorization: string | undefined): Json {
    const token = method === "apps.connections.open" ? workspace.appToken : workspace.botToken;
    if (authorization !== `Bearer ${token}`) return refused("invalid_auth");
    return answers.get(method) ?? methods[method]?.(args) ?? refused("unknown_method");
  }

  const methods: Readonly<Record<string, (args: Json) => Json>> = {
    "auth.test": () => ({
      ok: true,
      team_id: workspace.team,
      user_id: workspace.botUser,
      bot_id: workspace.bot,
      is_enterprise_install: false,
    }),
    "users.info": ({ user }) => ({
      ok: true,
      user: {
        id: user,
        team_id: String(user).startsWith("U0GUEST") ? "T0PARTNER" : workspace.team,
        name: "handle",
        ...(String(user).startsWith("U0VISITOR") ? { is_restricted: true } : {}),
        profile: { display_name: `Name of ${String(user)}` },
      },
    }),
    "conversations.info": ({ channel }) =>
      channel === workspace.direct
        ? { ok: true, channel: { id: channel, is_im: true } }
        : { ok: true, channel: { id: channel, is_member: channel !== workspace.elsewhere } },
    "conversations.open": ({ users }) =>
      String(users).startsWith("U0GONE")
        ? refused("user_disabled")
        : { ok: true, channel: { id: String(users).replace(/^U/, "D") } },
    "chat.postMessage": (args) => {
      const made = put(args, undefined);
      return typeof made === "string"
        ? refused(made)
        : { ok: true, channel: made.channel, ts: made.ts, message: made.content };
    },
    "chat.postEphemeral": (args) => {
      const made = put(args, String(args.user));
      return typeof made === "string" ? refused(made) : { ok: true, message_ts: made.ts };
    },
    "chat.update": (args) => {
      const message = messages.find(({ channel, ts }) => channel === args.channel && ts === args.ts);
      if (message === undefined || message.onlyFor !== undefined) return refused("message_not_found");
      if (!acceptable(args)) return refused("invalid_blocks");
      message.content = { text: args.text, blocks: args.blocks };
      return { ok: true, channel: message.channel, ts: message.ts };
    },
    "views.open": ({ trigger_id, view }) => {
      if (trigger_id === "expired") return refused("expired_trigger_id");
      const opened = { id: `V${next()}`, hash: `${next()}.h`, view: readModal(view) };
      views.push(opened);
      return { ok: true, view: { id: opened.id } };
    },
    "conversations.history": (args) => listed(args, (message) => message.thread === undefined),
    "conversations.replies": (args) =>
      listed(args, (message) => message.ts === args.ts || message.thread === args.ts),
    "apps.connections.open": () => {
      const ticket = `ticket-${next()}`;
      tickets.add(ticket);
      return { ok: true, url: `ws://127.0.0.1:${port}/link?ticket=${ticket}` };
    },
  };

  function put(args: Json, onlyFor: string | undefined): PeerMessage | string {
    if (args.channel === workspace.elsewhere) return "not_in_channel";
    if (!acceptable(args)) return "invalid_blocks";
    const made: PeerMessage = {
      channel: String(args.channel),
      ts: `1700000000.${String(next()).padStart(6, "0")}`,
      thread: args.thread_ts === undefined ? undefined : String(args.thread_ts),
      metadata: args.metadata,
      onlyFor,
      content: { text: args.text, blocks: args.blocks },
    };
    messages.push(made);
    return made;
  }

  function listed(args: Json, wanted: (message: PeerMessage) => boolean): Json {
    const found = messages.filter(
      (message) => message.channel === args.channel && message.onlyFor === undefined && wanted(message),
    );
    const limit = Number(args.limit ?? 100);
    const from = Number(args.cursor ?? 0);
    const more = found.length > from + limit;
    return {
      ok: true,
      messages: found.slice(from, from + limit).map(({ ts, thread, metadata, content }) => ({
        type: "message",
        bot_id: workspace.bot,
        ts,
        thread_ts: thread,
        ...content,
        ...(args.include_all_metadata === "true" ? { metadata } : {}),
      })),
      has_more: more,
      response_metadata: { next_cursor: more ? String(from + limit) : "" },
    };
  }

  return {
    apiUrl: `http://127.0.0.1:${port}/api/`,
    calls,
    messages,
    views,
    sockets,
    fail: (methodNames, fault) => void faults.push({ methods: methodNames, fault }),
    answer: (method, answer) => void answers.set(method, answer),
    reset() {
      for (const list of [calls, messages, views, faults]) list.length = 0;
      answers.clear();
    },
    sendEnvelope(type, payload) {
      const [socket] = sockets;
      if (socket === undefined) return Promise.reject(new Error("no Socket Mode connection is open"));
      const id = `envelope-${next()}`;
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error("not acknowledged within 3 s")), 3_000);
        waiting.set(id, (answer) => {
          clearTimeout(timer);
          waiting.delete(id);
          resolve(answer);
        });
        socket.send(JSON.stringify({ envelope_id: id, type, payload, accepts_response_payload: true }));
      });
    },
    close() {
      for (const socket of sockets) socket.terminate();
      webSockets.close();
      return closeServer(server);
    },
  };
}

/** Listens on a free port of this machine. */
export async function listenAnywhere(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return address.port;
}

export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

const refused = (error: string): Json => ({ ok: false, error });

function acceptable({ text, blocks }: Json): boolean {
  try {
    readMessage({ text, blocks });
    return true;
  } catch {
    return false;
  }
}

/** The client sends forms; structured arguments are JSON in them. */
function argumentsOf(body: string): Json {
  const structured = new Set(["blocks", "view", "metadata"]);
  return Object.fromEntries(
    [...new URLSearchParams(body)].map(([name, value]): [string, unknown] => [
      name,
      structured.has(name) ? JSON.parse(value) : value,
    ]),
  );
}

export function answerJson(
  response: ServerResponse,
  json: Json,
  status = 200,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(json));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}

/** https://docs.slack.dev/authentication/verifying-requests-from-slack */
export function signatureOf(secret: string, timestamp: string, body: string, version = "v0"): string {
  return `${version}=${createHmac("sha256", secret).update(`${version}:${timestamp}:${body}`).digest("hex")}`;
}

export type Delivery = {
  readonly url: string;
  readonly body: string;
  readonly contentType: string;
  readonly secret?: string;
  /** Seconds that Slack's clock is ahead. */
  readonly ahead?: number;
  readonly headers?: Readonly<Record<string, string | undefined>>;
};
export type BotAnswer = { readonly status: number; readonly body: string };

/** Signed like Slack signs; `headers` replaces single ones, `undefined` removes them. */
export async function deliver({ url, body, contentType, ...options }: Delivery): Promise<BotAnswer> {
  const timestamp = String(Math.floor(Date.now() / 1000) + (options.ahead ?? 0));
  const headers = Object.entries({
    "content-type": contentType,
    "x-slack-request-timestamp": timestamp,
    "x-slack-signature": signatureOf(options.secret ?? workspace.signingSecret, timestamp, body),
    ...options.headers,
  }).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const response = await fetch(url, { method: "POST", headers, body: Buffer.from(body) });
  return { status: response.status, body: await response.text() };
}

export const jsonType = "application/json";
export const formType = "application/x-www-form-urlencoded";

export function formBody(fields: Readonly<Record<string, string>>): string {
  return new URLSearchParams(fields).toString();
}
