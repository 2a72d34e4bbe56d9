import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newId } from "../src/adapters/clock/new-id.ts";
import { systemClock } from "../src/adapters/clock/system-clock.ts";
import { createPinoLog } from "../src/adapters/log/pino-log.ts";
import { openStoreParts } from "../src/adapters/store/open-store.ts";
import type { Actor, Person } from "../src/domain/actor.ts";
import type { Policy } from "../src/domain/change/approval-policy.ts";
import { type InState, requestId } from "../src/domain/change/change-request.ts";
import { fingerprintOf } from "../src/domain/change/fingerprint.ts";
import type { PlanEntry } from "../src/domain/change/plan.ts";
import type { PendingCommand } from "../src/domain/command.ts";
import type { Message } from "../src/flow/answer-message.ts";
import { answerPending } from "../src/flow/answer-pending.ts";
import { defaultLimits, type Flow } from "../src/flow/flow.ts";
import { receiveInbound } from "../src/flow/receive-inbound.ts";
import type { Place } from "../src/ports/chat.ts";
import { createMemoryRoutingService } from "../test/support/memory-routing-service.ts";
import { sampleSite } from "../test/support/observations.ts";
import { percentile, rounded } from "./statistics.ts";

export type Pending = {
  /** A list of open requests among all of them: in a channel, in a direct chat, one's own, for a site, for a group. */
  readonly listP99Ms: number;
  /** From a click that approves to its answer, everything stored: the request, the audit, the cards and jobs. */
  readonly decideP99Ms: number;
  readonly open: number;
  readonly lists: number;
  readonly decisions: number;
};

const open = 10_000;
const lists = 300;
const decisions = 300;
const warmUps = 20;
/** Each tenth site is of a group that the asker may not see. */
const hiddenEvery = 10;
const groups = 20;
const channels = 50;

const account = (user: string) => ({ platform: "teams", tenant: "tenant-1", user }) as const;
const people = ["robin", "ana", "ben"].map((id) => ({ id, name: id, accounts: [account(id)] }));
const actorOf = (id: string): Actor => ({ account: account(id), displayName: id });

/** 10,000 open requests in the embedded store, then lists and decisions, one after the other. */
export async function measurePending(): Promise<Pending> {
  const directory = await mkdtemp(join(tmpdir(), "routebot-bench-"));
  const log = createPinoLog({ level: "error", secrets: [] });
  const store = await openStoreParts({ kind: "embedded", directory }, { clock: systemClock, log });
  try {
    const policy = policyOf();
    const flow: Flow = {
      requests: store.requests,
      lists: store.lists,
      inbox: store.inbox,
      outbox: store.outbox,
      subjects: store.subjects,
      stops: store.stops,
      reviews: store.reviews,
      routing: createMemoryRoutingService({ sites: [], clock: systemClock }),
      directory: {
        personOf: async ({ account: { user }, displayName }): Promise<Person> => ({
          id: user,
          name: displayName,
        }),
        policy: async () => policy,
      },
      chats: new Map(),
      clock: systemClock,
      newId,
      log,
      holder: "bench",
      limits: defaultLimits,
    };
    for (let index = 0; index < open; index++) await openOne(flow, index);
    const listTimes = await timed(lists, (index) => listOnce(flow, index));
    const decideTimes = await timed(decisions, (index) => decideOnce(flow, index));
    return {
      listP99Ms: rounded(percentile(listTimes, 0.99)),
      decideP99Ms: rounded(percentile(decideTimes, 0.99)),
      open,
      lists,
      decisions,
    };
  } finally {
    await store.close();
    await rm(directory, { recursive: true, force: true });
  }
}

async function timed(count: number, once: (index: number) => Promise<unknown>): Promise<readonly number[]> {
  const times: number[] = [];
  for (let index = 0; index < warmUps + count; index++) {
    const began = performance.now();
    await once(index);
    if (index >= warmUps) times.push(performance.now() - began);
  }
  return times;
}

function policyOf(): Policy {
  const rule = {
    request: ["*"],
    approve: ["ana", "ben"],
    quorum: 1,
    decideWithinMs: 4 * 3600_000,
    applyWithinMs: 3600_000,
  };
  const sites = { subscriptions: ["*"], names: ["*"] };
  return {
    version: "bench",
    people,
    rules: [
      {
        ...rule,
        name: "hidden",
        sites: { ...sites, resourceGroups: ["rg-hidden"] },
        request: [],
        approve: [],
      },
      { ...rule, name: "all", sites: { ...sites, resourceGroups: ["*"] } },
    ],
  };
}

function placeOf(index: number): Place {
  const conversation = `19:channel-${index % channels}`;
  return {
    platform: "teams",
    tenant: "tenant-1",
    kind: "channel",
    conversation,
    thread: `${index}`,
    address: "{}",
  };
}

async function openOne(flow: Flow, index: number): Promise<void> {
  const number = await flow.requests.nextNumber();
  const resourceGroup = index % hiddenEvery === 0 ? "rg-hidden" : `rg-${index % groups}`;
  const before = sampleSite(`site-${index}`, { place: { resourceGroup } });
  const entry: PlanEntry = {
    target: before.target,
    before,
    changes: { applicationTraffic: true },
    wanted: { ...before.storedMap, applicationTraffic: true },
    settings: [],
    notes: [],
  };
  const at = flow.clock.now();
  const request: InState<"pending"> = {
    state: "pending",
    id: requestId(number),
    number,
    revision: 1,
    plan: { entries: [entry], fingerprint: fingerprintOf([entry]) },
    requester: { id: "robin", name: "robin" },
    requesterAccount: account("robin"),
    openedAt: at,
    terms: {
      rule: "all",
      policyVersion: "bench",
      quorum: 1,
      applyWithinMs: 3600_000,
      approvers: ["ana", "ben"],
    },
    decideBy: new Date(at.getTime() + 4 * 3600_000),
    approvals: [],
  };
  await flow.requests.open({
    request,
    check: () => undefined,
    effects: {
      events: [{ kind: "opened", at, request: request.id, person: request.requester, details: {} }],
      owed: [{ kind: "card", key: `${request.id}:card`, place: placeOf(index), request: request.id }],
      jobs: [{ kind: "deadline", request: request.id, at: request.decideBy }],
    },
  });
}

async function listOnce(flow: Flow, index: number): Promise<void> {
  const kinds: readonly PendingCommand[] = [
    { kind: "pending" },
    { kind: "pending", mine: true },
    { kind: "pending", targets: [{ name: `site-${(index * 37) % open}` }] },
    { kind: "pending", targets: [{ all: true, resourceGroup: `rg-${index % groups}` }] },
  ];
  const command = kinds[index % kinds.length] ?? { kind: "pending" };
  const place: Place = index % 8 < 4 ? placeOf(index) : { ...placeOf(index), kind: "direct" };
  const message: Message = {
    kind: "message",
    id: `m-${index}`,
    actor: actorOf(index % 3 === 0 ? "robin" : "ana"),
    place,
    text: "pending",
  };
  await answerPending(flow, message, command);
}

async function decideOnce(flow: Flow, index: number): Promise<void> {
  const number = 2 + index * 7 + ((index * 7) % hiddenEvery === 9 ? 1 : 0);
  const reply = await receiveInbound(flow)({
    kind: "click",
    id: `click-${index}`,
    actor: actorOf(index % 2 === 0 ? "ana" : "ben"),
    place: placeOf(index),
    verb: "approve",
    target: requestId(number),
  });
  if (reply.kind !== "card") throw new Error(`CR-${number} was not approved: ${JSON.stringify(reply)}`);
}
