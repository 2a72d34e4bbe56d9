import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  clickPayload,
  commandFields,
  directMessage,
  eventPayload,
  mention,
  submissionPayload,
} from "../adapters/slack/payloads.ts";
import { type Running, startAdapter } from "../adapters/slack/running-adapter.ts";
import { type Json, signatureOf, workspace } from "../support/slack-peer.ts";
import { type Core, faultOf, startCore } from "./bot-under-fuzz.ts";
import { asJson, bytesLike, mutated, runs, timeLimitMs } from "./mutations.ts";

let core: Core;
let running: Running;
beforeAll(async () => {
  core = await startCore();
  running = await startAdapter();
  await running.started();
  running.receiveWith(core.receive);
});
afterAll(async () => {
  await running.close();
  await core.close();
});

const jsonType = "application/json";
const formType = "application/x-www-form-urlencoded";

/** Right in every part, from somebody who may decide nothing. */
const events: readonly Json[] = [
  eventPayload(mention("route all traffic for app-x")),
  eventPayload(directMessage("status of app-x")),
  eventPayload(directMessage("edited", { subtype: "message_changed", edited: { user: "U0ANA", ts: "1.1" } })),
  eventPayload({
    type: "member_joined_channel",
    user: workspace.botUser,
    channel: workspace.channel,
    inviter: "U0ANA",
  }),
  eventPayload({ type: "reaction_added", user: "U0ANA" }),
  { type: "url_verification", challenge: "3eZbrw1aB", token: "x" },
];
const place = JSON.stringify({ v: 1, team: workspace.team, channel: workspace.channel });
const opened = {
  callback_id: "routebot_form",
  private_metadata: JSON.stringify({
    v: 1,
    verb: "reject",
    target: "CR-1",
    address: JSON.parse(place),
    message: "1700000003.000100",
  }),
};
const interactions: readonly Json[] = [
  clickPayload({ value: "CR-1" }),
  clickPayload({ value: "CR-1", actionId: "cancel:2", thread: "1700000001.000100" }),
  clickPayload({ value: "a-question.0", actionId: "pick" }),
  clickPayload({
    value: "CR-1",
    actionId: "reject",
    blockId: `form reject ${JSON.stringify(["Reject CR-1", "Why?", "Reject", true, 300])}`,
  }),
  submissionPayload({ id: "V1", hash: "h", view: opened }, "because"),
  {
    type: "shortcut",
    callback_id: "x",
    user: { id: "U0ANA", team_id: workspace.team },
    team: { id: workspace.team },
    trigger_id: "1",
  },
  { type: "view_closed", user: { id: "U0ANA" }, team: { id: workspace.team }, view: { id: "V1" } },
  { type: "block_suggestion", user: { id: "U0ANA" }, team: { id: workspace.team }, value: "x" },
];
const commands: readonly Record<string, string>[] = [
  commandFields("status of app-x"),
  commandFields("approve CR-1"),
  commandFields("route all", { channel_id: workspace.elsewhere }),
];

const answers = new Set([200, 400, 401, 404, 413, 503]);

/** Signed with the right secret: all that follows the signature is under test. */
async function send(body: Buffer | string, contentType: string): Promise<void> {
  const bytes = Buffer.from(body);
  const timestamp = String(Math.floor(Date.now() / 1000));
  const began = performance.now();
  const response = await fetch(running.url, {
    method: "POST",
    headers: {
      "content-type": contentType,
      "x-slack-request-timestamp": timestamp,
      "x-slack-signature": signatureOf(workspace.signingSecret, timestamp, bytes.toString()),
    },
    body: bytes,
  });
  const text = await response.text();
  const { received, thrown } = core.look();
  running.log.lines.length = 0;
  running.received.length = 0;
  running.peer.reset();
  expect(thrown).toEqual([]);
  expect(answers).toContain(response.status);
  expect(text).not.toMatch(/node_modules|\bat .+:\d+:\d+|TypeError|ReferenceError/);
  for (const inbound of received) {
    expect(faultOf(inbound, ({ account }) => account.tenant === workspace.team)).toBeUndefined();
  }
  expect(performance.now() - began).toBeLessThan(30_000);
}

const encoded = (value: unknown) => encodeURIComponent(asJson(value));
const untouched = async () => {
  expect(await core.isUntouched()).toBe(true);
  expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
};

test(
  "whatever a signed event is made of",
  async () => {
    await fc.assert(
      fc.asyncProperty(mutated(events), (event) => send(asJson(event), jsonType)),
      runs(200),
    );
    await untouched();
  },
  timeLimitMs,
);

test(
  "whatever a signed click or form is made of",
  async () => {
    await fc.assert(
      fc.asyncProperty(mutated(interactions), (payload) => send(`payload=${encoded(payload)}`, formType)),
      runs(200),
    );
    await untouched();
  },
  timeLimitMs,
);

test(
  "whatever a signed command is made of",
  async () => {
    const field = (value: unknown) =>
      typeof value === "string" ? encodeURIComponent(value.toWellFormed()) : encoded(value);
    await fc.assert(
      fc.asyncProperty(mutated(commands), (fields) =>
        send(
          Object.entries(fields ?? {})
            .map(([name, value]) => `${encodeURIComponent(name.toWellFormed())}=${field(value)}`)
            .join("&"),
          formType,
        ),
      ),
      runs(200),
    );
    await untouched();
  },
  timeLimitMs,
);

test(
  "whatever bytes are signed in their place",
  async () => {
    const asForm = interactions.map((payload) => `payload=${encoded(payload)}`);
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          bytesLike(events.map(asJson)).map((bytes) => [bytes, jsonType] as const),
          bytesLike([...asForm, ...commands.map((fields) => new URLSearchParams(fields).toString())]).map(
            (bytes) => [bytes, formType] as const,
          ),
        ),
        ([bytes, type]) => send(bytes, type),
      ),
      runs(200),
    );
    await untouched();
  },
  timeLimitMs,
);

test.each(["null", " null\n"])("a signed %j ends nothing", async (nothing) => {
  await send(nothing, jsonType);
  await send(`payload=${encodeURIComponent(nothing)}`, formType);
});

test("a right one is taken after all that", async () => {
  expect((await running.event(eventPayload(mention("status"), "EvLast"))).status).toBe(200);
  expect(core.look().received).toHaveLength(1);
});
