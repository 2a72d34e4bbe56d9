import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { newId } from "../src/adapters/clock/new-id.ts";
import { systemClock } from "../src/adapters/clock/system-clock.ts";
import { createPinoLog } from "../src/adapters/log/pino-log.ts";
import { openStoreParts, type StoreParts } from "../src/adapters/store/open-store.ts";
import { changeRequestRecord } from "../src/adapters/store/records/change-request-record.ts";
import { owedRecord } from "../src/adapters/store/records/chat-record.ts";
import type { Actor, Person } from "../src/domain/actor.ts";
import type { Policy } from "../src/domain/change/approval-policy.ts";
import { type InState, requestId } from "../src/domain/change/change-request.ts";
import { fingerprintOf } from "../src/domain/change/fingerprint.ts";
import type { PlanEntry } from "../src/domain/change/plan.ts";
import type { PendingCommand } from "../src/domain/command.ts";
import { targetKey } from "../src/domain/target.ts";
import type { Message } from "../src/flow/answer-message.ts";
import { answerPending } from "../src/flow/answer-pending.ts";
import { defaultLimits, type Flow } from "../src/flow/flow.ts";
import { receiveInbound } from "../src/flow/receive-inbound.ts";
import type { Place } from "../src/ports/chat.ts";
import { conversationKey } from "../src/ports/request-lists.ts";
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
const chunk = 250;
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
      surveys: store.surveys,
      stops: store.stops,
      reviews: store.reviews,
      stepUps: store.stepUps,
      routing: createMemoryRoutingService({ sites: [], clock: systemClock }),
      directory: {
        personOf: async ({ account: { user }, displayName }): Promise<Person> => ({
          id: user,
          name: displayName,
        }),
        policy: async () => policy,
      },
      probe: async () => ({ kind: "failed", why: "there is no network here" }),
      chats: new Map(),
      clock: systemClock,
      newId,
      log,
      holder: "bench",
      limits: defaultLimits,
    };
    await fill(store);
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

/** Stored in large transactions, as one by one they would take minutes: requests, sites, cards, and the job of each deadline. */
async function fill({ database, queues }: StoreParts): Promise<void> {
  for (let from = 0; from < open; from += chunk) {
    const requests = Array.from({ length: chunk }, (_, index) => requestOf(from + index));
    await database.transaction(async (unit) => {
      await unit.sql
        .insertInto("change_request")
        .values(
          requests.map((request) => ({
            number: request.number,
            id: request.id,
            revision: 1,
            state: request.state,
            open: true,
            requester: request.requester.id,
            due_at: request.decideBy,
            origin: conversationKey(placeOf(request.number)),
            record: changeRequestRecord.write(request),
          })),
        )
        .execute();
      await unit.sql
        .insertInto("change_request_site")
        .values(requests.map(({ number, plan }) => ({ number, site: targetKey(plan.entries[0].target) })))
        .execute();
      await unit.sql
        .insertInto("delivery")
        .values(
          requests.map(({ id, number }) => ({
            key: `${id}:card`,
            request: id,
            owed: owedRecord.write({ kind: "card", key: `${id}:card`, place: placeOf(number), request: id }),
            want: 1,
            sent: 1,
            ref: "1",
            trying: false,
            attempts: 0,
          })),
        )
        .execute();
      await queues.enqueue(
        unit,
        requests.map(({ id, decideBy }) => ({ kind: "deadline", request: id, at: decideBy })),
      );
    });
    // The store does this every hour, and so many do not come within one.
    if (from % (4 * chunk) === 0) await sql`VACUUM (ANALYZE)`.execute(database.sql);
  }
  await sql`VACUUM (ANALYZE)`.execute(database.sql);
}

function requestOf(index: number): InState<"pending"> {
  const number = index + 1;
  const resourceGroup = isHidden(number) ? "rg-hidden" : `rg-${index % groups}`;
  const before = sampleSite(`site-${index}`, { place: { resourceGroup } });
  const entry: PlanEntry = {
    target: before.target,
    before,
    changes: { applicationTraffic: true },
    wanted: { ...before.storedMap, applicationTraffic: true },
    settings: [],
    notes: [],
  };
  const at = new Date();
  return {
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
}

/** Each tenth is for a site of a group that the askers may not see. */
function isHidden(number: number): boolean {
  return number % 10 === 0;
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
  // Spread over all of them, each one once, and none that is hidden.
  const number = ((index * 37) % (open / 10)) * 10 + 1 + (index % 9);
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
