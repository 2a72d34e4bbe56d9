import type { TracingSettings } from "./config.ts";
import type { Check } from "./environment-check.ts";
import { isLoopback } from "./variable-values.ts";

/** Where traces go; `undefined` when nowhere. */
export function tracingSettings({ values, has, report }: Check): TracingSettings | undefined {
  const {
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_EXPORTER_OTLP_HEADERS: headers,
    APPLICATIONINSIGHTS_CONNECTION_STRING: connectionString,
  } = values;
  if (has("OTEL_EXPORTER_OTLP_ENDPOINT") && has("APPLICATIONINSIGHTS_CONNECTION_STRING")) {
    report(
      "OTEL_EXPORTER_OTLP_ENDPOINT",
      "is a second place for traces, besides APPLICATIONINSIGHTS_CONNECTION_STRING; keep the one that is meant",
    );
  }
  if (has("OTEL_EXPORTER_OTLP_HEADERS") && !has("OTEL_EXPORTER_OTLP_ENDPOINT")) {
    report("OTEL_EXPORTER_OTLP_ENDPOINT", "is missing, although OTEL_EXPORTER_OTLP_HEADERS is set");
  }
  if (has("APPLICATIONINSIGHTS_AUTHENTICATION_STRING") && !has("APPLICATIONINSIGHTS_CONNECTION_STRING")) {
    report(
      "APPLICATIONINSIGHTS_CONNECTION_STRING",
      "is missing, although APPLICATIONINSIGHTS_AUTHENTICATION_STRING is set",
    );
  }
  if (endpoint !== undefined) {
    const { protocol, hostname } = new URL(endpoint);
    if (headers !== undefined && protocol === "http:" && !isLoopback(hostname)) {
      report(
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "is not encrypted, and headers may hold a secret; use https://, or leave out OTEL_EXPORTER_OTLP_HEADERS",
      );
    }
    return { kind: "otlp", url: `${endpoint}/v1/traces`, headers: headers ?? {} };
  }
  if (connectionString === undefined) return undefined;
  const signIn = values.APPLICATIONINSIGHTS_AUTHENTICATION_STRING !== undefined;
  return { kind: "azure-monitor", connectionString, signIn };
}
