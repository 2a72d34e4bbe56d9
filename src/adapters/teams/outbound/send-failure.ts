import { z } from "zod";
import type { SendFailure } from "./connector-error.ts";

/** What came back from the Bot Connector. */
export type ConnectorAnswer = {
  readonly method: string;
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly text: string;
};

/** Only a POST creates a message; a PUT replaces one, so that doing it twice does no harm. */
const createsMessage = (method: string) => method === "POST";

/** Teams' limits are counted in windows of 1 to 30 seconds; without advice one of the longer ones is waited for. */
const throttledMs = 10_000;
const transientMs = 5_000;
const deniedMs = 60_000;
const maxRetryAfterMs = 10 * 60_000;

/** 408 and 425 say that nothing was done; 412, 502 and 504 are to be tried again, says Microsoft's page on rate limits. */
const transientStatuses = new Set([408, 412, 425]);

/** Nothing was sent, for there was no connection. */
const neverConnected = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "ERR_TLS_CERT_ALTNAME_INVALID",
]);

/** Tells what an answer means; absent for success. */
export function failureOfAnswer(answer: ConnectorAnswer, now: Date): SendFailure | undefined {
  const { method, status } = answer;
  if (status >= 200 && status < 300) return undefined;
  const why = describe(answer);
  if (status === 429) {
    const afterMs = retryAfterMs(answer.headers.get("retry-after"), now);
    return { kind: "retry", afterMs, why, throttled: true };
  }
  if (status >= 500) {
    if (createsMessage(method)) return { kind: "unclear", why };
    return { kind: "retry", afterMs: transientMs, why };
  }
  if (transientStatuses.has(status)) return { kind: "retry", afterMs: transientMs, why };
  // Our token was not taken: a credential is wrong or not yet known everywhere. The message is not at fault.
  if (status === 401) return { kind: "retry", afterMs: deniedMs, why };
  // 403: blocked by the user, not (or no longer) in the conversation, forbidden by an administrator. 404: no such conversation.
  if (status === 403 || status === 404 || status === 410) return { kind: "gone", why };
  return { kind: "refused", why };
}

/** Tells what a request means that got no answer. */
export function failureOfNetwork(method: string, error: unknown): SendFailure {
  const code = codeOf(error);
  const why = `no answer from the Bot Connector (${code})`;
  if (!createsMessage(method) || neverConnected.has(code))
    return { kind: "retry", afterMs: transientMs, why };
  return { kind: "unclear", why };
}

const coded = z.object({ code: z.string() });
const named = z.object({ name: z.string() });

/** fetch hides the network's own code in `cause`. */
function codeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  for (const candidate of [cause, error]) {
    const { data } = coded.safeParse(candidate);
    if (data) return data.code;
  }
  return named.safeParse(error).data?.name ?? "unknown";
}

const errorBody = z.object({ error: z.object({ code: z.string().max(100).optional() }) });

/** Status and the service's own code; its message may repeat what we sent, so it is left out. */
function describe({ status, text }: ConnectorAnswer): string {
  const code = parseErrorCode(text);
  return `the Bot Connector answered ${status}${code ? ` (${code})` : ""}`;
}

function parseErrorCode(text: string): string | undefined {
  try {
    return errorBody.safeParse(JSON.parse(text)).data?.error.code;
  } catch {
    return undefined;
  }
}

/** Seconds, or a date as RFC 9110 allows. */
function retryAfterMs(header: string | null, now: Date): number {
  if (header === null) return throttledMs;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now.getTime();
  if (!Number.isFinite(ms)) return throttledMs;
  return Math.min(Math.max(ms, 0), maxRetryAfterMs);
}
