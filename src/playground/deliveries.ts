/** What was sent to the bot and how it answered: shown on the page, asserted on by tests, and sent again on order. */
import { z } from "zod";
import type { BotAnswer } from "./http/post-to-bot.ts";
import { type Platform, platformSchema } from "./places.ts";

const attemptSchema = z.object({
  at: z.iso.datetime(),
  tookMs: z.number(),
  /** The HTTP status, or null when there was no answer. */
  status: z.int().nullable(),
  failure: z.enum(["timeout", "unreachable"]).nullable(),
  /** The answer's body: JSON where it is JSON, else text. */
  answer: z.unknown(),
});
export type Attempt = z.infer<typeof attemptSchema>;

export const deliverySchema = z.object({
  id: z.int(),
  platform: platformSchema,
  /** Such as `message`, `invoke adaptiveCard/action`, `event app_mention`, `block_actions`. */
  what: z.string(),
  body: z.unknown(),
  attempts: z.array(attemptSchema),
});
export type Delivery = z.infer<typeof deliverySchema>;

const kept = 300;

export interface DeliveryLog {
  add(platform: Platform, what: string, body: unknown): Delivery;
  find(id: number): Delivery | undefined;
  all(): readonly Delivery[];
  clear(): void;
}

export function createDeliveryLog(): DeliveryLog {
  let deliveries: Delivery[] = [];
  let last = 0;
  return {
    add(platform, what, body) {
      last += 1;
      const delivery: Delivery = { id: last, platform, what, body, attempts: [] };
      deliveries = [...deliveries, delivery].slice(-kept);
      return delivery;
    },
    find: (id) => deliveries.find((delivery) => delivery.id === id),
    all: () => deliveries,
    clear: () => {
      deliveries = [];
    },
  };
}

/** Runs one attempt, notes its outcome on the delivery, and hands the answer on. */
export async function attempt(
  delivery: Delivery,
  now: () => Date,
  send: () => Promise<BotAnswer>,
): Promise<BotAnswer> {
  const at = now();
  const startedMs = performance.now();
  const answer = await send();
  delivery.attempts.push({
    at: at.toISOString(),
    tookMs: Math.round(performance.now() - startedMs),
    status: answer.kind === "answered" ? answer.status : null,
    failure: answer.kind === "no-answer" ? answer.reason : null,
    answer: answer.kind === "answered" ? jsonOrText(answer.body) : null,
  });
  return answer;
}

export function jsonOrText(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
