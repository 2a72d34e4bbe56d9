/** One call of the Web API: its arguments from a form or JSON, and the shape of every answer. */

import { jsonOrText } from "../deliveries.ts";
import type { Answer, Call } from "../http/loopback-server.ts";
import { isJsonObject, type JsonObject } from "../world/world-model.ts";

/** Arguments that a form carries as JSON text. */
const structured = new Set(["blocks", "view", "metadata", "attachments", "files"]);

export function argumentsOf(call: Call): JsonObject {
  const type = call.headers["content-type"] ?? "";
  const query = Object.fromEntries(call.query);
  if (type.startsWith("application/json")) {
    const json = jsonOrText(call.body);
    return { ...query, ...(isJsonObject(json) ? json : {}) };
  }
  const form = [...new URLSearchParams(call.body)].map(([name, value]): [string, unknown] => [
    name,
    structured.has(name) ? jsonOrText(value) : value,
  ]);
  return { ...query, ...Object.fromEntries(form) };
}

export const ok = (fields: JsonObject = {}): Answer => ({ status: 200, json: { ok: true, ...fields } });

/** Slack answers errors with status 200, too. */
export const fail = (error: string, messages: readonly string[] = []): Answer => ({
  status: 200,
  json: {
    ok: false,
    error,
    ...(messages.length > 0 ? { errors: messages, response_metadata: { messages } } : {}),
  },
});

export const text = (value: unknown): string => (typeof value === "string" ? value : "");
export const flag = (value: unknown): boolean => value === true || value === "true" || value === "1";
