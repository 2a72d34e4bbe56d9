import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  clickPayload,
  commandFields,
  eventPayload,
  mention,
  submissionPayload,
} from "../adapters/slack/payloads.ts";
import { type Running, startAdapter } from "../adapters/slack/running-adapter.ts";
import { type Json, workspace } from "../support/slack-peer.ts";
import { type Core, faultOf, startCore } from "./bot-under-fuzz.ts";
import { asJson, bytesLike, mutated, runs, timeLimitMs } from "./mutations.ts";

let core: Core;
let running: Running;
beforeAll(async () => {
  core = await startCore();
  running = await startAdapter({ settings: { mode: { kind: "socket", appToken: workspace.appToken } } });
  await running.started();
  running.receiveWith(core.receive);
});
afterAll(async () => {
  await running.close();
  await core.close();
});

const envelope = (type: string, payload: Json): Json => ({
  envelope_id: "e1",
  type,
  payload,
  accepts_response_payload: true,
  retry_attempt: 0,
  retry_reason: "",
});

/** Right in every part, from somebody who may decide nothing. */
const envelopes: readonly Json[] = [
  envelope("events_api", eventPayload(mention("route all traffic for app-x"))),
  envelope("slash_commands", commandFields("approve CR-1")),
  envelope("interactive", clickPayload({ value: "CR-1" })),
  envelope(
    "interactive",
    submissionPayload({ id: "V1", hash: "h", view: { callback_id: "routebot_form" } }, "x"),
  ),
  { type: "hello", num_connections: 1, connection_info: { app_id: "A0" } },
];

let events = 0;

/** Sends it as Slack would, and then what is right: that has to be taken, over this connection or the one after it. */
async function send(data: string | Buffer): Promise<void> {
  const [socket] = running.peer.sockets;
  socket?.send(data, { binary: false });
  events += 1;
  const id = `EvFuzz${events}`;
  await expect
    .poll(
      async () => {
        // A connection that is being made anew has none to send over yet.
        await running.peer
          .sendEnvelope("events_api", eventPayload(mention("status"), id))
          .catch(() => undefined);
        return running.received.some((inbound) => inbound.id === `slack:event:${id}`);
      },
      { timeout: 20_000, interval: 20 },
    )
    .toBe(true);
  const { received, thrown } = core.look();
  running.log.lines.length = 0;
  running.received.length = 0;
  running.peer.reset();
  expect(thrown).toEqual([]);
  for (const inbound of received) {
    expect(faultOf(inbound, ({ account }) => account.tenant === workspace.team)).toBeUndefined();
  }
}

const untouched = async () => expect(await core.isUntouched()).toBe(true);

test(
  "whatever an envelope of Socket Mode is made of, the next one is taken",
  async () => {
    await fc.assert(
      fc.asyncProperty(mutated(envelopes), (sent) => send(asJson(sent))),
      runs(150),
    );
    await untouched();
  },
  timeLimitMs,
);

test(
  "whatever comes in its place",
  async () => {
    await fc.assert(
      fc.asyncProperty(bytesLike(envelopes.map(asJson)), (bytes) => send(bytes.toString())),
      runs(150),
    );
    await untouched();
  },
  timeLimitMs,
);
