import type { PrincipalName } from "../authority/identities.ts";
import type { Json } from "../http/json.ts";

/** One request as the log shows it. Values of app settings, secrets and tokens are not in it. */
export interface LoggedRequest {
  /** Counts up over the life of the server, also across a reset. */
  readonly sequence: number;
  /** ISO 8601, when the request had been received. */
  readonly time: string;
  readonly durationMs: number;
  readonly surface: "arm" | "authority" | "graph";
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly apiVersion: string | null;
  /** The route's name; null when this server has no such route. */
  readonly route: string | null;
  /** `name` or `name/slot` of the site it was about. */
  readonly site: string | null;
  /** Null when no answer was sent. */
  readonly status: number | null;
  /** How it ended: an answer, the connection closed on purpose, or left without an answer. */
  readonly end: "answered" | "reset" | "hung";
  readonly principal: PrincipalName | null;
  /** The fault that it met. */
  readonly fault: string | null;
  readonly requestId: string;
  readonly clientRequestId: string | null;
  readonly requestBody: Json;
  readonly responseBody: Json;
}

/** The latest requests, oldest first. */
export interface RequestLog {
  /** Gives out the next sequence number, in the order in which requests arrive. */
  nextSequence(): number;
  add(entry: LoggedRequest): void;
  list(after?: number): readonly LoggedRequest[];
  clear(): void;
}

/** How many requests are kept. */
const KEPT = 2000;

export function makeRequestLog(onAdd: (entry: LoggedRequest) => void): RequestLog {
  let entries: LoggedRequest[] = [];
  let sequence = 0;
  return {
    nextSequence() {
      sequence += 1;
      return sequence;
    },
    add(entry) {
      entries.push(entry);
      if (entries.length > KEPT * 1.1) entries = entries.slice(-KEPT);
      onAdd(entry);
    },
    list: (after = 0) =>
      entries.filter((entry) => entry.sequence > after).sort((a, b) => a.sequence - b.sequence),
    clear() {
      entries = [];
    },
  };
}
