/** The Events API's delivery: acknowledged within three seconds, or sent again. */
import { attempt, type Delivery, type DeliveryLog } from "../deliveries.ts";
import type { BotAnswer } from "../http/post-to-bot.ts";
import { isJsonObject, type JsonObject } from "../world/world-model.ts";
import type { SendToBot } from "./send-to-bot.ts";

/** "nearly immediately", after a minute, after five: https://docs.slack.dev/apis/events-api#error_handling */
export const retryDelaysMs: readonly number[] = [0, 60_000, 300_000];

export interface EventDelivery {
  /** Sends and resolves with the first attempt; repetitions follow on their own. */
  deliver(event: string, payload: JsonObject): Promise<{ delivery: Delivery; answer: BotAnswer }>;
  redeliver(delivery: Delivery): Promise<BotAnswer>;
  close(): void;
}

export interface EventDeliveryOptions {
  readonly deliveries: DeliveryLog;
  readonly send: SendToBot;
  readonly now: () => Date;
  readonly retryDelaysMs: readonly number[];
}

export function createEventDelivery(options: EventDeliveryOptions): EventDelivery {
  const { deliveries, send, now } = options;
  const timers = new Set<NodeJS.Timeout>();

  const post = (delivery: Delivery, retry?: { num: number; reason: string }) => {
    const payload = isJsonObject(delivery.body) ? delivery.body : {};
    return attempt(delivery, now, () =>
      send({ kind: "events_api", payload, ...(retry === undefined ? {} : { retry }) }),
    );
  };

  function retryLater(delivery: Delivery, answer: BotAnswer, num: number): void {
    const delay = options.retryDelaysMs[num - 1];
    const reason = reasonToRetry(answer);
    if (delay === undefined || reason === undefined) return;
    const timer = setTimeout(async () => {
      timers.delete(timer);
      retryLater(delivery, await post(delivery, { num, reason }), num + 1);
    }, delay);
    timers.add(timer);
  }

  return {
    async deliver(event, payload) {
      const delivery = deliveries.add("slack", `event ${event}`, payload);
      const answer = await post(delivery);
      retryLater(delivery, answer, 1);
      return { delivery, answer };
    },
    redeliver: (delivery) => post(delivery, { num: 1, reason: "http_timeout" }),
    close() {
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

function reasonToRetry(answer: BotAnswer): string | undefined {
  if (answer.kind === "no-answer") return answer.reason === "timeout" ? "http_timeout" : "connection_failed";
  if (answer.headers["x-slack-no-retry"] !== undefined) return undefined;
  return answer.status >= 200 && answer.status < 300 ? undefined : "http_error";
}
