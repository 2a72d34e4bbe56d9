import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Log } from "../../ports/log.ts";
import type { Metrics } from "./metrics.ts";

export type MetricsEndpoint = { readonly token: string; readonly metrics: Metrics; readonly log: Log };

/** `GET /metrics`: for whoever shows the token, and nobody else. */
export function createMetricsHandler({ token, metrics, log }: MetricsEndpoint) {
  const expected = digest(`Bearer ${token}`);
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const given = digest(request.headers.authorization ?? "");
    if (!timingSafeEqual(given, expected)) {
      log.warn("metrics-refused", { address: request.socket.remoteAddress });
      response.writeHead(401, { "www-authenticate": "Bearer", "content-type": "text/plain; charset=utf-8" });
      response.end("401 Unauthorized\n");
      return;
    }
    const { contentType, text } = await metrics.read();
    response.writeHead(200, { "content-type": contentType });
    response.end(text);
  };
}

/** Digests have one length, so that a comparison tells nothing about that of the token. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
