import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startPostgres } from "../test/support/postgres.ts";
import { type Chat, type MeasuredBot, startBareBot, startRoutebot } from "./inbound/bots.ts";
import { type Load, type Seen, seen } from "./inbound/load.ts";
import { type Surroundings, startSurroundings, workspace } from "./inbound/surroundings.ts";
import { median, rounded } from "./statistics.ts";

type Figures = {
  /** Requests acknowledged in a second when as many as can be are under way. */
  readonly rps: number;
  /** Milliseconds from a request to its acknowledgement, at 50 requests a second. */
  readonly p99Ms: number;
  /** Requests that were not taken. */
  readonly others: number;
};

type BotFigures = Figures & {
  /** `rps` as a share of what a bot that keeps nothing reaches on the same machine in the same minutes. */
  readonly vsBare: number;
  /** With `--long`: resident memory after 100,000 messages, above that after the first 10,000, in MB. */
  readonly rssGrowthMb?: number;
};

export type InboundAck = {
  readonly postgres: BotFigures;
  readonly embedded: BotFigures;
  readonly bare: Figures;
};

const people = 50;
const saturated = { connections: 32, seconds: 4, requests: 50_000 };
const steady = { perSecond: 50, seconds: 8, requests: 400 };
const warmUp = { connections: 8, seconds: 3, requests: 3_000 };
const long = { messages: 100_000, settled: 10_000, connections: 8, seconds: 3_600 };

export const measureSlackAck = (options: { readonly long: boolean }) => measure("slack", options);
export const measureTeamsAck = (options: { readonly long: boolean }) => measure("teams", options);

/**
 * Signed commands, from a process of their own, to a bot that checks, stores and acknowledges them. The bare bot is measured
 * before, between and after the two stores.
 */
async function measure(chat: Chat, options: { readonly long: boolean }): Promise<InboundAck> {
  const around = await startSurroundings();
  const folder = await mkdtemp(join(tmpdir(), "routebot-bench-"));
  const load = startLoad();
  try {
    await writeFile(join(folder, "routebot.yaml"), "people: []\nrules: []\n");
    const traffic = await trafficOf(chat, around);
    const bare = () => startBareBot(chat, around).then((bot) => figuresOf(bot, load, traffic));
    const withStore = async (databaseUrl?: string) => {
      const store = { folder, ...(databaseUrl !== undefined && { databaseUrl }) };
      const figures = await figuresOf(await startRoutebot(chat, around, store), load, traffic);
      if (!options.long) return figures;
      return {
        ...figures,
        rssGrowthMb: await growthOf(await startRoutebot(chat, around, store), load, traffic),
      };
    };

    const bares = [await bare()];
    const postgres = await onPostgres((databaseUrl) => withStore(databaseUrl));
    bares.push(await bare());
    const embedded = await withStore();
    bares.push(await bare());

    const rps = median(bares.map((one) => one.rps));
    const compared = <T extends Figures>(figures: T) => ({
      ...figures,
      vsBare: Math.round((figures.rps / rps) * 100) / 100,
    });
    return {
      postgres: compared(postgres),
      embedded: compared(embedded),
      bare: {
        rps,
        p99Ms: median(bares.map((one) => one.p99Ms)),
        others: bares.reduce((sum, { others }) => sum + others, 0),
      },
    };
  } finally {
    load.stop();
    await around.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function onPostgres<T>(work: (databaseUrl: string) => Promise<T>): Promise<T> {
  const server = await startPostgres({ survives: "the machine's end" });
  try {
    return await work(await server.createDatabase());
  } finally {
    await server.stop();
  }
}

async function figuresOf(bot: MeasuredBot, load: MakeLoad, traffic: Load["traffic"]): Promise<Figures> {
  try {
    const to = { url: bot.url, traffic, people };
    await load.make({ ...to, ...warmUp, pace: { kind: "closed", connections: warmUp.connections } });
    // First at leisure: what is still to be answered after the rush would be in the way.
    const slow = await load.make({
      ...to,
      ...steady,
      pace: { kind: "open", perSecond: steady.perSecond },
    });
    const fast = await load.make({
      ...to,
      ...saturated,
      pace: { kind: "closed", connections: saturated.connections },
    });
    return {
      rps: Math.round(fast.taken / fast.seconds),
      p99Ms: slow.p99Ms,
      others: slow.others + fast.others,
    };
  } finally {
    await bot.stop();
  }
}

/** How much resident memory grows over many messages, the answers to them included. */
async function growthOf(bot: MeasuredBot, load: MakeLoad, traffic: Load["traffic"]): Promise<number> {
  try {
    const pace = { kind: "closed", connections: long.connections } as const;
    const send = (requests: number) =>
      load.make({ url: bot.url, traffic, people, pace, requests, seconds: long.seconds });
    await send(long.settled);
    const before = await bot.residentMb();
    const { taken } = await send(long.messages - long.settled);
    if (taken < long.messages - long.settled) throw new Error(`only ${taken} messages were taken`);
    return rounded((await bot.residentMb()) - before);
  } finally {
    await bot.stop();
  }
}

async function trafficOf(chat: Chat, around: Surroundings): Promise<Load["traffic"]> {
  if (chat === "slack") return { kind: "slack", ...workspace };
  return {
    kind: "teams",
    serviceUrl: around.serviceUrl,
    tenant: around.azure.tenantId,
    bot: around.azure.credentials.bot.clientId,
    token: await around.connectorToken(),
  };
}

type MakeLoad = { make(load: Load): Promise<Seen>; stop(): void };

function startLoad(): MakeLoad {
  const child = fork(fileURLToPath(new URL("./inbound/load-process.ts", import.meta.url)));
  return {
    async make(load) {
      child.send(load);
      const [result] = await once(child, "message");
      return seen.parse(result);
    },
    stop: () => child.disconnect(),
  };
}
