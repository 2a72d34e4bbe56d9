import type { Clock } from "../../ports/clock.ts";
import type { BucketTerms, TokenBuckets } from "../../ports/token-buckets.ts";

/**
 * Token buckets of this process alone, for a bot that has no replicas. What was drawn before it started is not known: a bucket
 * begins with its `start`, and fills up from there.
 */
export function createProcessBuckets(clock: Pick<Clock, "now">): TokenBuckets {
  const startedAt = clock.now().getTime();
  const buckets = new Map<string, { tokens: number; at: number }>();

  function levelOf({ name, size, perSecond, start }: BucketTerms): number {
    const now = clock.now().getTime();
    const { tokens, at } = buckets.get(name) ?? { tokens: start, at: startedAt };
    const level = Math.min(size, tokens + (Math.max(0, now - at) / 1000) * perSecond);
    buckets.set(name, { tokens: level, at: now });
    return level;
  }

  return {
    async take({ bucket, tokens, keep }) {
      const level = levelOf(bucket);
      const granted = Math.max(0, Math.min(tokens, Math.floor(level - keep)));
      const left = level - granted;
      buckets.set(bucket.name, { tokens: left, at: clock.now().getTime() });
      const waitMs = granted < tokens ? Math.ceil(((keep + 1 - left) / bucket.perSecond) * 1000) : 0;
      return { granted, waitMs };
    },
  };
}
