/**
 * The flow with the production store and the production routing service, in a process of its own: answers one audit of everything
 * and says what that cost. Started with --expose-gc, so that what is measured begins at a clean point.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { createRoutingService } from "../../src/adapters/azure/routing-service.ts";
import { newId } from "../../src/adapters/clock/new-id.ts";
import { systemClock } from "../../src/adapters/clock/system-clock.ts";
import { openStore } from "../../src/adapters/store/open-store.ts";
import type { Policy } from "../../src/domain/change/approval-policy.ts";
import { defaultLimits, type Flow } from "../../src/flow/flow.ts";
import { handlers } from "../../src/flow/handlers.ts";
import { receiveInbound } from "../../src/flow/receive-inbound.ts";
import type { Chat, Place } from "../../src/ports/chat.ts";
import type { Log } from "../../src/ports/log.ts";

const azure = z
  .object({ url: z.string(), tenantId: z.string(), subscription: z.string() })
  .parse(JSON.parse(process.env.FLEET_AZURE ?? "null"));

const silent: Log = {
  debug: () => {},
  info: () => {},
  warn: (event, fields) => void process.stderr.write(`${event} ${JSON.stringify(fields)}\n`),
  error: (event, error) => void process.stderr.write(`${event} ${String(error)}\n`),
  with: () => silent,
};

const everybody: Policy = {
  version: "bench",
  people: [],
  rules: [
    {
      name: "all",
      sites: { subscriptions: ["*"], resourceGroups: ["*"], names: ["*"] },
      request: ["*"],
      approve: [],
      quorum: 1,
      decideWithinMs: 1,
      applyWithinMs: 1,
    },
  ],
};

const lineFeed = 0x0a;
let files: { readonly lines: number }[] = [];
let results: string[] = [];
const chat: Chat = {
  platform: "slack",
  post: async ({ view }) => {
    results.push(view.summary);
    return { kind: "sent", ref: "1" };
  },
  update: async ({ view }) => {
    results.push(view.summary);
    return { kind: "sent", ref: "1" };
  },
  lookUp: async () => ({ kind: "absent" }),
  openDirect: async () => ({ kind: "gone", why: "nobody is written to" }),
  share: async ({ content }) => {
    // Without the heading.
    files.push({ lines: content.reduce((lines, byte) => lines + (byte === lineFeed ? 1 : 0), -1) });
    return { kind: "sent", ref: "file" };
  },
};

const directory = await mkdtemp(join(tmpdir(), "routebot-bench-fleet-"));
const tools = { clock: systemClock, log: silent };
const store = await openStore({ kind: "embedded", directory }, tools);
const { requests, inbox, outbox, subjects, lists, surveys, stops, reviews, stepUps } = store;
const flow: Flow = {
  requests,
  inbox,
  outbox,
  subjects,
  lists,
  surveys,
  stops,
  reviews,
  stepUps,
  routing: createRoutingService(
    {
      resourceManagerUrl: azure.url,
      authorityHost: azure.url,
      tenantId: azure.tenantId,
      subscriptions: [azure.subscription],
      apiVersion: "2025-05-01",
    },
    tools,
  ),
  probe: async () => ({ kind: "failed", why: "nothing is changed here" }),
  directory: {
    personOf: async () => ({ id: "robin", name: "Robin" }),
    policy: async () => everybody,
  },
  chats: new Map([["slack", chat]]),
  ...tools,
  newId,
  holder: "bench",
  limits: defaultLimits,
};
const place: Place = {
  platform: "slack",
  tenant: "T",
  kind: "channel",
  conversation: "C",
  address: "{}",
};
const actor = { account: { platform: "slack", tenant: "T", user: "U" }, displayName: "Robin" } as const;
await store.work.start(handlers(flow));

/** Says it, and waits for the file that ends it. */
async function audit(text: string): Promise<{ readonly summary: string; readonly lines: number }> {
  files = [];
  results = [];
  await receiveInbound(flow)({ kind: "message", id: newId(), actor, place, text });
  while (files.length === 0 || !results.at(-1)?.includes(" sites ")) await systemClock.sleep(20);
  return { summary: results.at(-1) ?? "", lines: files[0]?.lines ?? 0 };
}

const rssMb = () => process.memoryUsage.rss() / 2 ** 20;

// What is loaded, signed in and compiled at the first audit is not part of what many sites cost.
await audit("audit rg-fleet-1");
for (let round = 0; round < 3; round++) {
  globalThis.gc?.();
  // V8 gives pages back a little later.
  await systemClock.sleep(300);
}
const before = rssMb();
let highest = before;
const watching = setInterval(() => {
  highest = Math.max(highest, rssMb());
}, 50);
process.send?.("begins");
await new Promise((resolve) => process.once("message", resolve));
const began = performance.now();
const { lines, summary } = await audit("list all apps");
const seconds = (performance.now() - began) / 1000;
highest = Math.max(highest, rssMb());
clearInterval(watching);
process.send?.({ sites: lines, seconds, rssGrowthMb: highest - before, summary });
await store.work.stop(1_000);
await store.close();
await rm(directory, { recursive: true, force: true });
process.exit(0);
