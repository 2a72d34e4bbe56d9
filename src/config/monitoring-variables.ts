import { z } from "zod";
import { about } from "./variable-meta.ts";
import { collector, headerList, secret } from "./variable-values.ts";

/** Who may watch, and where traces go. */
export const monitoringVariables = {
  ROUTEBOT_METRICS_TOKEN: about(
    secret.min(20, "is too short to keep anybody out; give 20 characters or more, made by chance"),
    {
      group: "Monitoring",
      text: "Who shows this bearer token may read GET /metrics (Prometheus). Without it there are no metrics.",
      secret: true,
    },
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: about(collector, {
    group: "Monitoring",
    text: "Where traces are sent (OTLP over HTTP; /v1/traces is added). Without it, and without the next but one, there are no traces.",
    example: "http://127.0.0.1:4318",
  }),
  OTEL_EXPORTER_OTLP_HEADERS: about(headerList, {
    group: "Monitoring",
    text: "Headers that are sent along, as NAME=VALUE, separated by commas; over https only.",
    secret: true,
  }),
  APPLICATIONINSIGHTS_CONNECTION_STRING: about(
    z
      .string()
      .regex(
        /(^|;)\s*InstrumentationKey=[0-9a-f-]{36}/i,
        "is no connection string of Application Insights; copy it from the resource's overview",
      ),
    {
      group: "Monitoring",
      text: "Application Insights that traces are sent to, in place of OTLP.",
      secret: true,
    },
  ),
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: about(
    z.literal(
      "Authorization=AAD",
      "can only be Authorization=AAD; the identity that signs in to Azure is used, so leave out anything else",
    ),
    {
      group: "Monitoring",
      text: "Authorization=AAD: sign in there as the identity that signs in to Azure, which needs the role Monitoring Metrics Publisher.",
    },
  ),
};
