/**
 * A local Slack: it signs events, commands and interactions as Slack does and posts them to the bot's public endpoint (or
 * sends them over Socket Mode), and serves the Web API that the bot calls. What people see is written to the world.
 */
import { type Click, type Clicked, NoSuchAction, type Said, type Say } from "../chat-answers.ts";
import { type ChatFaults, refuseWhenAway } from "../chat-faults.ts";
import { attempt, type Delivery, type DeliveryLog, jsonOrText } from "../deliveries.ts";
import { startLoopbackServer } from "../http/loopback-server.ts";
import type { BotAnswer } from "../http/post-to-bot.ts";
import type { PersonId } from "../people.ts";
import { findPlace, type Place } from "../places.ts";
import { findActions } from "../world/clickable.ts";
import type { World } from "../world/world.ts";
import { isJsonObject, type JsonObject, type Message, type Modal } from "../world/world-model.ts";
import { createEventDelivery, retryDelaysMs } from "./deliver-events.ts";
import { createFiles } from "./file-methods.ts";
import { elementValue, formValues } from "./form-values.ts";
import { createResponseUrls } from "./response-urls.ts";
import { ackWithinMs, createHttpSender, type SendToBot } from "./send-to-bot.ts";
import { createTriggers, type SlackContext } from "./slack-context.ts";
import { createSlackIds } from "./slack-ids.ts";
import {
  blockActionPayload,
  commandPayload,
  eventPayload,
  messageEvent,
  viewPayload,
} from "./slack-payloads.ts";
import { encodeTyped } from "./slack-text.ts";
import { createSocketMode } from "./socket-mode.ts";
import { type SubmitAnswer, submitModal } from "./submit-modal.ts";
import { webApiRoutes } from "./web-api.ts";

export interface LocalSlackOptions {
  readonly world: World;
  readonly faults: ChatFaults;
  readonly deliveries: DeliveryLog;
  readonly port: number;
  readonly botToken: string;
  readonly appToken: string;
  readonly signingSecret: string;
  /** The bot's request URL, `http://…/slack/events`. */
  readonly botEndpoint: string;
  readonly transport: "http" | "socket";
  readonly now: () => Date;
  readonly randomHex: (bytes: number) => string;
  readonly ackWithinMs?: number;
  readonly retryDelaysMs?: readonly number[];
}

export interface LocalSlack {
  readonly port: number;
  /** The Web API's address, ending in `/api/`. */
  readonly apiUrl: string;
  /** Text that starts with `/routebot` is the slash command. */
  say(say: Say): Promise<Said>;
  click(click: Click): Promise<Clicked>;
  submit(modal: Modal, filled: JsonObject): Promise<SubmitAnswer>;
  dismiss(modal: Modal): Promise<void>;
  /** Sends the same event again, marked as a repetition. */
  redeliver(delivery: Delivery): Promise<Delivery>;
  /** How many Socket Mode connections the bot holds. */
  connections(): number;
  close(): Promise<void>;
}

export async function startLocalSlack(options: LocalSlackOptions): Promise<LocalSlack> {
  const { world, deliveries, now } = options;
  const patience = options.ackWithinMs ?? ackWithinMs;
  const ids = createSlackIds(now, options.randomHex);
  const context: SlackContext = { ...options, ids, triggers: createTriggers(now, ids.id) };
  let baseUrl = "";
  const responseUrls = createResponseUrls(context, () => baseUrl);
  const files = createFiles(context, () => baseUrl);
  const socketMode = createSocketMode({ newId: ids.id, ackWithinMs: patience });
  const openConnection = () =>
    `${baseUrl.replace("http:", "ws:")}${socketMode.path}?ticket=${socketMode.ticket()}`;
  const server = await startLoopbackServer({
    name: "the local Slack",
    port: options.port,
    routes: [...webApiRoutes({ context, files, openConnection }), responseUrls.route, ...files.routes],
    onUpgrade: socketMode.attach,
  });
  baseUrl = server.url;
  refuseWhenAway(options, "slack", server);
  const send: SendToBot =
    options.transport === "socket"
      ? socketMode.send
      : createHttpSender({
          endpoint: options.botEndpoint,
          signingSecret: options.signingSecret,
          now,
          ackWithinMs: patience,
        });
  const events = createEventDelivery({
    deliveries,
    send,
    now,
    retryDelaysMs: options.retryDelaysMs ?? retryDelaysMs,
  });

  /** Commands and interactions are sent once. */
  async function sendOnce(kind: "slash_commands" | "interactive", what: string, payload: JsonObject) {
    const delivery = deliveries.add("slack", what, payload);
    const answer = await attempt(delivery, now, () => send({ kind, payload }));
    return { delivery, answer };
  }

  async function command(as: PersonId, place: Place, typed: string): Promise<Said> {
    const [, name = "", rest = ""] = /^(\/\S+)\s*([\s\S]*)$/.exec(typed) ?? [];
    const target = { as, place };
    const { delivery, answer } = await sendOnce(
      "slash_commands",
      `command ${name}`,
      commandPayload({
        as,
        place,
        command: name,
        text: encodeTyped(rest).text,
        responseUrl: responseUrls.issue(target),
        triggerId: context.triggers.issue(as),
      }),
    );
    const failure = ackProblem(answer);
    const problem = failure === null ? null : `${name} failed with the error “${failure}”`;
    if (problem === null && answer.kind === "answered" && answer.body !== "") {
      const shown = jsonOrText(answer.body);
      responseUrls.show(target, isJsonObject(shown) ? shown : { text: String(shown) });
    }
    return { message: null, delivery, why: null, problem };
  }

  return {
    port: server.port,
    apiUrl: `${server.url}/api/`,
    async say({ as, place, thread, text: typed }) {
      if (typed.startsWith("/routebot")) return command(as, place, typed);
      const { text, mentioned } = encodeTyped(typed);
      const message = world.post({
        platform: "slack",
        conversation: place.id,
        id: ids.ts(),
        thread,
        author: { kind: "person", person: as },
        text,
      });
      if (place.kind !== "direct" && !mentioned) {
        return { message, delivery: null, why: "the bot is not mentioned", problem: null };
      }
      const event = messageEvent(message, place, as);
      const payload = eventPayload({ event, eventId: ids.id("Ev"), now: now() });
      const { delivery, answer } = await events.deliver(String(event.type), payload);
      // Slack shows nothing to the person when an event is not acknowledged.
      const failure = ackProblem(answer);
      return {
        message,
        delivery,
        why: null,
        problem: failure === null ? null : `not acknowledged: ${failure}`,
      };
    },
    async click(click) {
      const { as, message, inputs } = click;
      const place = findPlace("slack", message.conversation, as);
      const blocks = blocksSeen(message, click.revision);
      const found = findActions(blocks).find(({ clickable }) => clickable.key === click.key);
      if (place === undefined || found === undefined) throw new NoSuchAction(click.key);
      const { delivery, answer } = await sendOnce(
        "interactive",
        "block_actions",
        blockActionPayload({
          as,
          place,
          message,
          found,
          chosen: found.clickable.type === "button" ? {} : elementValue(found.json, inputs.value),
          stateValues: formValues(blocks, inputs).values,
          triggerId: context.triggers.issue(as),
          responseUrl: responseUrls.issue({ as, place, message }),
          actionTs: ids.ts(),
        }),
      );
      const failure = ackProblem(answer);
      return {
        delivery,
        acknowledged: failure === null,
        reply: failure === null ? { kind: "acknowledged" } : { kind: "unusable", problem: failure },
        problem: failure === null ? null : "This app is not responding. Try again.",
        modal: world.state.modals.findLast((m) => m.person === as && m.state === "open") ?? null,
      };
    },
    submit: (modal, filled) =>
      submitModal({ context, modal, filled }, (stateValues) =>
        sendOnce(
          "interactive",
          "view_submission",
          viewPayload({
            type: "view_submission",
            as: modal.person,
            modal,
            stateValues,
            triggerId: context.triggers.issue(modal.person),
          }),
        ),
      ),
    async dismiss(modal) {
      world.putModal({ ...modal, state: "closed" });
      if (modal.view.notify_on_close !== true) return;
      const payload = viewPayload({
        type: "view_closed",
        as: modal.person,
        modal,
        stateValues: {},
        triggerId: "",
      });
      await sendOnce("interactive", "view_closed", payload);
    },
    async redeliver(delivery) {
      await events.redeliver(delivery);
      return delivery;
    },
    connections: socketMode.connections,
    async close() {
      events.close();
      socketMode.close();
      await server.close();
    },
  };
}

function blocksSeen(message: Message, revision: number | undefined): JsonObject[] {
  if (revision === undefined || revision === message.revision) return message.blocks;
  return message.earlier.find((earlier) => earlier.revision === revision)?.blocks ?? [];
}

/** Slack's word for an acknowledgement that did not come. */
export function ackProblem(answer: BotAnswer): string | null {
  if (answer.kind === "no-answer")
    return answer.reason === "timeout" ? "operation_timeout" : "dispatch_failed";
  return answer.status >= 200 && answer.status < 300 ? null : `dispatch_failed (status ${answer.status})`;
}
