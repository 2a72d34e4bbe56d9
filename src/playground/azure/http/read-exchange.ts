import type { IncomingMessage } from "node:http";
import type { Exchange } from "./exchange.ts";

/** Azure Resource Manager's own limit for a request's body. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

export type ExchangeReading =
  | { readonly kind: "read"; readonly exchange: Exchange }
  | { readonly kind: "too-large" }
  | { readonly kind: "bad-path" };

/**
 * Reads a request to its end.
 * @param origins addresses of this server; the one in the Host header is used for links, the first when it is another
 * @throws when the client breaks off
 */
export async function readExchange(
  request: IncomingMessage,
  origins: readonly [string, ...string[]],
): Promise<ExchangeReading> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const buffer = Buffer.from(chunk);
    size += buffer.length;
    // Read on to the end, so that the client gets to hear the answer.
    if (size <= MAX_BODY_BYTES) chunks.push(buffer);
  }
  if (size > MAX_BODY_BYTES) return { kind: "too-large" };
  const target = request.url ?? "/";
  const cut = target.indexOf("?");
  const path = cut === -1 ? target : target.slice(0, cut);
  const segments = decodeSegments(path);
  if (segments === null) return { kind: "bad-path" };
  const asked = `https://${request.headers.host ?? ""}`;
  return {
    kind: "read",
    exchange: {
      method: (request.method ?? "GET").toUpperCase(),
      path,
      segments,
      query: new URLSearchParams(cut === -1 ? "" : target.slice(cut + 1)),
      headers: request.headers,
      text: Buffer.concat(chunks).toString("utf8"),
      origin: origins.includes(asked) ? asked : origins[0],
    },
  };
}

function decodeSegments(path: string): string[] | null {
  try {
    return path
      .split("/")
      .filter((segment) => segment !== "")
      .map((segment) => decodeURIComponent(segment));
  } catch {
    return null;
  }
}
