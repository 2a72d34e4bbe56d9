/** Loaded only where traces are configured: OpenTelemetry costs memory and time at the start. */
import {
  type Attributes,
  type Context,
  type Link,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from "@opentelemetry/api";
import { BatchSpanProcessor, NodeTracerProvider, type SpanExporter } from "@opentelemetry/sdk-trace-node";
import type { Clock } from "../../ports/clock.ts";
import { loadAlone } from "../../ports/load-alone.ts";
import type { Step } from "../../ports/telemetry.ts";
import { nameOf } from "./step-name.ts";
import type { Credential, SpanStart, Tracing, TracingSettings } from "./tracing.ts";
import type { TracePlace } from "./trail.ts";

export type TracingTools = {
  readonly clock: Pick<Clock, "sleep">;
  readonly version: string;
  readonly credential: () => Promise<Credential>;
};

/** Sends a span for each step. Nothing that anybody wrote is in one: kinds, ids and results are. */
export async function openTracing(settings: TracingSettings, tools: TracingTools): Promise<Tracing> {
  const exporter = await exporterOf(settings, tools);
  const provider = new NodeTracerProvider({
    resource: resourceOf({ "service.name": "routebot", "service.version": tools.version }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  const tracer = provider.getTracer("routebot", tools.version);
  // Azure Monitor takes the name of what consumes a message from here, and else gives it none.
  const namedBy = settings.kind === "azure-monitor" ? "ai.operation.name" : undefined;

  return {
    startSpan({ step, parent, because, about }: SpanStart) {
      const links: Link[] = because === undefined ? [] : [{ context: remote(because) }];
      const name = nameOf(step);
      const attributes = {
        ...attributesOf({ ...step, ...about }),
        ...(namedBy !== undefined && { [namedBy]: name }),
      };
      const span = tracer.startSpan(name, { kind: kindOf(step), links, attributes }, contextOf(parent));
      const { traceId, spanId } = span.spanContext();
      return {
        place: { trace: traceId, span: spanId },
        end(result, error) {
          span.setAttribute("routebot.result", result);
          if (error !== undefined) {
            // Its message may repeat what somebody wrote.
            const message = error instanceof Error ? error.name : "error";
            span.setStatus({ code: SpanStatusCode.ERROR, message });
          }
          span.end();
        },
      };
    },
    async close(withinMs) {
      const patience = new AbortController();
      const late = tools.clock.sleep(withinMs, patience.signal).catch(() => undefined);
      await Promise.race([provider.shutdown().catch(() => undefined), late]);
      patience.abort();
    },
  };
}

async function exporterOf(settings: TracingSettings, { credential }: TracingTools): Promise<SpanExporter> {
  switch (settings.kind) {
    case "otlp": {
      const { OTLPTraceExporter } = await import("@opentelemetry/exporter-trace-otlp-http");
      const { url, headers } = settings;
      return new OTLPTraceExporter({ url, headers: { ...headers } });
    }
    case "azure-monitor": {
      // Its figures about itself would go to another host of Microsoft's.
      process.env.APPLICATION_INSIGHTS_NO_STATSBEAT ??= "1";
      const { AzureMonitorTraceExporter } = await loadAlone(
        () => import("@azure/monitor-opentelemetry-exporter"),
      );
      const { connectionString, signIn } = settings;
      return new AzureMonitorTraceExporter({
        connectionString,
        disableOfflineStorage: true,
        ...(signIn && { credential: await credential() }),
      });
    }
    default:
      return settings satisfies never;
  }
}

function contextOf(place: TracePlace | undefined): Context {
  return place === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, remote(place));
}

function remote({ trace: traceId, span: spanId }: TracePlace) {
  return { traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true };
}

function kindOf({ kind }: Step): SpanKind {
  switch (kind) {
    case "receive":
      return SpanKind.SERVER;
    case "job":
      return SpanKind.CONSUMER;
    case "arm":
    case "send":
      return SpanKind.CLIENT;
    case "routing":
      return SpanKind.INTERNAL;
    default:
      return kind satisfies never;
  }
}

function attributesOf(ids: Readonly<Record<string, string | undefined>>): Attributes {
  return Object.fromEntries(Object.entries(ids).map(([name, value]) => [`routebot.${name}`, value]));
}

/** What the spans say that they are of. The package that makes such objects is none of ours. */
function resourceOf(attributes: Readonly<Record<string, string>>) {
  const resource = {
    attributes: { ...attributes },
    getRawAttributes: () => Object.entries(attributes),
    merge: () => resource,
  };
  return resource;
}
