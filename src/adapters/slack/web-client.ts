/** The Web API client: one request a call, bounded in time, to the configured address only. */

import type { Logger } from "@slack/bolt";
import type { WebClient, WebClientOptions } from "@slack/web-api";
import type { SlackSettings } from "./slack-settings.ts";

const defaultTimeoutMs = 8_000;
const unnamedPauseSeconds = "30";

/**
 * Shared by our own client, Bolt's, and Socket Mode's. Without these the SDK waits for ever, repeats posts after a reset and
 * sleeps through a throttling with its whole queue.
 */
export function clientOptions(settings: SlackSettings, logger: Logger): WebClientOptions {
  return {
    slackApiUrl: settings.apiUrl,
    allowAbsoluteUrls: false,
    timeout: settings.apiTimeoutMs ?? defaultTimeoutMs,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    fetch: fetchWithPause,
    logger,
  };
}

/** Serially imported, when the adapter is made: Slack costs nothing where it is off. */
export async function createWebClient(settings: SlackSettings, logger: Logger): Promise<WebClient> {
  const { WebClient } = await import("@slack/web-api");
  return new WebClient(settings.botToken, clientOptions(settings, logger));
}

/**
 * Follows no redirection, which could lead messages elsewhere. A 429 that names no pause gets one: the SDK would hide it behind a
 * nameless error otherwise.
 */
const fetchWithPause: typeof fetch = async (input, init) => {
  const response = await fetch(input, { ...init, redirect: "error" });
  if (response.status !== 429 || /^\d+$/.test(response.headers.get("retry-after") ?? "")) return response;
  const headers = new Headers(response.headers);
  headers.set("retry-after", unnamedPauseSeconds);
  return new Response(response.body, { status: 429, headers });
};
