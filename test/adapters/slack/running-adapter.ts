/** The adapter over the peer, behind a plain HTTP server. */
import { createServer } from "node:http";
import { vi } from "vitest";
import { systemClock } from "../../../src/adapters/clock/system-clock.ts";
import { createSlackAdapter } from "../../../src/adapters/slack/slack-adapter.ts";
import type { SlackSettings } from "../../../src/adapters/slack/slack-settings.ts";
import type { Inbound, Receive } from "../../../src/ports/chat.ts";
import type { Clock } from "../../../src/ports/clock.ts";
import { createRecordedLog } from "../../support/recorded-log.ts";
import {
  type BotAnswer,
  closeServer,
  type Delivery,
  deliver,
  formBody,
  formType,
  type Json,
  jsonType,
  listenAnywhere,
  type Peer,
  startSlackPeer,
  workspace,
} from "../../support/slack-peer.ts";

export type Running = Awaited<ReturnType<typeof startAdapter>>;

export type StartOptions = {
  readonly settings?: Partial<SlackSettings>;
  readonly clock?: Clock;
  readonly peer?: Peer;
};

/** Waits longer than the adapter would: a machine that is busy with other tests must not look like a slow Slack. */
const patientClock: Clock = {
  now: () => new Date(),
  sleep: (ms, signal) => systemClock.sleep(ms * 5, signal),
};

export async function startAdapter(options: StartOptions = {}) {
  const peer = options.peer ?? (await startSlackPeer());
  const log = createRecordedLog();
  const received: Inbound[] = [];
  const accept: Receive = async () => ({ kind: "accepted" });
  let receive = accept;
  const adapter = await createSlackAdapter(
    {
      botToken: workspace.botToken,
      apiUrl: peer.apiUrl,
      teamIds: [workspace.team],
      mode: { kind: "http", signingSecret: workspace.signingSecret },
      ...options.settings,
    },
    {
      receive: (inbound) => {
        received.push(inbound);
        return receive(inbound);
      },
      clock: options.clock ?? patientClock,
      log,
    },
  );
  const server = createServer((request, response) => {
    if (adapter.requestListener) adapter.requestListener(request, response);
    else response.destroy();
  });
  const port = await listenAnywhere(server);
  const url = `http://127.0.0.1:${port}/slack/events`;

  type Extra = Partial<Delivery>;
  return {
    peer,
    adapter,
    log,
    received,
    url,
    /** Until it takes things in, however often the first try fails. */
    async started() {
      await adapter.start();
      await vi.waitUntil(() => log.lines.some(({ event }) => event === "slack-started"), 20_000);
    },
    receiveWith(next: Receive) {
      receive = next;
    },
    reset() {
      peer.reset();
      received.length = 0;
      log.lines.length = 0;
      receive = accept;
    },
    event: (payload: Json, extra: Extra = {}): Promise<BotAnswer> =>
      deliver({ url, body: JSON.stringify(payload), contentType: jsonType, ...extra }),
    command: (fields: Record<string, string>, extra: Extra = {}): Promise<BotAnswer> =>
      deliver({ url, body: formBody(fields), contentType: formType, ...extra }),
    interact: (payload: Json, extra: Extra = {}): Promise<BotAnswer> =>
      deliver({ url, body: formBody({ payload: JSON.stringify(payload) }), contentType: formType, ...extra }),
    async close() {
      await adapter.stop();
      await closeServer(server);
      await peer.close();
    },
  };
}
