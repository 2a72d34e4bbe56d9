import type { createCredential } from "../adapters/azure/credential.ts";
import { systemClock } from "../adapters/clock/system-clock.ts";
import type { HttpServer } from "../adapters/http/http-server.ts";
import type { Readiness } from "../adapters/http/readiness.ts";
import type { Store } from "../adapters/store/open-store.ts";
import type { GaugeSource, Metrics } from "../adapters/telemetry/metrics.ts";
import { createTelemetry } from "../adapters/telemetry/telemetry.ts";
import type { Config } from "../config/config.ts";
import type { Log } from "../ports/log.ts";
import type { Telemetry } from "../ports/telemetry.ts";

/** How the bot is watched: metrics and traces are loaded only where they are configured. */
export type Observability = {
  readonly log: Log;
  readonly telemetry: Telemetry;
  readonly metrics?: Metrics | undefined;
  /** Sends what is left of the traces, for at most `withinMs`. */
  close(withinMs: number): Promise<void>;
};

type Tools = {
  readonly log: Log;
  readonly version: string;
  readonly credential: () => ReturnType<typeof createCredential>;
};

export async function openObservability(
  { metricsToken, tracing: settings, store }: Config,
  { log, version, credential }: Tools,
): Promise<Observability> {
  const metrics =
    metricsToken === undefined
      ? undefined
      : (await import("../adapters/telemetry/metrics.ts")).createMetrics({ version, store: store.kind });
  const tracing =
    settings &&
    (await (
      await import("../adapters/telemetry/open-tracing.ts")
    ).openTracing(settings, {
      clock: systemClock,
      version,
      credential,
    }));
  return {
    log: metrics?.counting(log) ?? log,
    telemetry: createTelemetry({ metrics, startSpan: tracing?.startSpan }),
    metrics,
    close: async (withinMs) => tracing?.close(withinMs),
  };
}

export type Watched = {
  readonly metrics: Metrics;
  readonly token: string;
  readonly store: Store;
  readonly readiness: Readiness;
  readonly policyRefused: () => boolean;
  readonly sealed: boolean;
  readonly log: Log;
};

/** `GET /metrics`, with what is in the store at that moment. */
export async function addMetricsRoute(http: HttpServer, watched: Watched): Promise<void> {
  const { createMetricsHandler } = await import("../adapters/telemetry/metrics-endpoint.ts");
  for (const gauge of gaugesOf({ ...watched, figures: () => watched.store.figures() }))
    watched.metrics.gauge(gauge);
  http.get("/metrics", createMetricsHandler(watched));
}

export type Gauged = Pick<Watched, "readiness" | "policyRefused" | "sealed"> & Pick<Store, "figures">;

/** The gauges, each asked when somebody reads the metrics. */
export function gaugesOf({
  figures: read,
  readiness,
  policyRefused,
  sealed,
}: Gauged): readonly GaugeSource[] {
  /** Asked once for all gauges of one reading. */
  let asked: { readonly at: number; readonly figures: ReturnType<Store["figures"]> } | undefined;
  const figures = () => {
    const at = performance.now();
    if (asked === undefined || at - asked.at > figuresLastMs) asked = { at, figures: read() };
    return asked.figures;
  };
  const jobGauge = (
    name: GaugeSource["name"],
    help: string,
    value: (one: Awaited<ReturnType<typeof figures>>["jobs"][number]) => number,
  ): GaugeSource => ({
    name,
    help,
    labels: ["kind"],
    read: async () =>
      (await figures()).jobs.map((one) => ({ labels: { kind: one.kind }, value: value(one) })),
  });
  const single = (name: GaugeSource["name"], help: string, value: () => Promise<number>): GaugeSource => ({
    name,
    help,
    read: async () => [{ value: await value() }],
  });
  return [
    jobGauge("routebot_jobs_waiting", "Jobs that could be taken now.", (one) => one.waiting),
    jobGauge("routebot_jobs_active", "Jobs in work.", (one) => one.active),
    jobGauge(
      "routebot_jobs_oldest_seconds",
      "How long the oldest of the waiting jobs could have been taken.",
      (one) => one.oldestSeconds,
    ),
    jobGauge("routebot_jobs_blocked", "Lines of jobs that a failed one blocks.", (one) => one.blocked),
    single(
      "routebot_outbox_owed",
      "Messages and cards that are not sent yet.",
      async () => (await figures()).outbox.owed,
    ),
    single(
      "routebot_outbox_oldest_seconds",
      "How long the oldest of them has been owed.",
      async () => (await figures()).outbox.oldestSeconds,
    ),
    single(
      "routebot_outbox_dead",
      "Messages and cards that could not be sent and never will be.",
      async () => (await figures()).outbox.dead,
    ),
    {
      name: "routebot_changes_open",
      help: "Change requests that have not ended, by state.",
      labels: ["state"],
      read: async () =>
        (await figures()).open.map(({ state, count }) => ({ labels: { state }, value: count })),
    },
    ...(sealed
      ? [
          single(
            "routebot_audit_unsealed_records",
            "Audit records after the last seal.",
            async () => (await figures()).audit.unsealed,
          ),
          single(
            "routebot_audit_unsealed_seconds",
            "Age of the oldest of them.",
            async () => (await figures()).audit.oldestSeconds,
          ),
        ]
      : []),
    single("routebot_policy_edit_refused", "1 while the policy file is not in force as it is.", async () =>
      policyRefused() ? 1 : 0,
    ),
    {
      name: "routebot_ready",
      help: "1 for what is in order, 0 for what is not, as /readyz says; nothing for what could not be found out.",
      labels: ["check"],
      read: async () =>
        (await readiness.look(false)).flatMap(({ name, finding }) =>
          finding.kind === "unclear"
            ? []
            : [{ labels: { check: name }, value: finding.kind === "in-order" ? 1 : 0 }],
        ),
    },
  ];
}

const figuresLastMs = 1_000;
