import type { ClientOptions } from "@azure-rest/core-client";
import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import { noTelemetry, type Telemetry } from "../../ports/telemetry.ts";
import type { BucketTerms, Taken, TokenBuckets } from "../../ports/token-buckets.ts";

/**
 * What a request is for. `change`: somebody waits for a plan, a write or an answer. `survey`: a look at many sites, which waits
 * rather than take what a change may need.
 */
export const urgencies = ["change", "survey"] as const;
export type Urgency = (typeof urgencies)[number];

/** Lets requests through no faster than the resource manager takes them, so that it never has to refuse one. */
export type RequestBudget = {
  /** Resolves when the request may be sent; rejects with the signal's reason when it is aborted. */
  spend(request: BudgetedRequest): Promise<void>;
};

export type BudgetedRequest = {
  readonly method: string;
  readonly url: string;
  readonly urgency: Urgency;
  readonly signal?: AbortSignal | undefined;
};

/**
 * Below Azure's own figures, 250 reads and 25 more a second, 200 writes and 10 more a second, each per subscription and principal
 * (learn.microsoft.com, "request limits and throttling"): nine tenths of what comes back, and of the size as much less as two
 * processes may have in hand and on credit while the bucket fills up behind them. A POST counts as a write.
 */
const kinds = {
  reads: { size: 190, perSecond: 22.5, kept: 100, batch: 10 },
  writes: { size: 160, perSecond: 9, kept: 90, batch: 5 },
} as const;
type Kind = keyof typeof kinds;

/** Tokens that were fetched and not spent are let go: they would come on top of a bucket that has filled up since. */
const inHandMs = 1_000;

/**
 * Tokens in hand of one bucket for one urgency, and when they were fetched. Below nought they are owed: a change went ahead of its
 * tokens.
 */
type Purse = { tokens: number; dry: boolean; at: number; filling: Promise<Taken> | undefined };

/**
 * Draws tokens in batches from buckets that replicas may share. A change never waits for the buckets themselves: it goes ahead on
 * credit, at most a batch, while tokens are fetched, and waits only when there are none left. Without the buckets (the
 * database is away) changes go on, and a survey waits.
 */
export function createRequestBudget(
  buckets: TokenBuckets,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): RequestBudget {
  const purses = new Map<string, Purse>();
  const now = () => clock.now().getTime();

  function purseOf(bucket: BucketTerms, urgency: Urgency): Purse {
    const key = `${urgency} ${bucket.name}`;
    const known = purses.get(key);
    if (known !== undefined) {
      if (known.tokens >= 0 && now() - known.at > inHandMs) Object.assign(known, { tokens: 0, dry: false });
      return known;
    }
    const made: Purse = { tokens: 0, dry: false, at: now(), filling: undefined };
    purses.set(key, made);
    return made;
  }

  /** One filling of a purse at a time, shared by all who wait for it. */
  function fill(purse: Purse, bucket: BucketTerms, { kind, urgency }: Draw): Promise<Taken> {
    const { batch, kept } = kinds[kind];
    const tokens = batch - Math.min(0, purse.tokens);
    purse.filling ??= buckets
      .take({ bucket, tokens, keep: urgency === "survey" ? kept : 0 })
      .then((taken) => {
        purse.tokens += taken.granted;
        purse.at = now();
        purse.dry = taken.granted < tokens;
        return taken;
      })
      .finally(() => {
        purse.filling = undefined;
      });
    return purse.filling;
  }

  return {
    async spend({ method, url, urgency, signal }) {
      const kind: Kind = method === "GET" || method === "HEAD" ? "reads" : "writes";
      const { size, perSecond, kept, batch } = kinds[kind];
      const bucket = { name: `${kind} ${subscriptionIn(url)}`, size, perSecond, start: kept };
      const purse = purseOf(bucket, urgency);
      for (;;) {
        signal?.throwIfAborted();
        const credit = urgency === "change" && !purse.dry ? batch : 0;
        if (purse.tokens + credit >= 1) {
          purse.tokens -= 1;
          if (purse.tokens < batch / 2) fill(purse, bucket, { kind, urgency }).catch(unreachable);
          return;
        }
        try {
          const { waitMs } = await fill(purse, bucket, { kind, urgency });
          if (purse.tokens < 1) await clock.sleep(Math.max(waitMs, 1), signal);
        } catch (error) {
          signal?.throwIfAborted();
          if (urgency === "survey") throw error;
          unreachable(error);
          return;
        }
      }
    },
  };

  function unreachable(error: unknown): void {
    log.warn("request-budget-unreachable", {
      reason: error instanceof Error ? error.message : String(error),
    });
  }
}

type Draw = { readonly kind: Kind; readonly urgency: Urgency };
type RequestPolicy = NonNullable<ClientOptions["additionalPolicies"]>[number]["policy"];

/** Each try of a request spends a token of its own: this belongs behind whatever sends requests again. */
export function spendBudget(
  budget: RequestBudget,
  { urgency, telemetry = noTelemetry }: { readonly urgency: Urgency; readonly telemetry?: Telemetry },
): RequestPolicy {
  return {
    name: "routebot-spend-budget",
    async sendRequest(request, next) {
      const { method, url, abortSignal } = request;
      const signal = abortSignal instanceof AbortSignal ? abortSignal : undefined;
      const began = performance.now();
      await budget.spend({ method, url, urgency, signal });
      telemetry.waited({ kind: "budget", urgency }, performance.now() - began);
      return await next(request);
    },
  };
}

/** Requests about no subscription count for the tenant, which has buckets of the same size. */
function subscriptionIn(url: string): string {
  return /^\/+subscriptions\/([^/?]+)/i.exec(new URL(url).pathname)?.[1]?.toLowerCase() ?? "tenant";
}
