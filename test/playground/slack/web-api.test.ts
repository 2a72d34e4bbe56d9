import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { createChatFaults } from "../../../src/playground/chat-faults.ts";
import { createDeliveryLog } from "../../../src/playground/deliveries.ts";
import { findPlace } from "../../../src/playground/places.ts";
import { type LocalSlack, startLocalSlack } from "../../../src/playground/slack/local-slack.ts";
import { signatureOf } from "../../../src/playground/slack/send-to-bot.ts";
import { World } from "../../../src/playground/world/world.ts";
import { emptyWorld } from "../../../src/playground/world/world-model.ts";

/** The local Slack against a bot that only records what it is sent, on a clock of our own. */
const answerSchema = z.looseObject({
  ok: z.boolean(),
  error: z.string().optional(),
  ts: z.string().optional(),
});
const onCall = "C0ONCALL01";
let clock = Date.parse("2026-03-01T10:00:00Z");
const now = () => new Date(clock);
let world: World;
const faults = createChatFaults(now);
const deliveries = createDeliveryLog();
let received: { headers: IncomingHttpHeaders; body: string }[] = [];
let status = 200;
let slack: LocalSlack;
let closeBot: () => void;

beforeEach(async () => {
  world = new World(emptyWorld(), now);
  received = [];
  status = 200;
  const bot = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
    response.statusCode = status;
    response.end();
    bot.emit("received");
  });
  bot.listen(0, "127.0.0.1");
  await once(bot, "listening");
  const address = bot.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  closeBot = () => bot.close();
  let counter = 0;
  slack = await startLocalSlack({
    world,
    faults,
    deliveries,
    now,
    port: 0,
    botToken: "xoxb-1",
    appToken: "xapp-1",
    signingSecret: "s3cret",
    botEndpoint: `http://127.0.0.1:${port}/slack/events`,
    transport: "http",
    randomHex: (bytes) => {
      counter += 1;
      return counter.toString(16).padStart(bytes * 2, "0");
    },
    retryDelaysMs: [0, 10],
  });
});
afterEach(async () => {
  faults.clear();
  closeBot();
  await slack.close();
});

async function api(method: string, args: object, token: string | null = "xoxb-1") {
  const answer = await fetch(`${slack.apiUrl}${method}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(args),
  });
  return { status: answer.status, headers: answer.headers, ...answerSchema.parse(await answer.json()) };
}

const say = (text: string) => {
  const place = findPlace("slack", onCall);
  if (place === undefined) throw new Error("no channel");
  return slack.say({ as: "robin", place, thread: null, text });
};

describe("the Web API", () => {
  test.each([
    ["without a token", "auth.test", {}, null, "not_authed"],
    ["with a wrong token", "auth.test", {}, "xoxb-2", "invalid_auth"],
    [
      "with the app's token",
      "chat.postMessage",
      { channel: onCall, text: "x" },
      "xapp-1",
      "not_allowed_token_type",
    ],
    ["an unknown method", "chat.shout", {}, "xoxb-1", "unknown_method"],
    ["an unknown channel", "chat.postMessage", { channel: "C0", text: "x" }, "xoxb-1", "channel_not_found"],
    ["nothing to say", "chat.postMessage", { channel: onCall }, "xoxb-1", "no_text"],
    [
      "a text that is too long",
      "chat.postMessage",
      { channel: onCall, text: "x".repeat(40_001) },
      "xoxb-1",
      "msg_too_long",
    ],
    [
      "an unknown thread",
      "chat.postMessage",
      { channel: onCall, text: "x", thread_ts: "1.0" },
      "xoxb-1",
      "thread_not_found",
    ],
    [
      "an unknown message",
      "chat.update",
      { channel: onCall, ts: "1.0", text: "x" },
      "xoxb-1",
      "message_not_found",
    ],
    ["an invented trigger", "views.open", { trigger_id: "1.2.3", view: {} }, "xoxb-1", "invalid_trigger_id"],
    ["an unknown person", "users.info", { user: "U0" }, "xoxb-1", "user_not_found"],
    ["an unknown group", "usergroups.users.list", { usergroup: "S0" }, "xoxb-1", "no_such_subteam"],
  ])("answers %s with an error", async (_, method, args, token, error) => {
    expect(await api(method, args, token)).toMatchObject({ status: 200, ok: false, error });
  });

  test("posts, updates, keeps the blocks that an update leaves out, and finds messages by metadata", async () => {
    const metadata = { event_type: "card", event_payload: { id: "r-1" } };
    const blocks = [{ type: "section", text: { type: "mrkdwn", text: "one" } }];
    const posted = await api("chat.postMessage", { channel: onCall, text: "a", blocks, metadata });
    expect(posted.ok).toBe(true);
    await api("chat.update", { channel: onCall, ts: posted.ts, text: "b" });
    const history = { channel: onCall, include_all_metadata: true, limit: 1 };
    expect(await api("conversations.history", history)).toMatchObject({
      messages: [{ ts: posted.ts, text: "b", metadata, blocks: [{ type: "section" }] }],
    });
    await api("chat.update", { channel: onCall, ts: posted.ts, text: "b", blocks: [] });
    expect(await api("conversations.replies", { channel: onCall, ts: posted.ts })).toMatchObject({
      messages: [expect.not.objectContaining({ blocks: expect.anything() })],
    });
  });

  test("takes arguments as a form, as Slack's client sends them", async () => {
    const blocks = JSON.stringify([{ type: "divider" }]);
    const answer = await fetch(`${slack.apiUrl}chat.postMessage`, {
      method: "POST",
      headers: { authorization: "Bearer xoxb-1" },
      body: new URLSearchParams({ channel: onCall, text: "form", blocks }),
    });
    expect(await answer.json()).toMatchObject({ ok: true, message: { blocks: [{ type: "divider" }] } });
  });

  test("an ephemeral message cannot be updated and is not in the history", async () => {
    await api("chat.postEphemeral", { channel: onCall, user: "U0ANA0001", text: "for you" });
    const message = world.state.messages.at(-1);
    expect(message?.audience).toEqual(["ana"]);
    const update = { channel: onCall, ts: message?.id, text: "x" };
    expect(await api("chat.update", update)).toMatchObject({ error: "message_not_found" });
  });

  test("throttles on order", async () => {
    faults.order({
      platform: "slack",
      kind: "throttled",
      operation: "chat.postMessage",
      retryAfterSeconds: 7,
    });
    const first = await api("chat.postMessage", { channel: onCall, text: "x" });
    expect([first.status, first.headers.get("retry-after"), first.error]).toEqual([429, "7", "ratelimited"]);
    expect((await api("chat.postMessage", { channel: onCall, text: "x" })).ok).toBe(true);
  });

  test("a trigger opens one form, within three seconds", async () => {
    const view = {
      type: "modal",
      title: { type: "plain_text", text: "T" },
      blocks: [{ type: "divider" }],
    };
    const triggerOf = async () => {
      await say("/routebot help");
      return new URLSearchParams(received.at(-1)?.body).get("trigger_id");
    };
    const trigger_id = await triggerOf();
    expect((await api("views.open", { trigger_id, view })).ok).toBe(true);
    expect((await api("views.open", { trigger_id, view })).error).toBe("exchanged_trigger_id");
    const late = await triggerOf();
    clock += 3_001;
    expect((await api("views.open", { trigger_id: late, view })).error).toBe("expired_trigger_id");
  });

  test("a response_url works five times within half an hour", async () => {
    await say("/routebot help");
    const url = new URLSearchParams(received.at(-1)?.body).get("response_url") ?? "";
    const respond = () =>
      fetch(url, {
        method: "POST",
        body: JSON.stringify({ text: "x" }),
        headers: { "content-type": "application/json" },
      });
    const statuses = [];
    for (let use = 0; use < 6; use += 1) statuses.push((await respond()).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 404]);
  });
});

describe("requests to the bot", () => {
  test("are signed over the raw body", async () => {
    await say("@Routebot hi");
    const [request] = received;
    const timestamp = String(request?.headers["x-slack-request-timestamp"]);
    expect(Number(timestamp)).toBe(Math.floor(clock / 1000));
    expect(request?.headers["x-slack-signature"]).toBe(signatureOf("s3cret", timestamp, request?.body ?? ""));
  });

  test("an event that is not acknowledged is sent again, the same, and marked", async () => {
    status = 500;
    const { delivery } = await say("@Routebot hi");
    await expect.poll(() => delivery?.attempts.length).toBe(3);
    expect(new Set(received.map(({ body }) => body)).size).toBe(1);
    expect(received.map(({ headers }) => headers["x-slack-retry-num"])).toEqual([undefined, "1", "2"]);
    expect(received[1]?.headers["x-slack-retry-reason"]).toBe("http_error");
  });

  test("a command that is not acknowledged is not sent again", async () => {
    status = 500;
    const said = await say("/routebot help");
    expect(said.problem).toContain("/routebot failed");
    expect(received).toHaveLength(1);
  });
});
