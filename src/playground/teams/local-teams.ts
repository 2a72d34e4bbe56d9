/**
 * A local Microsoft Teams: it signs activities as the Bot Connector does and posts them to the bot's public endpoint, and
 * serves the Bot Connector's API that the bot calls back. What people see is written to the world.
 */

import { type Click, type Clicked, NoSuchAction, type Said, type Say } from "../chat-answers.ts";
import { type ChatFaults, refuseWhenAway } from "../chat-faults.ts";
import { attempt, type Delivery, type DeliveryLog } from "../deliveries.ts";
import { startLoopbackServer } from "../http/loopback-server.ts";
import { type BotAnswer, postToBot } from "../http/post-to-bot.ts";
import { everybody, type PersonId } from "../people.ts";
import { type Place, places, teamsTeam } from "../places.ts";
import { findActions } from "../world/clickable.ts";
import type { World } from "../world/world.ts";
import { isJsonObject, type JsonObject, type Message } from "../world/world-model.ts";
import {
  type ActivityContext,
  executeActivity,
  installActivities,
  messageActivity,
  submitActivity,
  withMention,
} from "./activities.ts";
import { createConnectorTokens } from "./bot-connector-tokens.ts";
import { connectorRoutes } from "./connector-endpoints.ts";
import { type InvokeReply, readInvokeAnswer } from "./invoke-answer.ts";

export interface LocalTeamsOptions {
  readonly world: World;
  readonly faults: ChatFaults;
  readonly deliveries: DeliveryLog;
  readonly port: number;
  readonly tenantId: string;
  /** The bot's app id (client id). */
  readonly appId: string;
  /** The bot's messaging endpoint, `http://…/api/messages`. */
  readonly botEndpoint: string;
  /** Whether the bearer token is one that the bot got for the Bot Connector. */
  readonly verifyBotToken: (token: string) => Promise<boolean>;
  readonly now: () => Date;
  /** A different key id for each run: clients cache keys by it. */
  readonly keyId: string;
  /** Teams waits 15 s and then sends the same once more. */
  readonly patienceMs?: number;
}

export interface LocalTeams {
  readonly port: number;
  readonly serviceUrl: string;
  readonly openIdUrl: string;
  /** Adds the app everywhere: conversationUpdate and installationUpdate for the team and for each chat. */
  install(): Promise<Delivery[]>;
  say(say: Say): Promise<Said>;
  click(click: Click): Promise<Clicked>;
  /** The person's client shows the card again: an automatic refresh, if the card asks for it for this person. */
  refresh(message: Message, as: PersonId): Promise<Clicked | undefined>;
  /** Sends the same activity again, under a new token. */
  redeliver(delivery: Delivery): Promise<Delivery>;
  /** Resolves when no automatic refresh is on its way. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export async function startLocalTeams(options: LocalTeamsOptions): Promise<LocalTeams> {
  const { world, deliveries, now, patienceMs = 15_000 } = options;
  const tokens = await createConnectorTokens(options.keyId, now);
  const nextId = increasingIds(now);
  const refreshing = new Set<Promise<unknown>>();
  let baseUrl = "";
  const serviceUrl = () => `${baseUrl}/teams/`;
  const server = await startLoopbackServer({
    name: "the local Teams",
    port: options.port,
    routes: [
      ...tokens.routes(() => baseUrl),
      ...connectorRoutes({ ...options, serviceUrl, nextId, onCard: refreshForViewers }, "/teams/"),
    ],
  });
  baseUrl = server.url;
  refuseWhenAway(options, "teams", server);
  const context: ActivityContext = {
    tenantId: options.tenantId,
    botId: `28:${options.appId}`,
    serviceUrl: serviceUrl(),
    now,
    nextId,
  };

  async function send(delivery: Delivery): Promise<BotAnswer> {
    const token = await tokens.sign(options.appId, serviceUrl());
    return attempt(delivery, now, () =>
      postToBot({
        url: options.botEndpoint,
        headers: { "content-type": "application/json; charset=utf-8", authorization: `Bearer ${token}` },
        body: JSON.stringify(delivery.body),
        timeoutMs: patienceMs,
      }),
    );
  }

  /** Sends, and once more if there was no answer in time, as Teams does. */
  async function deliver(activity: JsonObject): Promise<{ delivery: Delivery; answer: BotAnswer }> {
    const what = [activity.type, activity.name].filter((part) => typeof part === "string").join(" ");
    const delivery = deliveries.add("teams", what, activity);
    const first = await send(delivery);
    const late = first.kind === "no-answer" && first.reason === "timeout";
    return { delivery, answer: late ? await send(delivery) : first };
  }

  async function execute(message: Message, as: PersonId, run: Execution): Promise<Clicked> {
    const place = placeOf(message);
    const thread = place.kind === "channel" ? (message.thread ?? message.id) : null;
    const sawRevision = message.revision;
    const { delivery, answer } = await deliver(
      executeActivity(context, { place, thread, as, messageId: message.id, ...run }),
    );
    const reply = readInvokeAnswer(answer);
    // A late refresh must not cover a newer card, which has a refresh of its own on the way.
    const outdated = run.trigger === "automatic" && message.revision !== sawRevision;
    if (reply.kind === "card" && !outdated) world.showInstead(message, as, [reply.card]);
    const problem = problemOf(reply);
    if (reply.kind === "unusable") {
      world.note("chat", `Teams could not use the bot's answer to a click: ${reply.problem}`, "problem");
    }
    return { delivery, acknowledged: reply.kind !== "unusable", reply, problem, modal: null };
  }

  function refreshForViewers(message: Message): void {
    for (const as of placeOf(message).members) {
      const running: Promise<unknown> = refresh(message, as).finally(() => refreshing.delete(running));
      refreshing.add(running);
    }
  }

  async function refresh(message: Message, as: PersonId): Promise<Clicked | undefined> {
    const action = refreshActionFor(message, as);
    if (action === undefined) return undefined;
    return execute(message, as, { action, data: dataOf(action), trigger: "automatic" });
  }

  return {
    port: server.port,
    serviceUrl: serviceUrl(),
    openIdUrl: `${server.url}${tokens.metadataPath}`,
    async install() {
      // A team is told of once, in its first channel; each chat by itself.
      const told = places.filter(
        ({ platform, kind, id }) => platform === "teams" && (kind !== "channel" || id === teamsTeam.id),
      );
      const sent: Delivery[] = [];
      for (const place of told) {
        const as = place.members[0] ?? "robin";
        for (const activity of installActivities(context, place, as))
          sent.push((await deliver(activity)).delivery);
      }
      return sent;
    },
    async say({ as, place, thread, text: typed }) {
      const id = nextId();
      const { text, mentioned } = withMention(typed);
      const root = place.kind === "channel" ? thread : null;
      const message = world.post({
        platform: "teams",
        conversation: place.id,
        id,
        thread: root,
        author: { kind: "person", person: as },
        text: typed,
      });
      if (place.kind !== "direct" && !mentioned) {
        return { message, delivery: null, why: "the bot is not mentioned", problem: null };
      }
      const activity = messageActivity(context, { place, thread: root ?? id, as, id, text, mentioned });
      const { delivery, answer } = await deliver(activity);
      return { message, delivery, why: null, problem: sendProblem(answer) };
    },
    async click({ as, message, key, inputs, revision, forAll }) {
      const cards = forAll ? message.cards : cardsSeen(message, as, revision);
      const found = findActions(cards).find(({ clickable }) => clickable.key === key);
      if (found === undefined) throw new NoSuchAction(key);
      const action = found.json;
      const data = { ...dataOf(action), ...inputs };
      if (action.type === "Action.Execute") return execute(message, as, { action, data, trigger: "manual" });
      if (action.type !== "Action.Submit") throw new NoSuchAction(key);
      const place = placeOf(message);
      const thread = place.kind === "channel" ? (message.thread ?? message.id) : null;
      const { delivery, answer } = await deliver(
        submitActivity(context, {
          place,
          thread,
          as,
          messageId: message.id,
          action,
          data,
          trigger: "manual",
        }),
      );
      const problem = sendProblem(answer);
      return {
        delivery,
        acknowledged: problem === null,
        reply: { kind: "acknowledged" },
        problem,
        modal: null,
      };
    },
    refresh,
    async redeliver(delivery) {
      await send(delivery);
      return delivery;
    },
    async settled() {
      while (refreshing.size > 0) await Promise.allSettled(refreshing);
    },
    close: () => server.close(),
  };
}

interface Execution {
  readonly action: JsonObject;
  readonly data: JsonObject;
  readonly trigger: "manual" | "automatic";
}

/** Activity ids are milliseconds, made unique. */
function increasingIds(now: () => Date): () => string {
  let last = 0;
  return () => {
    last = Math.max(last + 1, now().getTime());
    return String(last);
  };
}

function placeOf(message: Message): Place {
  const place = places.find(({ platform, id }) => platform === "teams" && id === message.conversation);
  if (place === undefined) throw new Error(`no conversation ${message.conversation}`);
  return place;
}

function cardsSeen(message: Message, as: PersonId, revision: number | undefined): JsonObject[] {
  if (revision === undefined || revision === message.revision) return message.views[as] ?? message.cards;
  return message.earlier.find((earlier) => earlier.revision === revision)?.cards ?? [];
}

function dataOf(action: JsonObject): JsonObject {
  return isJsonObject(action.data) ? action.data : {};
}

/** The refresh action of the card that this person sees, if Teams runs it for them when it comes into view. */
function refreshActionFor(message: Message, as: PersonId): JsonObject | undefined {
  const refresh = (message.views[as] ?? message.cards)[0]?.refresh;
  if (!isJsonObject(refresh) || !isJsonObject(refresh.action)) return undefined;
  const { userIds } = refresh;
  // Without a list, chats of up to 60 people refresh for everybody; channels for nobody.
  if (userIds === undefined) return placeOf(message).kind === "channel" ? undefined : refresh.action;
  const mri = everybody.find(({ id }) => id === as)?.teams.mri;
  return Array.isArray(userIds) && userIds.includes(mri) ? refresh.action : undefined;
}

function problemOf(reply: InvokeReply): string | null {
  if (reply.kind === "unusable") {
    return reply.problem === "unreachable"
      ? "Unable to reach app. Please try again."
      : "Something went wrong. Please try again.";
  }
  return reply.kind === "error" ? reply.message : null;
}

function sendProblem(answer: BotAnswer): string | null {
  if (answer.kind === "no-answer") return `The bot did not answer (${answer.reason}).`;
  return answer.status >= 200 && answer.status < 300
    ? null
    : `The bot answered with status ${answer.status}.`;
}
