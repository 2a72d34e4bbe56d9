import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Log, LogFields } from "../../ports/log.ts";
import type { Step, Wait } from "../../ports/telemetry.ts";
import { buildInfo, counters, histograms } from "./instruments.ts";

/** What is measured, as Prometheus reads it. docs/operations.md says what each one means. */
export type Metrics = {
  step(step: Step, result: string, seconds: number): void;
  wait(wait: Wait, seconds: number): void;
  /** A log that counts its warnings and errors, and the ends of changes. */
  counting(log: Log): Log;
  /** A figure that is asked for when somebody reads the metrics. */
  gauge(gauge: GaugeSource): void;
  /** Everything, in Prometheus' text format. */
  read(): Promise<{ readonly contentType: string; readonly text: string }>;
};

export type GaugeSource = {
  readonly name: `routebot_${string}`;
  readonly help: string;
  readonly labels?: readonly string[];
  /** Values with their labels. A rejection leaves the gauge empty. */
  read(): Promise<readonly GaugeValue[]>;
};
export type GaugeValue = { readonly labels?: Readonly<Record<string, string>>; readonly value: number };

/** From a look into memory to the longest verification, in seconds. */
const buckets = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

type Instrument<L extends string> = {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly L[];
};

export type BuildInfo = { readonly version: string; readonly store: "embedded" | "postgres" };

export function createMetrics({ version, store }: BuildInfo): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const histogram = <L extends string>({ name, help, labels }: Instrument<L>) =>
    new Histogram({ name, help, labelNames: labels, buckets, registers });
  const counter = <L extends string>({ name, help, labels }: Instrument<L>) =>
    new Counter({ name, help, labelNames: labels, registers });

  const received = histogram(histograms.receive);
  const answers = histogram(histograms.answer);
  const jobs = histogram(histograms.job);
  const routing = histogram(histograms.routing);
  const arm = histogram(histograms.arm);
  const budget = histogram(histograms.budget);
  const sends = histogram(histograms.send);
  const ended = counter(counters.ended);
  const recorded = counter(counters.recorded);
  const events = counter(counters.events);
  const { name, help, labels } = buildInfo;
  new Gauge({ name, help, labelNames: labels, registers }).set(
    { version, node: process.versions.node, store },
    1,
  );

  function count(event: string, fields: LogFields | undefined): void {
    if (event === "recorded") recorded.inc({ kind: String(fields?.kind) });
    if (event !== "change-ended") return;
    const outcomes = Array.isArray(fields?.outcomes) ? fields.outcomes : [];
    ended.inc({ state: String(fields?.state), outcome: String(outcomes.at(-1) ?? "none") });
  }

  function counting(log: Log): Log {
    return {
      debug: (event, fields) => log.debug(event, fields),
      info(event, fields) {
        count(event, fields);
        log.info(event, fields);
      },
      warn(event, fields) {
        events.inc({ level: "warn", event });
        log.warn(event, fields);
      },
      error(event, error, fields) {
        events.inc({ level: "error", event });
        log.error(event, error, fields);
      },
      with: (fields) => counting(log.with(fields)),
    };
  }

  return {
    step(step, result, seconds) {
      switch (step.kind) {
        case "receive":
          return received.observe({ platform: step.platform, kind: step.what, result }, seconds);
        case "job":
          return jobs.observe({ kind: step.job, result }, seconds);
        case "routing":
          return routing.observe({ operation: step.operation, result }, seconds);
        case "arm":
          return arm.observe({ method: step.method, urgency: step.urgency, result }, seconds);
        case "send":
          return sends.observe({ platform: step.platform, operation: step.operation, result }, seconds);
        default:
          return step satisfies never;
      }
    },
    wait(wait, seconds) {
      if (wait.kind === "answer") answers.observe({ route: wait.route, result: wait.result }, seconds);
      else budget.observe({ urgency: wait.urgency }, seconds);
    },
    counting,
    gauge({ name, help, labels = [], read }) {
      new Gauge({
        name,
        help,
        labelNames: labels,
        registers,
        async collect() {
          this.reset();
          const values = await read().catch(() => []);
          for (const { labels: of = {}, value } of values) this.set(of, value);
        },
      });
    },
    read: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  };
}
