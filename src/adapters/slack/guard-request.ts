/**
 * What is refused before Bolt looks at a request. Bolt checks the signature and that the request is not old; it takes one from
 * the future, and reads a content type with parameters as JSON.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Log } from "../../ports/log.ts";
import { eventsPath } from "./slack-settings.ts";

/** Slack's own limit for the age of a request; the same for clocks that are ahead. */
const maxSkewSeconds = 300;
export const maxBodyBytes = 1024 * 1024;

const contentTypes = ["application/json", "application/x-www-form-urlencoded"] as const;

/** The status to refuse with, or `undefined`. Sets the content type to the bare form that Bolt knows. */
export function guardRequest(request: IncomingMessage, now: Date): number | undefined {
  const { method, url = "/", headers } = request;
  if (new URL(url, "http://localhost").pathname !== eventsPath) return 404;
  if (method !== "POST") return 405;
  const type = bareContentType(headers["content-type"]);
  if (type === undefined) return 415;
  if (Number(headers["content-length"] ?? 0) > maxBodyBytes) return 413;
  // Without a timestamp Bolt refuses it, unless it is Slack's check of our certificate, which nobody signs.
  const timestamp = headers["x-slack-request-timestamp"];
  if (timestamp !== undefined && !isNear(timestamp, now)) return 401;
  headers["content-type"] = type;
  return undefined;
}

function bareContentType(header: string | undefined): string | undefined {
  const [type = "", ...parameters] = (header ?? "").split(";").map((part) => part.trim().toLowerCase());
  const known = contentTypes.find((one) => one === type);
  return parameters.every((parameter) => parameter === "charset=utf-8") ? known : undefined;
}

function isNear(timestamp: string | readonly string[], now: Date): boolean {
  if (typeof timestamp !== "string" || !/^\d{1,12}$/.test(timestamp)) return false;
  return Math.abs(Number(timestamp) - now.getTime() / 1000) <= maxSkewSeconds;
}

/** Two statements: restify's patched `writeHead` returns nothing. */
export function refuse(response: ServerResponse, status: number, log: Log): void {
  log.warn("slack-request-refused", { status });
  response.writeHead(status, { connection: "close" });
  response.end();
}
