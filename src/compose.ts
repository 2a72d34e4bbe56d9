import { createAnchorFile } from "./adapters/anchor/anchor-file.ts";
import { loadSealingKey, publicPem } from "./adapters/anchor/sealing-key-file.ts";
import type { createCredential } from "./adapters/azure/credential.ts";
import { withSignIn } from "./adapters/azure/database-token.ts";
import { newId } from "./adapters/clock/new-id.ts";
import { systemClock } from "./adapters/clock/system-clock.ts";
import { createDirectoryGroups } from "./adapters/directory/directory-groups.ts";
import { createEntraGroups } from "./adapters/directory/entra-groups.ts";
import { createFileDirectory } from "./adapters/directory/file-directory.ts";
import type { GroupReader } from "./adapters/directory/group-reader.ts";
import { createSlackGroups } from "./adapters/directory/slack-groups.ts";
import { addHealthRoutes, type Readiness } from "./adapters/http/health-routes.ts";
import { createHttpServer, type HttpServer } from "./adapters/http/http-server.ts";
import { createProbe } from "./adapters/probe/http-probe.ts";
import { openStore } from "./adapters/store/open-store.ts";
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

/** The whole bot: HTTP endpoints, chats, flow, store and the routing service. */
export type Bot = {
  /** Resolves when it takes work: `/readyz` then answers 200. Rejects with one sentence for people. */
  start(): Promise<{ readonly url: string }>;
  /** Takes nothing new, lets what runs finish, closes the store. Idempotent; also after a failed start. */
  stop(): Promise<void>;
};

type Tools = { readonly log: Log; readonly version: string };

/** How long jobs that run may take to finish when the bot stops; what is left is taken over by the next start. */
const stopGraceMs = 5_000;

/** How long the last seal of a process may take. */
const lastSealWithinMs = 2_000;

const maxTeamsBodyBytes = 256 * 1024;
const maxSlackBodyBytes = 1024 * 1024;

/**
 * Puts the core and the adapters together: the only place that sees both. What is not configured is not even loaded. Nothing
 * listens and no job runs before `start`.
 */
export async function composeBot(config: Config, { log, version }: Tools): Promise<Bot> {
  const clock = systemClock;
  const store = await openStore(withSignIn(config.store, config.azure), {
    clock,
    log,
    keepMessagesMs: config.keepMessagesMs,
    standby: config.standby,
  });
  try {
    let refusedEdit = false;
    const directory = await createFileDirectory({
      file: config.policyFile,
      parse: (text) => readPolicy(text, config.policyContext),
      groups: createDirectoryGroups({ readers: groupReaders(config), clock, log }),
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
      routing: createRoutingService(config.azure, {
        clock,
        log,
        ...(store.buckets && { buckets: store.buckets }),
      }),
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
    const http = createHttpServer({ ...config.http, log });
    const front = { http, chats, receive: receiveInbound(flow), log };
    const { standby } = config;
    const teams = config.teams === "off" || standby ? undefined : await addTeams(config.teams, front);
    const slack = config.slack === "off" || standby ? undefined : await addSlack(config.slack, front);

    if (signIn && !standby) {
      const { addStepUpRoutes } = await import("./adapters/step-up/step-up-routes.ts");
      addStepUpRoutes(http, stepUpDoor(flow, signIn));
    }

    let state: "new" | "started" | "stopped" = "new";
    const readiness = async (): Promise<Readiness> => {
      if (state !== "started") return { ready: false, why: "starting or stopping" };
      await store.requests.ping();
      // Asked here too, so that an edit shows although nobody writes to the bot.
      await directory.policy().catch(() => undefined);
      return {
        ready: true,
        ...(refusedEdit && { note: "the policy file is not in force as it is; see the log" }),
      };
    };
    addHealthRoutes(http, { version, standby, readiness });

    let stopping: Promise<void> | undefined;
    const stop = async (): Promise<void> => {
      const wasStarted = state === "started";
      state = "stopped";
      // Doors first, then what is under way, then the ground it stands on.
      await slack?.stop();
      await http.close();
      await store.work.stop(stopGraceMs);
      if (sealing && wasStarted && !standby) {
        const sealed = sealAudit(flow, sealing, "now").catch((error: unknown) =>
          log.error("audit-not-sealed", error),
        );
        // A share that hangs must not keep the process: the next start seals what is left.
        await Promise.race([sealed, clock.sleep(lastSealWithinMs)]);
      }
      await store.close();
    };
    return {
      async start() {
        if (!standby) await parkOpenWork(flow, store.continuity);
        // Jobs last: what cannot start must not have begun to change anything.
        const { url } = await http.listen();
        await slack?.start();
        if (!standby) {
          if (sealing) await startSealing(flow, sealing);
          await store.work.start(handlers(flow));
        }
        state = "started";
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
function groupReaders({ azure, graphUrl, policyContext, slack }: Config): Record<string, GroupReader> {
  const tenant = policyContext.teamsTenant;
  let signIn: ReturnType<typeof createCredential> | undefined;
  return {
    ...(tenant !== undefined && {
      entra: createEntraGroups({
        graphUrl,
        tenant,
        async token(scope, signal) {
          signIn ??= import("./adapters/azure/credential.ts").then((module) =>
            module.createCredential(azure),
          );
          const token = await (await signIn).getToken(scope, { abortSignal: signal });
          if (!token) throw new Error("no token for Microsoft Graph");
          return token.token;
        },
      }),
    }),
    ...(slack !== "off" && { slack: createSlackGroups(slack) }),
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
};

async function addTeams(settings: TeamsSettings, { http, chats, receive, log }: Front) {
  const { createTeamsAdapter } = await import("./adapters/teams/teams-adapter.ts");
  const teams = createTeamsAdapter(settings, { receive, clock: systemClock, log });
  chats.set("teams", sparing(teams.chat, systemClock));
  http.post("/api/messages", { body: "json", maxBytes: maxTeamsBodyBytes }, teams.handler);
  return teams;
}

async function addSlack(settings: SlackSettings, { http, chats, receive, log }: Front) {
  const { createSlackAdapter } = await import("./adapters/slack/slack-adapter.ts");
  const slack = await createSlackAdapter(settings, { receive, clock: systemClock, log });
  chats.set("slack", sparing(slack.chat, systemClock));
  const { requestListener } = slack;
  if (requestListener) {
    http.post("/slack/events", { body: "raw", maxBytes: maxSlackBodyBytes }, (request, response) =>
      requestListener(request, response),
    );
  }
  return slack;
}
