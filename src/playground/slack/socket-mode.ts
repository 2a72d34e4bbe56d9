/** Socket Mode: the bot connects to Slack, and the envelopes travel over its WebSocket. */
import type { Server } from "node:http";
import { type WebSocket, WebSocketServer } from "ws";
import { z } from "zod";
import type { BotAnswer } from "../http/post-to-bot.ts";
import { slackWorkspace } from "../places.ts";
import { jsonObjectSchema } from "../world/world-model.ts";
import type { SendToBot, SlackSending } from "./send-to-bot.ts";

const ackSchema = z.object({ envelope_id: z.string(), payload: jsonObjectSchema.optional() });

export interface SocketMode {
  /** Takes the upgrades of the server at `path`. */
  attach(server: Server): void;
  /** A one-time ticket, part of the address that apps.connections.open answers. */
  ticket(): string;
  readonly path: string;
  readonly send: SendToBot;
  connections(): number;
  close(): void;
}

export interface SocketModeOptions {
  readonly newId: (prefix: string) => string;
  readonly ackWithinMs: number;
}

export function createSocketMode({ newId, ackWithinMs }: SocketModeOptions): SocketMode {
  const path = "/link/";
  const tickets = new Set<string>();
  const sockets = new Set<WebSocket>();
  const waiting = new Map<string, (answer: BotAnswer) => void>();
  const webSockets = new WebSocketServer({ noServer: true });

  webSockets.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    socket.on("error", () => socket.terminate());
    socket.on("message", (data) => {
      const ack = ackSchema.safeParse(parseJson(String(data)));
      if (!ack.success) return;
      const body = ack.data.payload === undefined ? "" : JSON.stringify(ack.data.payload);
      waiting.get(ack.data.envelope_id)?.({ kind: "answered", status: 200, headers: {}, body });
    });
    const hello = {
      type: "hello",
      num_connections: sockets.size,
      connection_info: { app_id: slackWorkspace.appId },
      debug_info: { host: "playground", approximate_connection_time: 18_060 },
    };
    socket.send(JSON.stringify(hello));
  });

  function envelopeOf({ kind, payload, retry }: SlackSending, id: string) {
    return {
      envelope_id: id,
      type: kind,
      accepts_response_payload: kind !== "events_api",
      payload,
      ...(kind === "events_api" ? { retry_attempt: retry?.num ?? 0, retry_reason: retry?.reason ?? "" } : {}),
    };
  }

  return {
    path,
    ticket() {
      const ticket = newId("TICKET");
      tickets.add(ticket);
      return ticket;
    },
    attach(server) {
      server.on("upgrade", (request, socket, head) => {
        const url = new URL(request.url ?? "/", "http://127.0.0.1");
        if (url.pathname !== path || !tickets.delete(url.searchParams.get("ticket") ?? "")) {
          socket.destroy();
          return;
        }
        webSockets.handleUpgrade(request, socket, head, (ws) => webSockets.emit("connection", ws, request));
      });
    },
    connections: () => sockets.size,
    send(sending) {
      const [socket] = sockets;
      if (socket === undefined) return Promise.resolve({ kind: "no-answer", reason: "unreachable" });
      const id = newId("ENV");
      return new Promise((resolve) => {
        const finish = (answer: BotAnswer) => {
          clearTimeout(timer);
          waiting.delete(id);
          resolve(answer);
        };
        const timer = setTimeout(() => finish({ kind: "no-answer", reason: "timeout" }), ackWithinMs);
        waiting.set(id, finish);
        socket.send(JSON.stringify(envelopeOf(sending, id)));
      });
    },
    close() {
      for (const socket of sockets) socket.terminate();
      webSockets.close();
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
