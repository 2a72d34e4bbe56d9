/** The Web API's methods that write and read messages. */
import type { Answer } from "../http/loopback-server.ts";
import { personOfSlack } from "../people.ts";
import { directPlace, findPlace, type Place, slackWorkspace } from "../places.ts";
import { isJsonObject, type JsonObject, type Message } from "../world/world-model.ts";
import { checkBlocks } from "./block-kit.ts";
import type { SlackContext } from "./slack-context.ts";
import { messageJson } from "./slack-payloads.ts";
import { fail, flag, ok, text } from "./web-api-call.ts";

/** "text … truncated above 40,000": longer is refused here, so that nobody relies on the truncation. */
const maxText = 40_000;

type Method = (context: SlackContext, args: JsonObject) => Answer;

interface Checked {
  readonly text: string;
  readonly blocks: JsonObject[];
}

/** The content of a message, or the answer that refuses it. */
export function checkContent(context: SlackContext, args: JsonObject): Checked | Answer {
  const words = text(args.text);
  if (words.length > maxText) return fail("msg_too_long");
  if (args.blocks === undefined) return words === "" ? fail("no_text") : { text: words, blocks: [] };
  const checked = checkBlocks(args.blocks, () => context.ids.id("b"));
  if (!checked.ok) {
    context.world.note("chat", `Slack refused blocks of the bot: ${checked.messages.join("; ")}`, "problem");
    return fail(checked.error, checked.messages);
  }
  if (words === "" && checked.blocks.length === 0) return fail("no_text");
  return { text: words, blocks: checked.blocks };
}

/** A conversation by its id; a user's id means the direct chat with them. */
function placeOf(channel: string): Place | undefined {
  const person = personOfSlack(channel);
  const place = person === undefined ? findPlace("slack", channel) : directPlace("slack", person.id);
  return place?.id === channel || person !== undefined ? place : undefined;
}

const postMessage: Method = (context, args) => {
  const place = placeOf(text(args.channel));
  if (place === undefined) return fail("channel_not_found");
  const thread = text(args.thread_ts) || null;
  if (thread !== null && findMessage(context, place, thread) === undefined) return fail("thread_not_found");
  const content = checkContent(context, args);
  if ("status" in content) return content;
  const message = context.world.post({
    platform: "slack",
    conversation: place.id,
    id: context.ids.ts(),
    thread,
    author: { kind: "bot" },
    ...content,
    metadata: isJsonObject(args.metadata) ? args.metadata : null,
  });
  return ok({ channel: place.id, ts: message.id, message: messageJson(message) });
};

const postEphemeral: Method = (context, args) => {
  const place = findPlace("slack", text(args.channel));
  const person = personOfSlack(text(args.user));
  if (place === undefined) return fail("channel_not_found");
  if (person === undefined) return fail("user_not_found");
  if (!place.members.includes(person.id)) return fail("user_not_in_channel");
  const content = checkContent(context, args);
  if ("status" in content) return content;
  const message = context.world.post({
    platform: "slack",
    conversation: place.id,
    id: context.ids.ts(),
    thread: text(args.thread_ts) || null,
    author: { kind: "bot" },
    ...content,
    audience: [person.id],
  });
  return ok({ message_ts: message.id });
};

function ownMessage(context: SlackContext, args: JsonObject): Message | Answer {
  const place = findPlace("slack", text(args.channel));
  if (place === undefined || place.id !== args.channel) return fail("channel_not_found");
  const message = findMessage(context, place, text(args.ts));
  if (message === undefined) return fail("message_not_found");
  return message.author.kind === "bot" ? message : fail("cant_update_message");
}

const update: Method = (context, args) => {
  const message = ownMessage(context, args);
  if ("status" in message) return message;
  const content = checkContent(context, args);
  if ("status" in content) return content;
  // Left out, the blocks stay as they are; an empty list removes them.
  const blocks = args.blocks === undefined ? message.blocks : content.blocks;
  const metadata = isJsonObject(args.metadata) ? { metadata: args.metadata } : {};
  context.world.revise(message, { text: content.text, blocks, cards: [], ...metadata });
  return ok({
    channel: message.conversation,
    ts: message.id,
    text: message.text,
    message: messageJson(message),
  });
};

const remove: Method = (context, args) => {
  const message = ownMessage(context, args);
  if ("status" in message) return message;
  context.world.remove(message);
  return ok({ channel: message.conversation, ts: message.id });
};

const history: Method = (context, args) => listMessages(context, args, (message) => message.thread === null);

const replies: Method = (context, args) => {
  const root = text(args.ts);
  return listMessages(context, args, (message) => message.id === root || message.thread === root, true);
};

function listMessages(
  context: SlackContext,
  args: JsonObject,
  wanted: (message: Message) => boolean,
  oldestFirst = false,
): Answer {
  const place = findPlace("slack", text(args.channel));
  if (place === undefined) return fail("channel_not_found");
  const [oldest, latest] = [Number(args.oldest ?? 0), Number(args.latest ?? Number.POSITIVE_INFINITY)];
  const inclusive = flag(args.inclusive);
  const limit = Math.min(Math.max(Number(args.limit ?? 100) || 100, 1), 999);
  const found = context.world.state.messages
    .filter((m) => m.platform === "slack" && m.conversation === place.id && m.deletedAt === null)
    .filter((m) => m.audience === null && wanted(m))
    .filter(({ id }) =>
      inclusive ? Number(id) >= oldest && Number(id) <= latest : within(id, oldest, latest),
    );
  const ordered = oldestFirst ? found.slice(0, limit) : found.slice(-limit).reverse();
  const withMetadata = flag(args.include_all_metadata);
  const messages = ordered.map((m) => ({
    ...messageJson(m),
    ...(withMetadata && m.metadata !== null ? { metadata: m.metadata } : {}),
  }));
  if (oldestFirst && messages.length === 0) return fail("thread_not_found");
  return ok({ messages, has_more: found.length > limit, pin_count: 0 });
}

const within = (id: string, oldest: number, latest: number) => Number(id) > oldest && Number(id) < latest;

const getPermalink: Method = (context, args) => {
  const place = findPlace("slack", text(args.channel));
  if (place === undefined) return fail("channel_not_found");
  const message = findMessage(context, place, text(args.message_ts));
  if (message === undefined) return fail("message_not_found");
  const permalink = `https://${slackWorkspace.domain}.slack.com/archives/${place.id}/p${message.id.replace(".", "")}`;
  return ok({ channel: place.id, permalink });
};

/** A message that the API can reach: ephemeral ones are out of its sight. */
function findMessage(context: SlackContext, place: Place, ts: string): Message | undefined {
  const message = context.world.find({ platform: "slack", conversation: place.id, id: ts });
  return message?.deletedAt === null && message.audience === null ? message : undefined;
}

export const messageMethods: Readonly<Record<string, Method>> = {
  "chat.postMessage": postMessage,
  "chat.postEphemeral": postEphemeral,
  "chat.update": update,
  "chat.delete": remove,
  "chat.getPermalink": getPermalink,
  "conversations.history": history,
  "conversations.replies": replies,
};
