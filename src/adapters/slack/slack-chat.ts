/** Slack as the Chat port: one call of the Web API a method, its failures as values. */
import type { WebClient } from "@slack/web-api";
import { z } from "zod";
import type { Chat, LookUpResult, Place, PostRequest, SendResult, UpdateRequest } from "../../ports/chat.ts";
import type { Log } from "../../ports/log.ts";
import { type Address, addressOf, readRef, refOf } from "./address.ts";
import { createOpenChats } from "./open-chats.ts";
import { renderView } from "./render-view.ts";
import { shareFile } from "./share-file.ts";
import { awayBecause, reasonOf, sendResultOf } from "./web-api-errors.ts";

/** Marks our messages, with the delivery key, in Slack's message metadata; invisible to people. */
const metadataType = "routebot_message";
const pageSize = 200;
const maxPages = 5;

const strange: SendResult = { kind: "refused", why: "the address is not one of the Slack adapter's" };
const posted = z.object({ channel: z.string(), ts: z.string() });

const page = z.object({
  messages: z
    .array(
      z.object({
        ts: z.string(),
        bot_id: z.string().optional(),
        metadata: z
          .object({ event_type: z.string(), event_payload: z.object({ key: z.string() }) })
          .optional()
          .catch(undefined),
      }),
    )
    .default([]),
  has_more: z.boolean().default(false),
  response_metadata: z.object({ next_cursor: z.string().default("") }).default({ next_cursor: "" }),
});

export type SlackChatParts = {
  readonly client: WebClient;
  /** The Web API's address: files are uploaded to its host and those below it, and to no other. */
  readonly apiUrl: string;
  /** Workspaces whose people can be written to. */
  readonly teamIds: readonly string[];
  readonly log: Log;
};

export function createSlackChat({ client, apiUrl, teamIds, log }: SlackChatParts): Chat {
  return {
    platform: "slack",
    post: (request) => post(client, request),
    update: (request) => update(client, request),
    lookUp: (place, key) => lookUp(place, key, { client, log }),
    openDirect: createOpenChats(client, teamIds),
    share: (request) => shareFile(client, apiUrl, request),
  };
}

/** Nothing in our text is to be linked, looked up or previewed. */
const inert = { parse: "none", link_names: false } as const;
const unfurlNothing = { unfurl_links: false, unfurl_media: false } as const;

async function post(client: WebClient, { place, view, key }: PostRequest): Promise<SendResult> {
  const address = addressOf(place);
  if (address === undefined) return strange;
  try {
    const answer = await client.chat.postMessage({
      ...renderView(view),
      ...inert,
      ...unfurlNothing,
      mrkdwn: false,
      channel: address.channel,
      ...(address.thread === undefined ? {} : { thread_ts: address.thread }),
      metadata: { event_type: metadataType, event_payload: { key } },
    });
    const message = posted.safeParse(answer).data;
    if (message === undefined) return { kind: "unclear", why: "Slack did not say which message it made" };
    return { kind: "sent", ref: refOf(message.channel, message.ts) };
  } catch (error) {
    return sendResultOf(error, "post");
  }
}

/** Metadata stays as it was posted: Slack keeps what an update leaves out. */
async function update(client: WebClient, { ref, view }: UpdateRequest): Promise<SendResult> {
  const message = readRef(ref);
  if (message === undefined) return strange;
  try {
    await client.chat.update({ ...renderView(view), ...inert, channel: message.channel, ts: message.ts });
    return { kind: "sent", ref };
  } catch (error) {
    return sendResultOf(error, "update");
  }
}

type LookUpTools = { readonly client: WebClient; readonly log: Log };

/** `absent` only when the whole thread, or the whole conversation, was read; most channels are longer than that. */
async function lookUp(place: Place, key: string, { client, log }: LookUpTools): Promise<LookUpResult> {
  const address = addressOf(place);
  if (address === undefined) return { kind: "unknown" };
  try {
    let cursor: string | undefined;
    for (let read = 0; read < maxPages; read += 1) {
      const { messages, has_more, response_metadata } = page.parse(await readPage(client, address, cursor));
      const found = messages.find(
        ({ bot_id, metadata }) =>
          bot_id !== undefined && metadata?.event_type === metadataType && metadata.event_payload.key === key,
      );
      if (found) return { kind: "found", ref: refOf(address.channel, found.ts) };
      if (!has_more) return { kind: "absent" };
      cursor = response_metadata.next_cursor;
      if (cursor === "") break;
    }
  } catch (error) {
    log.warn("slack-look-up-failed", { reason: reasonOf(error) });
    const away = awayBecause(error);
    if (away !== undefined) return { kind: "away", ...away };
  }
  return { kind: "unknown" };
}

function readPage(client: WebClient, { channel, thread }: Address, cursor: string | undefined) {
  const paging = {
    channel,
    include_all_metadata: true,
    limit: pageSize,
    ...(cursor === undefined ? {} : { cursor }),
  };
  return thread === undefined
    ? client.conversations.history(paging)
    : client.conversations.replies({ ...paging, ts: thread });
}
