/** The two ways from Slack to a bot: signed HTTP requests, or envelopes over Socket Mode. */
import { createHmac } from "node:crypto";
import { type BotAnswer, postToBot } from "../http/post-to-bot.ts";
import type { JsonObject } from "../world/world-model.ts";

/** Slack waits this long for the acknowledgement of anything. */
export const ackWithinMs = 3_000;

export const envelopeKinds = ["events_api", "slash_commands", "interactive"] as const;

export interface SlackSending {
  readonly kind: (typeof envelopeKinds)[number];
  readonly payload: JsonObject;
  /** A repeated event says which repetition it is, and why. */
  readonly retry?: { readonly num: number; readonly reason: string };
}

export type SendToBot = (sending: SlackSending) => Promise<BotAnswer>;

export interface HttpSenderOptions {
  readonly endpoint: string;
  readonly signingSecret: string;
  readonly now: () => Date;
  readonly ackWithinMs: number;
}

export function createHttpSender(options: HttpSenderOptions): SendToBot {
  return ({ kind, payload, retry }) => {
    const isEvent = kind === "events_api";
    const body = isEvent
      ? JSON.stringify(payload)
      : formOf(kind === "interactive" ? wrapped(payload) : payload);
    const timestamp = String(Math.floor(options.now().getTime() / 1000));
    return postToBot({
      url: options.endpoint,
      headers: {
        "content-type": isEvent ? "application/json" : "application/x-www-form-urlencoded",
        "user-agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        "x-slack-request-timestamp": timestamp,
        "x-slack-signature": signatureOf(options.signingSecret, timestamp, body),
        ...(retry === undefined
          ? {}
          : { "x-slack-retry-num": String(retry.num), "x-slack-retry-reason": retry.reason }),
      },
      body,
      timeoutMs: options.ackWithinMs,
    });
  };
}

/** https://docs.slack.dev/authentication/verifying-requests-from-slack */
export function signatureOf(signingSecret: string, timestamp: string, body: string): string {
  return `v0=${createHmac("sha256", signingSecret).update(`v0:${timestamp}:${body}`).digest("hex")}`;
}

const wrapped = (payload: JsonObject): JsonObject => ({ payload: JSON.stringify(payload) });

function formOf(fields: JsonObject): string {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) form.append(name, String(value));
  return form.toString();
}
