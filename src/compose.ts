import { admitInbound } from "./adapters/admission/admit-inbound.ts";
import { createAnchorFile } from "./adapters/anchor/anchor-file.ts";
import { loadSealingKey, publicPem } from "./adapters/anchor/sealing-key-file.ts";
import type { createCredential } from "./adapters/azure/credential.ts";
import { withSignIn } from "./adapters/azure/database-token.ts";
import { createSignInCheck } from "./adapters/azure/sign-in-check.ts";
import { newId } from "./adapters/clock/new-id.ts";
import { systemClock } from "./adapters/clock/system-clock.ts";
import { createDirectoryGroups } from "./adapters/directory/directory-groups.ts";
import { createEntraGroups } from "./adapters/directory/entra-groups.ts";
import { createFileDirectory } from "./adapters/directory/file-directory.ts";
import type { GroupReader } from "./adapters/directory/group-reader.ts";
import { createSlackGroups } from "./adapters/directory/slack-groups.ts";
import { addHealthRoutes } from "./adapters/http/health-routes.ts";
import type { HttpServer } from "./adapters/http/http-server.ts";
import { createRush } from "./adapters/http/rush.ts";
import { createProbe } from "./adapters/probe/http-probe.ts";
import { openStore } from "./adapters/store/open-store.ts";
import { observeChat, observeReceive, observeRouting } from "./adapters/telemetry/observe-ports.ts";
import { addMetricsRoute, openObservability } from "./compose/observability.ts";
import { readinessOf } from "./compose/readiness.ts";
import type { AuditSettings, Config, SlackSettings, StepUpSettings, TeamsSettings } from "./config/config.ts";
import { readPolicy } from "./config/read-policy.ts";
import type { Platform } from "./domain/actor.ts";
import { defaultLimits, type Flow } from "./flow/flow.ts";
import { handlers } from "./flow/handlers.ts";
import { parkOpenWork } from "./flow/park-open-work.ts";
import { receiveInbound } from "./flow/receive-inbound.ts";
import { type Sealing, sealAudit, startSealing } from "./flow/seal-audit.ts";
import { sparing } from "./flow/spare-conversations.ts";
import { stepUpDoor } from "./flow/step-up-door.ts";
import type { AuditTrail } from "./ports/audit-trail.ts";
import type { Chat, Receive } from "./ports/chat.ts";
import type { Log } from "./ports/log.ts";
import type { FreshSignIn } from "./ports/step-ups.ts";
import type { Telemetry } from "./ports/telemetry.ts";

/** The whole bot: HTTP endpoints, chats, flow, store and the routing service. */
export type Bot = {
  /** Resolves when it takes work: `/readyz` then answers 200. Rejects with one sentence for people. */
  start(): Promise<{ readonly url: string }>;
  /** Takes nothing new, lets what runs finish, closes the store. Idempotent; also after a failed start. */
  stop(): Promise<void>;
};

type Tools = { readonly log: Log; readonly version: string };

/**
 * The parts of a stop, which is over within nine seconds: jobs that run, and requests that are being answered beside them, get the
 * first five; jobs that do not end then are aborted, and handed back a second later.
 */
const stopGraceMs = 5_000;
const lastSealWithinMs = 1_500;
const closeWithinMs = 1_000;

/** Health is answered, and jobs are taken, before the SDKs of the chats are loaded; who writes earlier waits for them. */
const loadChatsAfterMs = 200;

const maxTeamsBodyBytes = 256 * 1024;
const maxSlackBodyBytes = 1024 * 1024;

/**
 * Puts the core and the adapters together: the only place that sees both. What is not configured is not even loaded. Nothing
 * listens and no job runs before `start`.
 */
export async function composeBot(config: Config, tools: Tools): Promise<Bot> {
  const { version } = tools;
  const clock = systemClock;
  const credential = credentialOf(config);
  const observed = await openObservability(config, { ...tools, credential });
  const { log, telemetry, metrics } = observed;
  const opening = openStore(withSignIn(config.store, config.azure), {
    clock,
    log,
    telemetry,
    keepMessagesMs: config.keepMessagesMs,
    standby: config.standby,
  });
  // The database connects, or is read and compiled, while this is loaded; whether it fails is asked below.
  opening.catch(() => undefined);
  const { createHttpServer } = await import("./adapters/http/http-server.ts");
  const store = await opening;
  try {
    let refusedEdit = false;
    const directory = await createFileDirectory({
      file: config.policyFile,
      parse: (text) => readPolicy(text, config.policyContext),
      groups: createDirectoryGroups({ readers: groupReaders(config, credential), clock, log }),
      onRefused: (problems) => {
        refusedEdit = problems !== undefined;
      },
      clock,
      log,
    });
    const sealing = sealingOf(config.audit, store.audit);
    const { createRoutingService } = await import("./adapters/azure/routing-service.ts");
    const chats = new Map<Platform, Chat>();
    const signIn = config.stepUp && (await createSignIn(config.stepUp));
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
      routing: observeRouting(
        createRoutingService(config.azure, {
          clock,
          log,
          telemetry,
          ...(store.buckets && { buckets: store.buckets }),
        }),
        telemetry,
      ),
      directory,
      probe: createProbe({ connectTo: config.probeVia }),
      chats,
      clock,
      newId,
      log,
      holder: newId(),
      limits: { ...defaultLimits, ...config.limits },
      ...(config.azure.putFallback && { putFallback: true }),
      ...(config.ownSite && { ownSite: config.ownSite }),
      ...(sealing && { sealing }),
      ...(signIn && { signIn }),
    };
    const http = createHttpServer({
      ...config.http,
      log,
      drainMs: stopGraceMs,
      onAnswered: ({ path, status, ms }) =>
        telemetry.waited({ kind: "answer", route: path, result: `${Math.floor(status / 100)}xx` }, ms),
    });
    const admitted = admitInbound(receiveInbound(flow), config.admission, log);
    const front = { http, chats, receive: observeReceive(admitted, telemetry), log, telemetry };
    const { standby } = config;
    const teams = config.teams === "off" || standby ? undefined : await addTeams(config.teams, front);
    const slack = config.slack === "off" || standby ? undefined : await addSlack(config.slack, front);

    if (signIn && !standby) {
      const { addStepUpRoutes } = await import("./adapters/step-up/step-up-routes.ts");
      addStepUpRoutes(http, stepUpDoor(flow, signIn));
    }

    let state: "new" | "started" | "stopped" = "new";
    const readiness = readinessOf({
      ping: () => store.requests.ping(),
      lookedForMsAgo: standby ? "none" : () => store.work.lookedForMsAgo(),
      running: () => state === "started",
      signIns: [
        createSignInCheck(config.azure, credential),
        ...[teams, slack].flatMap((chat) => (chat ? [chat.check] : [])),
      ],
    });
    addHealthRoutes(http, {
      version,
      standby,
      async look(all) {
        // Asked here too, so that an edit shows although nobody writes to the bot.
        await directory.policy().catch(() => undefined);
        return readiness.look(all);
      },
      note: () => (refusedEdit ? "the policy file is not in force as it is; see the log" : undefined),
    });
    if (metrics && config.metricsToken !== undefined) {
      await addMetricsRoute(http, {
        metrics,
        token: config.metricsToken,
        store,
        readiness,
        policyRefused: () => refusedEdit,
        sealed: sealing !== undefined,
        log,
      });
    }

    let stopping: Promise<void> | undefined;
    const stop = async (): Promise<void> => {
      const wasStarted = state === "started";
      state = "stopped";
      // What still comes in while the doors are being shut is stored, for whoever takes over.
      const doors = Promise.all([slack?.stop(), http.close()]);
      await Promise.all([within(doors, stopGraceMs), store.work.stop(stopGraceMs)]);
      if (sealing && wasStarted && !standby) {
        const sealed = sealAudit(flow, sealing, "now").catch((error: unknown) =>
          log.error("audit-not-sealed", error),
        );
        // A share that hangs must not keep the process: the next start seals what is left.
        await within(sealed, lastSealWithinMs);
      }
      await Promise.all([within(store.close(), closeWithinMs), observed.close(closeWithinMs)]);
    };
    return {
      async start() {
        if (!standby) await parkOpenWork(flow, store.continuity);
        // Jobs last: what cannot start must not have begun to change anything.
        const { url } = await http.listen();
        await slack?.start();
        if (!standby) {
          if (sealing) await startSealing(flow, sealing);
          await store.work.start(handlers(flow), createRush(http, clock));
        }
        state = "started";
        void loadLater([teams, slack], log);
        log.info("started", {
          version,
          standby,
          teams: teams !== undefined,
          slack: slack !== undefined,
          url,
        });
        return { url };
      },
      stop() {
        stopping ??= stop();
        return stopping;
      },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

function sealingOf(
  { key, anchorFile, everyMs, everyRecords }: AuditSettings,
  trail: AuditTrail,
): Sealing | undefined {
  if (key === "off") return undefined;
  const sealingKey = loadSealingKey(key);
  return {
    trail,
    key: sealingKey,
    publicKey: publicPem(sealingKey),
    everyMs,
    everyRecords,
    ...(anchorFile !== undefined && { anchor: createAnchorFile(anchorFile) }),
  };
}

/** How the groups of each directory are read; nothing is asked or loaded before the first one is. */
function groupReaders(
  { graphUrl, policyContext, slack }: Config,
  credential: () => ReturnType<typeof createCredential>,
): Record<string, GroupReader> {
  const tenant = policyContext.teamsTenant;
  return {
    ...(tenant !== undefined && {
      entra: createEntraGroups({
        graphUrl,
        tenant,
        async token(scope, signal) {
          const token = await (await credential()).getToken(scope, { abortSignal: signal });
          if (!token) throw new Error("no token for Microsoft Graph");
          return token.token;
        },
      }),
    }),
    ...(slack !== "off" && { slack: createSlackGroups(slack) }),
  };
}

/** The end of `work`, or of our patience. */
async function within(work: Promise<unknown>, ms: number): Promise<void> {
  const patience = new AbortController();
  await Promise.race([work, systemClock.sleep(ms, patience.signal).catch(() => undefined)]);
  patience.abort();
}

async function loadLater(
  chats: readonly ({ load(): Promise<unknown> } | undefined)[],
  log: Log,
): Promise<void> {
  await systemClock.sleep(loadChatsAfterMs);
  for (const chat of chats) {
    await chat?.load().catch((error: unknown) => log.error("chat-not-loaded", error));
  }
}

/** Our identity, for what is neither Azure Resource Manager nor the database; loaded when it is asked for. */
function credentialOf({ azure }: Config): () => ReturnType<typeof createCredential> {
  let signIn: ReturnType<typeof createCredential> | undefined;
  return () => {
    signIn ??= import("./adapters/azure/credential.ts").then((module) => module.createCredential(azure));
    return signIn;
  };
}

/** What signs people in is loaded only where it is configured. */
async function createSignIn(settings: StepUpSettings): Promise<FreshSignIn> {
  const { createEntraSignIn } = await import("./adapters/step-up/entra-sign-in.ts");
  return createEntraSignIn(settings);
}

type Front = {
  readonly http: HttpServer;
  readonly chats: Map<Platform, Chat>;
  readonly receive: Receive;
  readonly log: Log;
  readonly telemetry: Telemetry;
};

async function addTeams(settings: TeamsSettings, { http, chats, receive, log, telemetry }: Front) {
  const { createLazyTeams } = await import("./adapters/teams/lazy-teams.ts");
  const teams = createLazyTeams(settings, { receive, clock: systemClock, log });
  chats.set("teams", sparing(observeChat(teams.chat, telemetry), systemClock));
  http.post("/api/messages", { body: "json", maxBytes: maxTeamsBodyBytes }, teams.handler);
  return teams;
}

async function addSlack(settings: SlackSettings, { http, chats, receive, log, telemetry }: Front) {
  const { createSlackAdapter } = await import("./adapters/slack/slack-adapter.ts");
  const slack = await createSlackAdapter(settings, { receive, clock: systemClock, log });
  chats.set("slack", sparing(observeChat(slack.chat, telemetry), systemClock));
  const { requestListener } = slack;
  if (requestListener) {
    http.post("/slack/events", { body: "raw", maxBytes: maxSlackBodyBytes }, (request, response) =>
      requestListener(request, response),
    );
  }
  return slack;
}
