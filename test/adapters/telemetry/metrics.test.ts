import { expect, test } from "vitest";
import { createMetrics } from "../../../src/adapters/telemetry/metrics.ts";
import { createTelemetry } from "../../../src/adapters/telemetry/telemetry.ts";
import { createMemoryLog } from "../../support/memory-log.ts";

const build = { version: "1.2.3", store: "embedded" } as const;

test("steps are counted by kind and result, rejections as errors", async () => {
  const metrics = createMetrics(build);
  const telemetry = createTelemetry({ metrics });
  const step = { kind: "send", platform: "slack", operation: "post" } as const;
  await telemetry.step(step, { result: () => "sent" }, async () => 1);
  await telemetry.step(step, {}, () => Promise.reject(new Error("broken"))).catch(() => undefined);
  telemetry.waited({ kind: "budget", urgency: "survey" }, 1_500);
  telemetry.waited({ kind: "answer", route: "/api/messages", result: "2xx" }, 20);
  const { text, contentType } = await metrics.read();
  expect(contentType).toContain("text/plain");
  expect(text).toContain('routebot_chat_seconds_count{platform="slack",operation="post",result="sent"} 1');
  expect(text).toContain('routebot_chat_seconds_count{platform="slack",operation="post",result="error"} 1');
  expect(text).toContain('routebot_arm_budget_wait_seconds_sum{urgency="survey"} 1.5');
  expect(text).toContain(
    'routebot_acknowledgement_seconds_bucket{le="0.025",route="/api/messages",result="2xx"} 1',
  );
});

test("a log counts its warnings and errors, also one that adds fields, and passes everything on", async () => {
  const metrics = createMetrics(build);
  const kept = createMemoryLog();
  const log = metrics.counting(kept).with({ platform: "slack" });
  log.debug("one");
  log.info("change-ended", { request: "CR-1", state: "failed", outcomes: ["confirmed", "unknown"] });
  log.warn("delivery-dead");
  log.warn("delivery-dead");
  log.error("job-failed", new Error("broken"));
  expect(kept.lines.map(({ event, fields }) => [event, fields.platform])).toEqual(
    ["one", "change-ended", "delivery-dead", "delivery-dead", "job-failed"].map((event) => [event, "slack"]),
  );
  const { text } = await metrics.read();
  expect(text).toContain('routebot_log_events_total{level="warn",event="delivery-dead"} 2');
  expect(text).toContain('routebot_log_events_total{level="error",event="job-failed"} 1');
  expect(text).toContain('routebot_changes_ended_total{state="failed",outcome="unknown"} 1');
});

test("a figure that cannot be had is left out, and the others are there", async () => {
  const metrics = createMetrics(build);
  let away = false;
  const read = async () => {
    if (away) throw new Error("the database is away");
    return [{ labels: { kind: "apply" }, value: 3 }];
  };
  metrics.gauge({ name: "routebot_jobs_waiting", help: "x", labels: ["kind"], read });
  expect((await metrics.read()).text).toContain('routebot_jobs_waiting{kind="apply"} 3');
  away = true;
  const { text } = await metrics.read();
  expect(text).not.toContain("routebot_jobs_waiting{");
  expect(text).toContain('routebot_build_info{version="1.2.3"');
});
