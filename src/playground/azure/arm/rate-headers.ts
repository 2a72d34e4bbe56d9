/** `x-ms-ratelimit-remaining-…` as Azure counts them; this server counts, but never refuses on its own account. */
export interface RateHeaders {
  /** Counts one request and gives the header for it. */
  next(request: {
    readonly method: string;
    readonly clientId: string;
    readonly subscription: string;
  }): Record<string, string>;
}

/** Burst and refill per second of Azure's token buckets, per subscription and principal. */
const READS = { kind: "reads", burst: 250, perSecond: 25 } as const;
const WRITES = { kind: "writes", burst: 200, perSecond: 10 } as const;

export function makeRateHeaders(now: () => Date): RateHeaders {
  const buckets = new Map<string, { left: number; at: number }>();
  return {
    next({ method, clientId, subscription }) {
      const limit = method === "GET" || method === "HEAD" ? READS : WRITES;
      const key = `${limit.kind} ${clientId} ${subscription}`;
      const at = now().getTime();
      const bucket = buckets.get(key) ?? { left: limit.burst, at };
      const refilled = bucket.left + (Math.max(0, at - bucket.at) / 1000) * limit.perSecond;
      const left = Math.max(0, Math.min(limit.burst, refilled) - 1);
      buckets.set(key, { left, at });
      return { [`x-ms-ratelimit-remaining-subscription-${limit.kind}`]: String(Math.floor(left)) };
    },
  };
}
