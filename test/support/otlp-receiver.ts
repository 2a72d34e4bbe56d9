import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { gunzipSync } from "node:zlib";
import { z } from "zod";
import { closeServer, listenAnywhere } from "./slack-peer.ts";

const spanSchema = z.looseObject({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  kind: z.number(),
  attributes: z.array(
    z.looseObject({ key: z.string(), value: z.looseObject({ stringValue: z.string().optional() }) }),
  ),
  links: z.array(z.looseObject({ traceId: z.string(), spanId: z.string() })).default([]),
  status: z.looseObject({ code: z.number().optional(), message: z.string().optional() }).default({}),
});
/** The part of OTLP's JSON that is looked at. Source: opentelemetry.io/docs/specs/otlp, "JSON Protobuf Encoding". */
const bodySchema = z.object({
  resourceSpans: z.array(
    z.looseObject({
      resource: z.looseObject({
        attributes: z.array(
          z.looseObject({ key: z.string(), value: z.looseObject({ stringValue: z.string() }) }),
        ),
      }),
      scopeSpans: z.array(z.looseObject({ spans: z.array(spanSchema) })),
    }),
  ),
});
export type ReceivedSpan = z.infer<typeof spanSchema>;

/** A collector of traces on loopback: OTLP over HTTP, and whatever else is sent to it. */
export type OtlpReceiver = {
  readonly url: string;
  readonly spans: readonly ReceivedSpan[];
  readonly services: ReadonlySet<string>;
  readonly requests: readonly {
    readonly path: string;
    readonly headers: IncomingMessage["headers"];
    readonly body: string;
  }[];
  close(): Promise<void>;
};

export async function startOtlpReceiver(tls?: { cert: string; key: string }): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  const services = new Set<string>();
  const requests: OtlpReceiver["requests"][number][] = [];
  const answer: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const raw = Buffer.concat(chunks);
      const body = (request.headers["content-encoding"] === "gzip" ? gunzipSync(raw) : raw).toString("utf8");
      requests.push({ path: request.url ?? "", headers: request.headers, body });
      const parsed = bodySchema.safeParse(JSON.parse(body));
      for (const { resource, scopeSpans } of parsed.data?.resourceSpans ?? []) {
        for (const { key, value } of resource.attributes)
          if (key === "service.name") services.add(value.stringValue);
        spans.push(...scopeSpans.flatMap((scope) => scope.spans));
      }
      response.setHeader("content-type", "application/json");
      response.end(
        parsed.success ? "{}" : JSON.stringify({ itemsReceived: 1, itemsAccepted: 1, errors: [] }),
      );
    });
  };
  const server = tls === undefined ? createServer(answer) : createSecureServer(tls, answer);
  const port = await listenAnywhere(server);
  return {
    url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    spans,
    services,
    requests,
    close: () => closeServer(server),
  };
}
