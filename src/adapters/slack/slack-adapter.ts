import type { IncomingMessage, ServerResponse } from "node:http";
import type { Chat, Receive } from "../../ports/chat.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import { inOrder, type ReadinessCheck } from "../../ports/readiness.ts";
import { type BoltApp, createBoltApp } from "./bolt-app.ts";
import { createBoltLog } from "./bolt-log.ts";
import { guardRequest, refuse } from "./guard-request.ts";
import { type Identity, learnIdentity, persist, SlackSetupError } from "./identity.ts";
import { createListeners, type Listeners } from "./listeners.ts";
import { createPeople } from "./people.ts";
import { createSlackChat } from "./slack-chat.ts";
import type { SlackSettings } from "./slack-settings.ts";
import { type Connection, createConnection } from "./socket-connection.ts";
import { takeBody } from "./take-body.ts";
import { isPassing } from "./web-api-errors.ts";
import { createWebClient } from "./web-client.ts";

export type SlackTools = { readonly receive: Receive; readonly clock: Clock; readonly log: Log };

export interface SlackAdapter {
  readonly chat: Chat;
  /**
   * HTTP mode only: takes `POST /slack/events` (events, commands, clicks and forms), with the body unread. Answers 503, so
   * that Slack delivers again, until `start` has found out who the bot is.
   */
  readonly requestListener?: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** Loads the rest of the SDK, which the first request would otherwise wait for. */
  load(): Promise<unknown>;
  /** Whether Slack takes the bot token. */
  readonly check: ReadinessCheck;
  /**
   * Begins to take things in. Rejects with a sentence for the operator if the token is no good or belongs to another
   * workspace. While Slack cannot be reached it keeps trying, in the background after the first try. May be called again.
   */
  start(): Promise<void>;
  /** Takes nothing in any more and lets what was taken in come to its end. May be called again. */
  stop(): Promise<void>;
}

/** Loads the client, and the rest of the SDK when it is needed; asks nothing of Slack yet. */
export async function createSlackAdapter(settings: SlackSettings, tools: SlackTools): Promise<SlackAdapter> {
  const { clock, log } = tools;
  const stopping = new AbortController();
  const going = new Set<Promise<unknown>>();
  const { LogLevel } = await import("@slack/web-api");
  const client = await createWebClient(settings, createBoltLog(log, [settings.botToken], LogLevel.INFO));
  const chat = createSlackChat({ client, apiUrl: settings.apiUrl, teamIds: settings.teamIds, log });
  const lookUpProfile = createPeople(client, clock);
  let known: { readonly me: Identity; readonly listeners: Listeners } | undefined;

  function goOn(work: Promise<unknown>): void {
    const ending = work
      .catch((error: unknown) => log.error("slack-follow-up-failed", error))
      .finally(() => going.delete(ending));
    going.add(ending);
  }

  let bolt: Promise<BoltApp> | undefined;
  function load(): Promise<BoltApp> {
    bolt ??= createBoltApp({
      settings,
      log,
      identity: () => (stopping.signal.aborted ? undefined : known?.me),
      listeners() {
        if (known === undefined) throw new Error("Bolt called a listener before the bot knew who it is");
        return known.listeners;
      },
    });
    return bolt;
  }
  let troubled = () => {};
  const persistence = { clock, log, signal: stopping.signal, onTrouble: () => troubled() };
  let connection: Connection | undefined;

  async function connect(): Promise<void> {
    const app = await load();
    if (app.kind !== "socket") return;
    connection = createConnection(app.client, persistence);
    await connection.open();
  }

  async function begin(): Promise<void> {
    const me = await persist(() => learnIdentity(client, settings.teamIds), persistence);
    const home = { me, teamIds: settings.teamIds };
    known = {
      me,
      listeners: createListeners({ ...tools, client, chat, home, lookUpProfile, goOn }),
    };
    if (settings.mode.kind === "socket") await connect();
    log.info("slack-started", { team: me.team, mode: settings.mode.kind });
  }

  /** Ends with the first try; further ones go on behind it. */
  function firstTry(): Promise<void> {
    return new Promise((resolve, reject) => {
      troubled = resolve;
      const beginning = begin();
      beginning.then(resolve, reject);
      goOn(
        beginning.catch((error: unknown) => {
          if (!stopping.signal.aborted) log.error("slack-not-started", error);
        }),
      );
    });
  }

  let started: Promise<void> | undefined;
  let stopped: Promise<void> | undefined;

  return {
    chat,
    load,
    check: {
      name: "slack",
      async look() {
        try {
          await learnIdentity(client, settings.teamIds);
          return inOrder;
        } catch (error) {
          return isPassing(error) && !(error instanceof SlackSetupError)
            ? { kind: "unclear", why: "Slack cannot be reached" }
            : { kind: "failed", why: "Slack does not take the bot token; routebot doctor says why" };
        }
      },
    },
    ...(settings.mode.kind === "http"
      ? {
          async requestListener(request, response) {
            const status =
              known === undefined || stopping.signal.aborted ? 503 : guardRequest(request, clock.now());
            if (status !== undefined) return refuse(response, status, log);
            const app = await load();
            if (app.kind !== "http") return;
            const body = await takeBody(request);
            if (body.kind === "taken") app.listen(request, response);
            if (body.kind === "refused") refuse(response, body.status, log);
          },
        }
      : {}),
    start() {
      started ??= firstTry();
      return started;
    },
    stop() {
      stopped ??= (async () => {
        stopping.abort();
        await connection?.close();
        await Promise.allSettled(going);
      })();
      return stopped;
    },
  };
}
