import { setImmediate as turn } from "node:timers/promises";
import type { ClientOptions } from "@azure-rest/core-client";
import type { Clock } from "../../ports/clock.ts";

type RequestPolicy = NonNullable<ClientOptions["additionalPolicies"]>[number]["policy"];
type Send = Parameters<RequestPolicy["sendRequest"]>[1];
type OutgoingRequest = Parameters<RequestPolicy["sendRequest"]>[0];
type IncomingResponse = Awaited<ReturnType<Send>>;

/** A read is tried three times at most. */
const maxRetries = 2;
/** Longer waits than this are left to the caller, who can tell people about them. */
const longestWaitMs = 10_000;
const firstWaitMs = 300;
/** For a single request that its caller gave no time limit. */
const defaultTimeoutMs = 30_000;

/**
 * Keeps every request, whatever link it came from, on the host of the resource manager: a `nextLink` or an operation's
 * address is an answer's content, and must not carry our token elsewhere.
 */
export function stayOnHost(resourceManagerUrl: string): RequestPolicy {
  const { origin } = new URL(resourceManagerUrl);
  return {
    name: "routebot-stay-on-host",
    sendRequest(request, next) {
      if (new URL(request.url).origin !== origin) {
        throw new Error(`Azure's answer pointed to another host than ${origin}; the request was not sent.`);
      }
      return next(request);
    },
  };
}

/**
 * Sends reads again after 429 and 5xx, honouring Retry-After, and after a broken connection; at most twice. Writes pass
 * through untouched: a write whose answer is missing may have been done, and only reading tells.
 */
export function retryReads(clock: Clock): RequestPolicy {
  return {
    name: "routebot-retry-reads",
    async sendRequest(request, next) {
      if (request.timeout === 0) request.timeout = defaultTimeoutMs;
      if (!isRead(request)) return next(request);
      for (let attempt = 0; ; attempt += 1) {
        const result = await trySending(request, next);
        const wait = attempt < maxRetries ? waitBeforeRetry(result, attempt, clock) : undefined;
        if (wait === undefined || request.abortSignal?.aborted === true) return unwrap(result);
        await clock.sleep(wait, toSignal(request));
      }
    },
  };
}

type Sent = { readonly response: IncomingResponse } | { readonly error: unknown };

async function trySending(request: OutgoingRequest, next: Send): Promise<Sent> {
  try {
    return { response: await next(request) };
  } catch (error) {
    return { error };
  }
}

function unwrap(sent: Sent): IncomingResponse {
  if ("response" in sent) return sent.response;
  throw sent.error;
}

/** Lists that hold secrets are read with POST (`…/config/appsettings/list`). */
function isRead(request: OutgoingRequest): boolean {
  if (request.method === "GET" || request.method === "HEAD") return true;
  return request.method === "POST" && new URL(request.url).pathname.endsWith("/list");
}

function waitBeforeRetry(sent: Sent, attempt: number, clock: Clock): number | undefined {
  const backOff = firstWaitMs * 2 ** attempt;
  if ("error" in sent) return isBrokenConnection(sent.error) ? backOff : undefined;
  const { status, headers } = sent.response;
  if (status !== 429 && status < 500) return undefined;
  const asked = retryAfterMs((name) => headers.get(name), clock.now());
  const wait = asked ?? (status === 429 ? undefined : backOff);
  return wait === undefined || wait > longestWaitMs ? undefined : wait;
}

function isBrokenConnection(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && ["ECONNRESET", "EPIPE", "ETIMEDOUT", "EAI_AGAIN"].includes(code);
}

function toSignal(request: OutgoingRequest): AbortSignal | undefined {
  return request.abortSignal instanceof AbortSignal ? request.abortSignal : undefined;
}

/**
 * A process that did not run for a while (a stopped container, a moved machine) goes on where it was, before its timers have told it
 * that its time is over and its work somebody else's. Right before a write leaves, they get to say so. Belongs last, behind
 * signing in.
 */
export const heedTime: RequestPolicy = {
  name: "routebot-heed-time",
  async sendRequest(request, next) {
    if (isRead(request)) return next(request);
    // Node runs timers between two turns of its loop.
    await turn();
    await turn();
    toSignal(request)?.throwIfAborted();
    return next(request);
  },
};

/** How long an answer asks us to wait: `Retry-After` in seconds or as a date, or the `…-ms` headers of some services. */
export function retryAfterMs(header: (name: string) => string | undefined, now: Date): number | undefined {
  const milliseconds = header("retry-after-ms") ?? header("x-ms-retry-after-ms");
  if (milliseconds !== undefined && /^\d+$/.test(milliseconds)) return Number(milliseconds);
  const text = header("retry-after");
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now.getTime());
}
