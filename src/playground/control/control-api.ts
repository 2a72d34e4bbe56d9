/** The control API's routes: each reads its request with zod, does one thing, and answers what came of it. */
import { z } from "zod";
import { NoSuchAction } from "../chat-answers.ts";
import type { ChatFaults } from "../chat-faults.ts";
import { type DeliveryLog, jsonOrText } from "../deliveries.ts";
import type { Answer, Call, Handled, Route } from "../http/loopback-server.ts";
import type { Journal } from "../journal/keep-journal.ts";
import type { PersonId } from "../people.ts";
import { findPlace, type Place, type Platform } from "../places.ts";
import type { LocalSlack } from "../slack/local-slack.ts";
import type { LocalTeams } from "../teams/local-teams.ts";
import { isSentToBot } from "../world/clickable.ts";
import type { World } from "../world/world.ts";
import type { Message } from "../world/world-model.ts";
import { isVisible, viewMessage, viewModal, viewWorld } from "../world/world-view.ts";
import { streamEvents } from "./events.ts";
import {
  actionRequestSchema,
  type BotState,
  type CrashMoment,
  chatFaultOrderSchema,
  closeModalRequestSchema,
  killRequestSchema,
  readRequestSchema,
  refreshRequestSchema,
  sayRequestSchema,
  submitRequestSchema,
  waitQuerySchema,
  worldQuerySchema,
} from "./shapes.ts";
import { waitFor } from "./wait-for.ts";

export interface ControlContext {
  readonly world: World;
  readonly teams: LocalTeams;
  readonly slack: LocalSlack;
  readonly faults: ChatFaults;
  readonly deliveries: DeliveryLog;
  readonly bot: { state(): BotState; kill(): void; armCrash(moment: CrashMoment): Promise<void> };
  readonly journal: Pick<Journal, "clicking" | "submitting">;
  /** Everything as on the first day. */
  readonly reset: () => Promise<void>;
  /** The local Azure's control interface, at the given path. */
  readonly azure: (method: string, path: string, body: string) => Promise<Answer>;
  /** Tells of what happens in the local Azure, until the returned function is called. */
  readonly onAzure: (listener: (event: { readonly kind: string }) => void) => () => void;
  readonly addresses: () => Record<string, string>;
}

/** A refusal of the request, with its status. */
class Refused extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const answered = (json: unknown): Answer => ({ status: 200, json });

export function controlRoutes(context: ControlContext): Route[] {
  const { world, faults, deliveries, bot } = context;
  const get = (path: string, handle: Handle): Route => route("GET", path, handle);
  const post = (path: string, handle: Handle): Route => route("POST", path, handle);
  return [
    get("/api/world", (call) => {
      const { as } = queryOf(call, worldQuerySchema);
      return answered({ ...viewWorld(world, as), bot: bot.state(), addresses: context.addresses() });
    }),
    get("/api/events", (call) => {
      const { as, after } = queryOf(call, worldQuerySchema);
      streamEvents({ ...context, as, after: after ?? world.seq, response: call.response });
      return "taken";
    }),
    get("/api/wait", async (call) => {
      const gone = new AbortController();
      call.response.once("close", () => gone.abort());
      return answered(await waitFor(world, queryOf(call, waitQuerySchema), gone.signal));
    }),
    post("/api/messages", (call) => say(context, call)),
    post("/api/actions", (call) => act(context, call)),
    post("/api/refresh", async (call) => {
      const { conversation, messageId, as } = bodyOf(call, refreshRequestSchema);
      const message = messageOf(context, { platform: "teams", conversation, messageId, as });
      const seq = world.seq;
      const refreshed = await context.teams.refresh(message, as);
      return answered({ seq, asked: refreshed !== undefined, message: viewMessage(message, as) });
    }),
    post("/api/modals/submit", async (call) => {
      const { modalId, as, values } = bodyOf(call, submitRequestSchema);
      const seq = world.seq;
      const modal = modalOf(context, modalId, as);
      context.journal.submitting({ view: modal.view, as, values });
      const submitted = await context.slack.submit(modal, values);
      return answered({ seq, ...submitted, modal: viewModal(submitted.modal) });
    }),
    post("/api/modals/close", async (call) => {
      const { modalId, as } = bodyOf(call, closeModalRequestSchema);
      await context.slack.dismiss(modalOf(context, modalId, as));
      return answered({ seq: world.seq });
    }),
    post("/api/read", (call) => {
      const { as, platform, conversation } = bodyOf(call, readRequestSchema);
      world.markRead(as, platform, placeOf(platform, conversation, as).id);
      return answered({ seq: world.seq });
    }),
    get("/api/deliveries", (call) => {
      const after = Number(call.query.get("after") ?? 0);
      return answered({ deliveries: deliveries.all().filter(({ id }) => id > after) });
    }),
    post("/api/deliveries/:id/again", async (call) => {
      const delivery = deliveries.find(Number(call.params.id));
      if (delivery === undefined) throw new Refused(404, "no such delivery");
      return answered(await context[delivery.platform].redeliver(delivery));
    }),
    get("/api/chat-faults", () => answered({ faults: faults.all() })),
    post("/api/chat-faults", (call) => answered(faults.order(bodyOf(call, chatFaultOrderSchema)))),
    route("DELETE", "/api/chat-faults", () => {
      faults.clear();
      return answered({ faults: [] });
    }),
    get("/api/bot", () => answered(bot.state())),
    post("/api/bot/kill", async (call) => {
      const { at } = bodyOf(call, killRequestSchema);
      if (at === "now") bot.kill();
      else await bot.armCrash(at);
      return answered(bot.state());
    }),
    post("/api/reset", async () => {
      await context.reset();
      return answered({ seq: world.seq });
    }),
    ...["GET", "POST", "PUT", "PATCH", "DELETE"].map((method) =>
      route(method, "/api/azure/*", ({ path, query, body }) => {
        const search = query.size > 0 ? `?${query}` : "";
        return context.azure(method, `${path.slice("/api/azure/".length)}${search}`, body);
      }),
    ),
  ];
}

type Handle = (call: Call) => Handled | Promise<Handled>;

function route(method: string, path: string, handle: Handle): Route {
  return {
    method,
    path,
    async handle(call) {
      try {
        return await handle(call);
      } catch (error) {
        if (error instanceof Refused) return { status: error.status, json: { error: error.message } };
        if (error instanceof NoSuchAction) return { status: 409, json: { error: error.message } };
        throw error;
      }
    },
  };
}

function bodyOf<T>(call: Call, schema: z.ZodType<T>): T {
  return parsed(schema, call.body === "" ? {} : jsonOrText(call.body));
}

function queryOf<T>(call: Call, schema: z.ZodType<T>): T {
  return parsed(schema, Object.fromEntries(call.query));
}

function parsed<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (!result.success) throw new Refused(400, z.prettifyError(result.error));
  return result.data;
}

function placeOf(platform: Platform, conversation: string, as: PersonId): Place {
  const place = findPlace(platform, conversation, as);
  if (place === undefined) throw new Refused(404, `no conversation ${conversation} in ${platform}`);
  if (!place.members.includes(as)) throw new Refused(404, `${as} is not a member of ${conversation}`);
  return place;
}

interface MessageOf {
  readonly platform: Platform;
  readonly conversation: string;
  readonly messageId: string;
  readonly as: PersonId;
}

function messageOf({ world }: ControlContext, { platform, conversation, messageId, as }: MessageOf): Message {
  const place = placeOf(platform, conversation, as);
  const message = world.find({ platform, conversation: place.id, id: messageId });
  if (message === undefined || !isVisible(message, as))
    throw new Refused(404, `no message ${messageId} there`);
  return message;
}

function modalOf({ world }: ControlContext, modalId: string, as: PersonId) {
  const modal = world.modal(modalId);
  if (modal === undefined || modal.person !== as) throw new Refused(404, `${as} has no form ${modalId}`);
  if (modal.state === "closed") throw new Refused(409, "the form is closed");
  return modal;
}

async function say(context: ControlContext, call: Call): Promise<Answer> {
  const { platform, conversation, thread, as, text } = bodyOf(call, sayRequestSchema);
  const place = placeOf(platform, conversation, as);
  if (thread) messageOf(context, { platform, conversation, messageId: thread, as });
  const { seq } = context.world;
  const said = await context[platform].say({ as, place, thread: thread ?? null, text });
  return answered({ seq, ...said, message: said.message === null ? null : viewMessage(said.message, as) });
}

async function act(context: ControlContext, call: Call): Promise<Answer> {
  const request = bodyOf(call, actionRequestSchema);
  const { platform, as, inputs, revision, times } = request;
  const message = messageOf(context, request);
  const { key, seen, forAll } = keyOf(message, request);
  const { seq } = context.world;
  const click = { as, message, key, inputs, forAll, ...(revision === undefined ? {} : { revision }) };
  const title = viewMessage(seen, as).actions.find((one) => one.key === key)?.title ?? key;
  const told = context.journal.clicking({ message: seen, as, title, times });
  const clicks = Array.from({ length: times }, () => context[platform].click(click));
  const [first, ...rest] = await Promise.all(clicks);
  if (first === undefined) throw new Refused(400, "no click");
  told(first.reply);
  return answered({
    seq,
    ...first,
    message: viewMessage(message, as),
    modal: first.modal === null ? null : viewModal(first.modal),
    others: rest.map(({ delivery, acknowledged }) => ({ delivery, acknowledged })),
  });
}

/**
 * The key that the request means; with titles and verbs only when they name exactly one action. What a person's own view lacks
 * may be on the card for all: a client that has not refreshed yet still shows that one.
 */
function keyOf(
  message: Message,
  { action, as, revision }: { action: string; as: PersonId; revision?: number | undefined },
): { readonly key: string; readonly seen: Message; readonly forAll: boolean } {
  const own = contentAt(message, revision);
  const forAll = { ...own, views: {} };
  const wanted = action.toLowerCase();
  for (const seen of [own, forAll]) {
    const { actions } = viewMessage(seen, as);
    const exact = actions.filter(({ key }) => key === action);
    const named = actions.filter(
      (one) => isSentToBot(one) && [one.title, one.verb].some((name) => name.toLowerCase() === wanted),
    );
    const [only, ...others] = exact.length > 0 ? exact : named;
    if (only && others.length === 0) return { key: only.key, seen, forAll: seen === forAll };
    if (only) throw new Refused(409, `several actions are called ${action}; ${offeredTo(own, as)}`);
  }
  throw new Refused(409, `there is no action ${action}; ${offeredTo(own, as)}`);
}

function offeredTo(message: Message, as: PersonId): string {
  const { actions } = viewMessage(message, as);
  const offered = actions.map(({ key, title, verb }) => `${key} “${title}” (${verb})`).join(", ");
  return `${as} sees: ${offered || "none"}`;
}

function contentAt(message: Message, revision: number | undefined): Message {
  const earlier = message.earlier.find((content) => content.revision === revision);
  return earlier === undefined ? message : { ...message, ...earlier, views: {} };
}
