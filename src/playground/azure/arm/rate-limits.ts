import type { Answer } from "../http/exchange.ts";
import { armError } from "./errors.ts";

/** One request as it is counted. `refusal`: what Azure would answer instead, the bucket being empty. */
export interface Counted {
  /** `x-ms-ratelimit-remaining-…`, for whatever the answer is. */
  readonly headers: Readonly<Record<string, string>>;
  readonly refusal: Answer | null;
}

export interface RateLimits {
  count(request: {
    readonly method: string;
    readonly clientId: string;
    /** Id, or empty for requests about no subscription. */
    readonly subscription: string;
  }): Counted;
}

/**
 * Azure's token buckets, per subscription, principal and kind of operation: what they hold at most, and what comes back a second
 * (learn.microsoft.com, "request limits and throttling").
 */
const READS = { kind: "reads", size: 250, perSecond: 25 } as const;
const WRITES = { kind: "writes", size: 200, perSecond: 10 } as const;
const DELETES = { kind: "deletes", size: 200, perSecond: 10 } as const;

/** Counts every request that was signed in; whether an empty bucket refuses is for the caller to say. */
export function makeRateLimits(now: () => Date): RateLimits {
  const buckets = new Map<string, { left: number; at: number }>();
  return {
    count({ method, clientId, subscription }) {
      const limit = limitOf(method);
      const key = `${limit.kind} ${clientId} ${subscription.toLowerCase()}`;
      const at = now().getTime();
      const bucket = buckets.get(key) ?? { left: limit.size, at };
      const filled = Math.min(
        limit.size,
        bucket.left + (Math.max(0, at - bucket.at) / 1000) * limit.perSecond,
      );
      const isEmpty = filled < 1;
      const left = isEmpty ? filled : filled - 1;
      buckets.set(key, { left, at });
      const headers = { [`x-ms-ratelimit-remaining-subscription-${limit.kind}`]: String(Math.floor(left)) };
      return { headers, refusal: isEmpty ? tooMany(limit, left) : null };
    },
  };
}

function limitOf(method: string) {
  if (method === "GET" || method === "HEAD") return READS;
  return method === "DELETE" ? DELETES : WRITES;
}

function tooMany(limit: ReturnType<typeof limitOf>, left: number): Answer {
  const seconds = Math.max(1, Math.ceil((1 - left) / limit.perSecond));
  return armError({
    status: 429,
    code: "SubscriptionRequestsThrottled",
    message: `Number of '${limit.kind}' requests for the subscription exceeded the limit of '${limit.size}'. Please try again after '${seconds}' seconds.`,
    headers: { "retry-after": String(seconds) },
  });
}
