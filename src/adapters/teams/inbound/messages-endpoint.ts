import { type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";
import { AuthenticationError } from "botframework-connector";
import type { Chat, Inbound, Receive, Reply } from "../../../ports/chat.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { Log } from "../../../ports/log.ts";
import { KeysUnavailableError } from "../auth/openid-keys.ts";
import { isLoopbackAddress, isLoopbackUrl } from "../auth/service-url.ts";
import { writeMessageRef } from "../conversation-address.ts";
import type { BotAdapter, InvokeBody } from "../outbound/bot-adapter.ts";
import type { TeamsSettings } from "../teams-settings.ts";
import { activitySchema, type TeamsActivity } from "./activity.ts";
import { refusalOf } from "./admission.ts";
import { createAuthorNotices } from "./author-notices.ts";
import {
  busyAnswer,
  busyText,
  invokeAnswer,
  slowAnswer,
  slowText,
  unknownActionAnswer,
} from "./invoke-answer.ts";
import { noticeView } from "./notice-view.ts";
import { type Reading, readActivity } from "./read-activity.ts";

/** A POST request whose JSON body was parsed. */
export type MessagesRequest = IncomingMessage & { body?: unknown };
export type MessagesHandler = (request: MessagesRequest, response: ServerResponse) => Promise<void>;

/** Teams shows "something went wrong" to a person who pressed and got no answer; we answer well before. */
const invokeLimitMs = 2_500;
/** Teams delivers a message again after 15 seconds without an answer. */
const messageLimitMs = 10_000;

export type MessagesParts = {
  readonly settings: TeamsSettings;
  readonly adapter: BotAdapter;
  readonly chat: Chat;
  readonly receive: Receive;
  readonly clock: Clock;
  readonly log: Log;
};

/** How one delivery is answered: a bare status, or the body of an invoke's answer. */
type Answer = { readonly status: number; readonly body?: InvokeBody };

/**
 * `POST /api/messages`. Nothing reaches the core that was not admitted and authenticated; why something was refused is logged,
 * and not told. A message is acknowledged when the core has stored it.
 */
export function createMessagesHandler(parts: MessagesParts): MessagesHandler {
  const { settings, adapter, chat, receive, clock, log } = parts;
  const tellAuthor = createAuthorNotices(parts);

  async function answer(request: MessagesRequest): Promise<Answer> {
    const parsed = activitySchema.safeParse(request.body);
    if (!parsed.success) {
      log.warn("teams-malformed", {
        where: parsed.error.issues.map((issue) => issue.path.join(".")).slice(0, 5),
      });
      return { status: 400 };
    }
    const activity = parsed.data;
    const refusal = refusalOf(activity, settings);
    if (refusal !== undefined) return refuse(refusal, activity);
    let result: Answer = { status: 200 };
    try {
      const { authorization } = request.headers;
      const anonymous = mayBeAnonymous(request, activity);
      const body = await adapter.receive(
        anonymous ? undefined : (authorization ?? ""),
        request.body,
        async () => {
          result = await work(activity);
          return result.body;
        },
      );
      return { ...result, ...(body && { body }) };
    } catch (error) {
      if (error instanceof AuthenticationError) return refuse(error.message, activity);
      if (error instanceof KeysUnavailableError) {
        log.error("teams-keys-unavailable", error);
        return { status: 503 };
      }
      throw error;
    }
  }

  function refuse(why: string, activity: TeamsActivity): Answer {
    log.warn("teams-refused", { why, type: activity.type.slice(0, 50) });
    return { status: 401 };
  }

  /** For Microsoft's Agents Playground on the same machine: sent from here, answered here, and no token that could be wrong. */
  function mayBeAnonymous(request: MessagesRequest, activity: TeamsActivity): boolean {
    return (
      settings.anonymous === "loopback" &&
      request.headers.authorization === undefined &&
      // A proxy on this machine speaks for others.
      request.headers["x-forwarded-for"] === undefined &&
      request.headers.forwarded === undefined &&
      !isBrowsers(request) &&
      isLoopbackAddress(request.socket.remoteAddress) &&
      isLoopbackUrl(activity.serviceUrl)
    );
  }

  /** Only authenticated activities come this far. */
  async function work(activity: TeamsActivity): Promise<Answer> {
    const reading = readActivity(activity);
    const isInvoke = activity.type === "invoke";
    switch (reading.kind) {
      case "malformed":
        log.warn("teams-malformed", { why: reading.why });
        return isInvoke ? { status: 200, body: unknownActionAnswer } : { status: 400 };
      case "ignored":
        log.debug("teams-ignored", { why: reading.why });
        return isInvoke ? { status: 501 } : { status: 200 };
      case "inbound":
        return isInvoke ? answerInvoke(reading, activity.from.id) : acknowledge(reading);
      default:
        return reading satisfies never;
    }
  }

  async function answerInvoke(reading: Reading & { kind: "inbound" }, by: string): Promise<Answer> {
    const outcome = await withinLimit(reading.inbound, invokeLimitMs);
    switch (outcome.kind) {
      case "replied": {
        const { reply } = outcome;
        // The answer changes the card for whoever pressed; for the others it has to be replaced.
        if (reply.kind === "card" && reply.forEverybody) setImmediate(() => void replyAside(reply, reading));
        return { status: 200, body: invokeAnswer(reply, by) };
      }
      case "failed":
        return { status: 200, body: busyAnswer };
      case "late":
        return { status: 200, body: slowAnswer };
      default:
        return outcome satisfies never;
    }
  }

  async function acknowledge(reading: Reading & { kind: "inbound" }): Promise<Answer> {
    const outcome = await withinLimit(reading.inbound, messageLimitMs);
    // It may still be stored, or come again under the same id: Teams delivers some of what was not acknowledged anew.
    if (outcome.kind !== "replied") {
      setImmediate(() => void tellAuthor(reading.inbound, slowText));
      return { status: 503 };
    }
    if (outcome.reply.kind === "busy") {
      return { status: (await tellAuthor(reading.inbound, busyText)) ? 200 : 503 };
    }
    // A message's answer cannot be told in its acknowledgement; it is sent as one of its own, after it.
    if (outcome.reply.kind !== "accepted") setImmediate(() => void replyAside(outcome.reply, reading));
    return { status: 200 };
  }

  type Outcome =
    | { readonly kind: "replied"; readonly reply: Reply }
    | { readonly kind: "failed" }
    | { readonly kind: "late" };

  /** What the core says within the limit. It goes on working after it. */
  async function withinLimit(inbound: Inbound, limitMs: number): Promise<Outcome> {
    const done = new AbortController();
    const replied = receive(inbound).then(
      (reply): Outcome => ({ kind: "replied", reply }),
      (error: unknown): Outcome => {
        log.error("teams-not-stored", error, { kind: inbound.kind });
        return { kind: "failed" };
      },
    );
    const late = clock.sleep(limitMs, done.signal).then(
      (): Outcome => ({ kind: "late" }),
      (): Outcome => ({ kind: "late" }),
    );
    const outcome = await Promise.race([replied, late]);
    done.abort();
    if (outcome.kind === "late") log.warn("teams-slow", { kind: inbound.kind, limitMs });
    return outcome;
  }

  /** The reply outside the acknowledgement: a card replaces the pressed one for everybody, a notice is posted. */
  async function replyAside(
    reply: Reply,
    { inbound, cardMessageId }: Reading & { kind: "inbound" },
  ): Promise<void> {
    const { place } = inbound;
    if (reply.kind === "accepted" || reply.kind === "busy") return;
    if (reply.kind === "notice" && reply.again) return;
    const sent =
      reply.kind === "card" && cardMessageId !== undefined
        ? await chat.update({ place, ref: writeMessageRef(cardMessageId), view: reply.view })
        : await chat.post({
            place,
            view: reply.kind === "card" ? reply.view : noticeView(reply.text),
            key: inbound.id,
          });
    if (sent.kind !== "sent") log.warn("teams-reply-not-sent", { outcome: sent.kind, why: sent.why });
  }

  return async (request, response) => {
    const { status, body } = await answer(request);
    response.statusCode = status;
    if (body) {
      response.setHeader("content-type", "application/json; charset=utf-8");
      response.end(JSON.stringify(body));
    } else {
      response.setHeader("content-type", "text/plain; charset=utf-8");
      response.end(status === 200 ? "" : `${status} ${STATUS_CODES[status] ?? ""}\n`);
    }
  };
}

/**
 * Whether a page may have sent it: of another site's, whose browser says so, or of a name that somebody pointed at this machine (DNS
 * rebinding), which the `Host` header then says.
 */
function isBrowsers({ headers }: MessagesRequest): boolean {
  const isHere = isLoopbackUrl(`http://${headers.host ?? ""}/`);
  return !isHere || headers.origin !== undefined || headers["sec-fetch-site"] !== undefined;
}
