import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import type { Inbound, Receive, Reply } from "../../ports/chat.ts";
import type { Log } from "../../ports/log.ts";
import { tooManyWords } from "../../reply/limit-words.ts";

/** How much one person may send to one replica. */
export type AdmissionSettings = {
  readonly messagesPerMinute: number;
  readonly clicksPerMinute: number;
};

/** What is limited apart from the others, so that a flood of one kind leaves room for the other kinds. */
type Class = "messages" | "clicks" | "views";

/**
 * What may be under way at once. A group of messages is stored with one transaction, so these are two transactions' worth; a
 * click takes one of its own. More would still be stored, but not within the three seconds that Slack waits.
 */
export const mostUnderWay: Readonly<Record<Class, number>> = { messages: 128, clicks: 48, views: 32 };

/** Nobody presses anything when a client looks whether a card has changed, and one message may show several cards. */
const viewsForEachClick = 4;
const windowSeconds = 60;

/**
 * Puts limits before the core. What comes here is authenticated: whoever cannot speak for a person cannot use up what that
 * person may send. Beyond the limits nothing is stored and the database is not asked.
 */
export function admitInbound(receive: Receive, settings: AdmissionSettings, log: Log): Receive {
  const perMinute: Readonly<Record<Class, number>> = {
    messages: settings.messagesPerMinute,
    clicks: settings.clicksPerMinute,
    views: settings.clicksPerMinute * viewsForEachClick,
  };
  const limiters = {
    messages: limiterOf(perMinute.messages),
    clicks: limiterOf(perMinute.clicks),
    views: limiterOf(perMinute.views),
  };
  const underWay: Record<Class, number> = { messages: 0, clicks: 0, views: 0 };

  return async (inbound): Promise<Reply> => {
    const kind = classOf(inbound);
    const refused = await limiters[kind].consume(senderOf(inbound)).catch((rejection: unknown) => {
      if (rejection instanceof RateLimiterRes) return rejection;
      throw rejection;
    });
    if (refused.consumedPoints > perMinute[kind]) {
      const isFirst = refused.consumedPoints === perMinute[kind] + 1;
      if (isFirst) log.warn("sender-limited", { kind, perMinute: perMinute[kind] });
      const text = tooManyWords(kind, { perMinute: perMinute[kind], waitMs: refused.msBeforeNext });
      return { kind: "notice", text, ...(isFirst ? {} : { again: true }) };
    }
    if (underWay[kind] >= mostUnderWay[kind]) {
      log.warn("inbound-too-busy", { kind, underWay: underWay[kind] });
      return { kind: "busy" };
    }
    underWay[kind] += 1;
    try {
      return await receive(inbound);
    } finally {
      underWay[kind] -= 1;
    }
  };
}

function limiterOf(points: number): RateLimiterMemory {
  return new RateLimiterMemory({ points, duration: windowSeconds });
}

function classOf({ kind }: Inbound): Class {
  switch (kind) {
    case "message":
    case "installed":
      return "messages";
    case "click":
      return "clicks";
    case "viewed":
      return "views";
    default:
      return kind satisfies never;
  }
}

function senderOf({ actor }: Inbound): string {
  const { platform, tenant, user } = actor.account;
  return JSON.stringify([platform, tenant, user]);
}
