import { generateKeyPairSync } from "node:crypto";
import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { StoreSettings } from "../../src/adapters/store/open-store.ts";
import { botEnvironment } from "../../src/playground/bot/bot-environment.ts";
import { reservePort } from "../../src/playground/http/free-port.ts";
import { isOpen } from "../../src/playground/journal/read-card.ts";
import { places } from "../../src/playground/places.ts";
import { startPostgres } from "../support/postgres.ts";
import { Chance } from "./chance.ts";
import type { Decision, Evidence } from "./evidence.ts";
import { askedIn, cardsIn, exportAudit, flagsIn, leftIn, lookAtCards, writesIn } from "./gather.ts";
import { Hands } from "./hands.ts";
import { isUnderWay, judge, type Verdict } from "./judge.ts";
import { startLoadBalancer } from "./load-balancer.ts";
import { Replica } from "./replica.ts";
import { inventStory, playStory, type Story, type Tagged } from "./story.ts";
import { type Surroundings, startSurroundings } from "./surroundings.ts";
import { type TroubleCounts, Troubles } from "./troubles.ts";

export type ChaosOptions = {
  readonly store: "postgres" | "embedded";
  readonly requests: number;
  readonly kills: number;
  readonly replicas: number;
  readonly seed: string;
  /** Whether anything but kills happens. */
  readonly faults?: boolean;
  /** Whether some of the changes are for a minute: a run is that much longer then. */
  readonly temporary?: boolean;
  /** Where logs, audit and evidence of a run are kept that broke a promise. */
  readonly keep?: string | undefined;
  /** Ends the run: what is there by then is judged. */
  readonly stop?: AbortSignal;
  readonly say: (line: string) => void;
};

export type ChaosResult = Verdict["figures"] &
  TroubleCounts & {
    readonly store: string;
    readonly seed: string;
    readonly replicas: number;
    readonly seconds: number;
    /** From the end of the last trouble until everything had ended and every card said so. */
    readonly recoveryTailSeconds: number;
    readonly violations: readonly string[];
  };

const storiesAtOnce = 12;
/** Everything has to have come to its end that long after the last trouble. */
const tailWithinMs = 180_000;
/** One that is wrong by a minute is wrong by as much as machines without time service are in a month. */
const clockOffsetMs = 60_000;

/** Runs the product under trouble and judges what came of it. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const closers: (() => unknown)[] = [];
  try {
    return await run(options, (closer) => closers.push(closer));
  } finally {
    for (const closer of closers.toReversed()) await closer();
  }
}

async function run(options: ChaosOptions, onClose: (closer: () => unknown) => void): Promise<ChaosResult> {
  const { store, seed, requests, kills, say } = options;
  const began = performance.now();
  const count = store === "embedded" ? 1 : options.replicas;
  const ports: number[] = [];
  while (ports.length < count) ports.push(await reservePort("a replica", 0));
  const balancer = await startLoadBalancer(ports);
  onClose(balancer.close);
  const around = await startSurroundings(balancer.url, Math.max(storiesAtOnce * 4, 24));
  onClose(around.close);
  const server = store === "postgres" ? await startPostgres({ survives: "its own end" }) : undefined;
  if (server) onClose(server.stop);
  const settings: StoreSettings = server
    ? { kind: "postgres", url: await server.createDatabase() }
    : { kind: "embedded", directory: join(around.folder, "bot") };
  const anchor = join(around.folder, "anchor.jsonl");
  const environment = environmentOf(around, settings, anchor);

  const clocks = new Chance(`${seed}/clocks`);
  const replicas = ports.map((port, index) => {
    // One of several replicas is a minute ahead all the time; alone, it is so at some of its starts.
    const wrong = () =>
      count > 1 ? (index === count - 1 ? clockOffsetMs : 0) : clocks.happens(0.4) ? clockOffsetMs : 0;
    return new Replica({
      port,
      environment: { ...environment, ROUTEBOT_PORT: String(port) },
      logFile: join(around.folder, `bot-${index}.log`),
      clockOffsetMs: options.faults === false ? () => 0 : wrong,
    });
  });
  onClose(() => Promise.all(replicas.map((replica) => replica.stop())));
  for (const replica of replicas) {
    replica.start();
    // One after the other: the first one makes the tables.
    await untilReady(replica);
  }
  await around.teams.install();
  const before = flagsIn(around);
  const hands = new Hands(around);

  const told: { asked: Tagged[]; decisions: Decision[] } = { asked: [], decisions: [] };
  const troubles = new Troubles({
    around,
    replicas,
    restartDatabase: server && (() => server.restart()),
    chance: new Chance(`${seed}/troubles`),
    say,
  });
  say(`${store}: ${requests} requests, ${kills} kills, ${count} replicas, seed ${seed}`);
  if (options.faults !== false) troubles.start();
  const stopped = new Promise<void>((resolve) => options.stop?.addEventListener("abort", () => resolve()));
  const playing = playAll(options, {
    around,
    hands,
    told,
    onStory: killAt(requests, kills, () => troubles.kill()),
  });
  await Promise.race([playing, stopped]);
  await troubles.end();

  const tailSeconds = await settle({ hands, replicas, decisions: told.decisions, settings });
  say(`settled ${tailSeconds.toFixed(1)} s after the last trouble`);
  await lookAtCards(around);
  const crashes = replicas.flatMap((replica) => replica.crashes);
  for (const replica of replicas) await replica.stop();
  const after = flagsIn(around);
  const evidence: Evidence = {
    asked: askedIn(around, told.asked),
    decisions: told.decisions,
    cards: cardsIn(around),
    writes: writesIn(around.writes),
    ...(await exportAudit(environment, { folder: around.folder, anchor })),
    sites: Object.fromEntries(
      around.sites.map((site) => [site, { before: before[site] ?? {}, after: after[site] ?? {} }]),
    ),
    left: await leftIn(settings),
    crashes,
  };
  const { figures, violations } = judge(evidence);
  const result: ChaosResult = {
    ...{ store, seed, replicas: count },
    ...figures,
    ...troubles.counts,
    seconds: Math.round((performance.now() - began) / 100) / 10,
    recoveryTailSeconds: Math.round(tailSeconds * 10) / 10,
    violations,
  };
  if (violations.length > 0 && options.keep !== undefined) await keepTraces(around, evidence, options.keep);
  return result;
}

function environmentOf(
  around: Surroundings,
  store: StoreSettings,
  anchor: string,
): Readonly<Record<string, string>> {
  const { azure, teams, slack, slackSecrets, folder } = around;
  const {
    ROUTEBOT_DATA_DIR,
    ROUTEBOT_PORT: _,
    ...environment
  } = botEnvironment(
    {
      botPort: 0,
      dataDirectory: join(folder, "bot"),
      auditAnchor: anchor,
      policyFile: join(folder, "policy.yaml"),
      azure,
      teams,
      slack: { apiUrl: slack.apiUrl, ...slackSecrets },
      anonymousTeams: false,
    },
    process.env,
  );
  const { privateKey } = generateKeyPairSync("ed25519");
  return {
    ...environment,
    // Short limits, so that a run is not mostly waiting for what was ordered to hang.
    ROUTEBOT_WRITE_TIMEOUT: "8s",
    ROUTEBOT_VERIFY_WITHIN: "10s",
    ROUTEBOT_RETRY_WITHIN: "45s",
    ...(store.kind === "postgres"
      ? {
          DATABASE_URL: store.url,
          ROUTEBOT_AUDIT_KEY: privateKey.export({ type: "pkcs8", format: "der" }).toString("base64"),
        }
      : { ROUTEBOT_DATA_DIR: ROUTEBOT_DATA_DIR ?? "" }),
  };
}

async function untilReady(replica: Replica): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!(await replica.isReady())) {
    if (performance.now() > deadline || replica.crashes.length > 2)
      throw new Error(`a replica did not start: ${replica.crashes.join(", ")}`);
    await pause(50);
  }
}

/** Spreads the kills over the stories. */
function killAt(requests: number, kills: number, kill: () => void): (story: number) => void {
  let done = 0;
  return (story) => {
    while (done < Math.floor(((story + 1) * kills) / requests)) {
      done += 1;
      kill();
    }
  };
}

type Play = {
  readonly around: Surroundings;
  readonly hands: Hands;
  readonly told: { readonly asked: Tagged[]; readonly decisions: Decision[] };
  readonly onStory: (story: number) => void;
};

/** Plays all stories, several at a time, each on a site of its own meanwhile. */
async function playAll(
  { seed, requests, temporary = true, say }: ChaosOptions,
  { around, told, onStory }: Play,
): Promise<void> {
  const hands = new Hands(around);
  const free = [...around.sites];
  let next = 0;
  let ended = 0;
  const playing = new Map<Story, string>();
  const watch = setInterval(() => {
    const now = [...playing].map(([{ number, place }, at]) => `${number} (${place.platform}) ${at}`);
    say(`${ended} of ${requests}; now ${now.join("; ")}`);
  }, 20_000);
  const player = async (): Promise<void> => {
    for (;;) {
      const number = next;
      next += 1;
      const site = free.shift();
      if (number >= requests || site === undefined) return;
      onStory(number);
      const chance = new Chance(`${seed}/story/${number}`);
      const invented = inventStory(chance, number, site);
      const story = { ...invented, temporary: temporary && invented.temporary };
      const flagsOf = (name: string) => flagsIn(around)[name] ?? {};
      const at = (stage: string) => void playing.set(story, stage);
      await playStory(story, { hands, chance, flagsOf, say, at, ...told });
      playing.delete(story);
      free.push(site);
      ended += 1;
    }
  };
  await Promise.all(Array.from({ length: storiesAtOnce }, player)).finally(() => clearInterval(watch));
}

type Settling = {
  readonly hands: Hands;
  readonly replicas: readonly Replica[];
  readonly decisions: Decision[];
  readonly settings: StoreSettings;
};

/**
 * Waits until every card says that its request has ended and nothing is under way in the database; what nobody decided in all the
 * trouble is cancelled by hand. Seconds that it took.
 */
async function settle({ hands, replicas, decisions, settings }: Settling): Promise<number> {
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1000;
  for (const replica of replicas) await untilReady(replica);
  while (performance.now() - began < tailWithinMs) {
    const open = [...hands.cards].filter(([request]) => isOpen(hands.stateOf(request) ?? "other"));
    for (const [request, card] of open) {
      if (hands.stateOf(request) !== "pending") continue;
      // Ana may, as asker or as approver; in somebody's own chat it is theirs.
      const place = places.find(({ id }) => id === card.conversation);
      const person = place?.kind === "direct" ? (place.members[0] ?? "ana") : "ana";
      const acknowledged = await hands.click(card, person, "cancel");
      decisions.push({ request, person, verb: "cancel", acknowledged });
    }
    const looked = seconds();
    if (open.length === 0 && (await isQuiet(replicas, settings))) return looked;
    await pause(1_000);
  }
  return seconds();
}

/** Whether no request is open and no job waits that has something to do. The embedded store is looked at while its bot is down. */
async function isQuiet(replicas: readonly Replica[], settings: StoreSettings): Promise<boolean> {
  const quiet = async () => {
    const { requests, jobs, temporary } = await leftIn(settings);
    return requests.length === 0 && temporary.length === 0 && !jobs.some(isUnderWay);
  };
  if (settings.kind === "postgres") return quiet();
  for (const replica of replicas) await replica.stop();
  const isSo = await quiet();
  for (const replica of replicas) {
    replica.start();
    await untilReady(replica);
  }
  return isSo;
}

async function keepTraces(around: Surroundings, evidence: Evidence, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { writeFile, readdir } = await import("node:fs/promises");
  await writeFile(join(folder, "evidence.json"), JSON.stringify(evidence, null, 1));
  await writeFile(join(folder, "messages.json"), JSON.stringify(around.world.state.messages, null, 1));
  for (const name of await readdir(around.folder)) {
    if (/\.(log|jsonl)$/.test(name)) await copyFile(join(around.folder, name), join(folder, name));
  }
}
