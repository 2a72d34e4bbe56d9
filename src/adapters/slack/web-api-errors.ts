/**
 * What a failed call of the Web API says about what happened. The client's error classes are told apart by their `code`
 * (`ErrorCode` of @slack/web-api 8), so that this file does not load the SDK.
 */
import { z } from "zod";
import type { SendResult } from "../../ports/chat.ts";

const platformError = z.object({
  code: z.literal("slack_webapi_platform_error"),
  data: z.object({ error: z.string() }),
});
const rateLimitedError = z.object({
  code: z.literal("slack_webapi_rate_limited_error"),
  retryAfter: z.number(),
});
const httpError = z.object({ code: z.literal("slack_webapi_http_error"), statusCode: z.number() });
const requestError = z.object({ code: z.literal("slack_webapi_request_error"), original: z.unknown() });
const anyFailure = z.discriminatedUnion("code", [platformError, rateLimitedError, httpError, requestError]);

/** Error codes of https://docs.slack.dev/reference/methods/chat.postMessage and chat.update, by what they mean for us. */
const goneErrors = new Set([
  "channel_not_found",
  "not_in_channel",
  "is_archived",
  "account_inactive",
  "restricted_action",
  "restricted_action_read_only_channel",
  "restricted_action_thread_only_channel",
  "restricted_action_non_threadable_channel",
  "restricted_action_thread_locked",
  "thread_not_found",
  "cannot_reply_to_message",
  "messages_tab_disabled",
  "user_not_found",
  "user_disabled",
  "user_not_visible",
  "cannot_dm_bot",
  "message_not_found",
  "cant_update_message",
  "edit_window_closed",
]);
/** The operator can put these right: the message waits. */
const setupErrors = new Set([
  "invalid_auth",
  "not_authed",
  "token_expired",
  "token_revoked",
  "missing_scope",
  "no_permission",
  "access_denied",
  "accesslimited",
  "org_login_required",
  "ekm_access_denied",
  "team_access_not_granted",
  "two_factor_setup_required",
  "not_allowed_token_type",
]);
/** Slack's own trouble; some of it may have been done ("some aspect of the operation" may have succeeded). */
const troubleErrors = new Set([
  "fatal_error",
  "internal_error",
  "request_timeout",
  "service_unavailable",
  "team_added_to_org",
]);
const throttlingErrors = new Set(["ratelimited", "rate_limited", "message_limit_exceeded"]);

/** Failures before the request could leave. */
const unsentCodes = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

const soonMs = 2_000;
const throttledMs = 30_000;
const setupMs = 60_000;

/** A call that makes something new must not be repeated when its end is not known; one that replaces may. */
export type CallKind = "post" | "update";

export function sendResultOf(error: unknown, kind: CallKind): SendResult {
  const why = reasonOf(error);
  const uncertain: SendResult =
    kind === "post" ? { kind: "unclear", why } : { kind: "retry", afterMs: soonMs, why };
  const failure = anyFailure.safeParse(error).data;
  if (failure === undefined) return uncertain;
  switch (failure.code) {
    case "slack_webapi_rate_limited_error":
      return { kind: "retry", afterMs: failure.retryAfter * 1000, why, throttled: true };
    case "slack_webapi_http_error":
      // Anything between Slack and us may say 4xx; Slack itself has not seen the call then.
      return failure.statusCode >= 500 || failure.statusCode === 408
        ? uncertain
        : { kind: "retry", afterMs: setupMs, why };
    case "slack_webapi_request_error":
      return unsentCodes.has(networkCode(failure.original))
        ? { kind: "retry", afterMs: soonMs, why }
        : uncertain;
    case "slack_webapi_platform_error":
      return ofPlatform(failure.data.error, uncertain);
    default:
      return failure satisfies never;
  }
}

function ofPlatform(code: string, uncertain: SendResult): SendResult {
  const why = `Slack answered ${shortCode(code)}`;
  if (throttlingErrors.has(code)) return { kind: "retry", afterMs: throttledMs, why, throttled: true };
  if (goneErrors.has(code)) return { kind: "gone", why };
  if (setupErrors.has(code)) return { kind: "retry", afterMs: setupMs, why };
  // The client passes a body that is not JSON on as the error: then nobody knows what happened.
  if (troubleErrors.has(code) || !/^\w+$/.test(code)) return uncertain;
  return { kind: "refused", why };
}

/** Whether Slack is away or wants to be left alone, and for how long; `undefined` for an answer, whatever it was. */
export function awayBecause(error: unknown): { readonly afterMs: number; readonly why: string } | undefined {
  if (anyFailure.safeParse(error).data === undefined || !isPassing(error)) return undefined;
  const result = sendResultOf(error, "update");
  return result.kind === "retry" ? { afterMs: result.afterMs, why: result.why } : undefined;
}

/** Whether the same call may work later without anybody changing anything. */
export function isPassing(error: unknown): boolean {
  const failure = anyFailure.safeParse(error).data;
  if (failure?.code !== "slack_webapi_platform_error") return true;
  const { error: code } = failure.data;
  return throttlingErrors.has(code) || troubleErrors.has(code) || !/^\w+$/.test(code);
}

/** Slack's error code of a call that Slack declined. */
export function platformCodeOf(error: unknown): string | undefined {
  return platformError.safeParse(error).data?.data.error;
}

/** For the log and the operator; holds no content and no secret. */
export function reasonOf(error: unknown): string {
  const failure = anyFailure.safeParse(error).data;
  switch (failure?.code) {
    case undefined:
      return error instanceof Error ? `no usable answer (${error.name})` : "no usable answer";
    case "slack_webapi_platform_error":
      return `Slack answered ${shortCode(failure.data.error)}`;
    case "slack_webapi_rate_limited_error":
      return `Slack wants a pause of ${failure.retryAfter} s`;
    case "slack_webapi_http_error":
      return `HTTP status ${failure.statusCode}`;
    case "slack_webapi_request_error":
      return `no answer (${networkCode(failure.original)})`;
    default:
      return failure satisfies never;
  }
}

function shortCode(code: string): string {
  return /^\w{1,60}$/.test(code) ? code : "something that is not JSON";
}

/** The code of the network's error, which fetch wraps in one or two others. */
function networkCode(error: unknown): string {
  for (let current = error, depth = 0; current instanceof Error && depth < 4; depth += 1) {
    if ("code" in current && typeof current.code === "string") return current.code;
    if (current.name === "TimeoutError") return "timeout";
    current = current.cause;
  }
  return error instanceof Error ? error.name : "unknown";
}
