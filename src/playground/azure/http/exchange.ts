import type { IncomingHttpHeaders } from "node:http";
import type { Json } from "./json.ts";

/** One received request, read completely and cut into the parts the simulator decides on. */
export interface Exchange {
  /** Upper case. */
  readonly method: string;
  /** Path as it was sent, without the query. */
  readonly path: string;
  /** Decoded path segments in the sender's case; empty ones (double slashes) are left out, as Azure does. */
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** `https://host:port` as the client addressed us, so that links lead back to the host it trusts. */
  readonly origin: string;
}

/** What is sent back. A string body is sent as it is, anything else as JSON. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Json;
  /** A body that is not JSON, with its content type. */
  readonly raw?: { readonly contentType: string; readonly text: string };
}

/**
 * Reads the query as Azure does: names in any case.
 * @returns the first value, or null
 */
export function queryValue(exchange: Exchange, name: string): string | null {
  const wanted = name.toLowerCase();
  for (const [key, value] of exchange.query) {
    if (key.toLowerCase() === wanted) return value;
  }
  return null;
}
