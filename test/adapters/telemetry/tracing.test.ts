import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterEach, beforeEach, expect, test } from "vitest";
import { systemClock } from "../../../src/adapters/clock/system-clock.ts";
import { openStoreParts } from "../../../src/adapters/store/open-store.ts";
import { observeReceive } from "../../../src/adapters/telemetry/observe-ports.ts";
import { openTracing } from "../../../src/adapters/telemetry/open-tracing.ts";
import { createTelemetry } from "../../../src/adapters/telemetry/telemetry.ts";
import { obtainCertificate } from "../../../src/playground/azure/certificates.ts";
import type { Telemetry } from "../../../src/ports/telemetry.ts";
import { approved, card, message, nothing, pending } from "../../contract/change-requests-samples.ts";
import { done, TestHandlers, waitUntil } from "../../contract/work-harness.ts";
import { createMemoryLog } from "../../support/memory-log.ts";
import { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from "../../support/otlp-receiver.ts";
import { temporaryDirectory } from "../store/store-for-tests.ts";

let receiver: OtlpReceiver;
beforeEach(async () => {
  receiver = await startOtlpReceiver();
});
afterEach(() => receiver.close());

const noCredential = () => Promise.reject(new Error("nobody signs in here"));
const open = (headers: Readonly<Record<string, string>> = {}) =>
  openTracing(
    { kind: "otlp", url: `${receiver.url}/v1/traces`, headers },
    { clock: systemClock, version: "1.2.3", credential: noCredential },
  );
const named = (name: string): ReceivedSpan => {
  const span = receiver.spans.find((one) => one.name === name);
  if (span === undefined)
    throw new Error(`no span ${name} in ${receiver.spans.map((one) => one.name).join(", ")}`);
  return span;
};

/** What the routing service does in the job: one request to Azure. */
const request = (telemetry: Telemetry, method: string) =>
  telemetry.step({ kind: "routing", operation: "write" }, { about: { site: "app-x" } }, () =>
    telemetry.step(
      { kind: "arm", method, urgency: "change" },
      { result: () => "2xx" },
      async () => undefined,
    ),
  );

test("one trace goes from the message through the store to the requests for Azure, and the approval is linked", async () => {
  const tracing = await open({ "api-key": "for-the-collector" });
  const telemetry = createTelemetry({ startSpan: tracing.startSpan });
  const directory = temporaryDirectory();
  const store = await openStoreParts(
    { kind: "embedded", directory: directory.path },
    { clock: systemClock, log: createMemoryLog(), telemetry },
  );
  try {
    const on = new TestHandlers();
    const asked = pending(await store.requests.nextNumber());
    let opened = false;
    let written = false;
    on.onMessage("m1", async () => {
      await request(telemetry, "GET");
      await store.requests.open({
        request: asked,
        check: () => undefined,
        effects: { ...nothing, owed: [card(asked.id)] },
      });
      opened = true;
      return done;
    });
    on.onApply(asked.id, async () => {
      await request(telemetry, "PATCH");
      written = true;
      return done;
    });
    await store.work.start(on.handlers);
    const receive = observeReceive(async (inbound) => {
      if (inbound.kind === "message") await store.inbox.receive(inbound);
      else
        await store.requests.transition({
          from: 1,
          to: approved(asked),
          effects: { ...nothing, jobs: [{ kind: "apply", request: asked.id, site: "app-x" }] },
        });
      return { kind: "accepted" };
    }, telemetry);
    const { actor, place } = message("m1");
    const text = "a text that nobody else may read";
    await receive({ kind: "message", id: "m1", actor, place, text });
    await waitUntil(() => opened);
    await receive({ kind: "click", id: "c1", actor, place, verb: "approve", target: asked.id, input: text });
    await waitUntil(() => written);
  } finally {
    await store.close();
    await tracing.close(5_000);
    directory.remove();
  }

  const received = named("receive message");
  const click = named("receive click");
  const [answered, applied, patch] = [named("job handle-message"), named("job apply"), named("arm PATCH")];
  expect(answered).toMatchObject({ traceId: received.traceId, parentSpanId: received.spanId });
  expect(named("job deliver").traceId).toBe(received.traceId);
  expect(applied.traceId).toBe(received.traceId);
  expect(patch.traceId).toBe(received.traceId);
  expect(patch.parentSpanId).toBe(
    named("routing write").spanId === patch.parentSpanId
      ? patch.parentSpanId
      : receiver.spans.filter(({ name }) => name === "routing write").at(-1)?.spanId,
  );
  expect(click.traceId).not.toBe(received.traceId);
  expect(applied.links).toEqual([expect.objectContaining({ traceId: click.traceId, spanId: click.spanId })]);
  expect(received.parentSpanId ?? "").toBe("");
  expect([...receiver.services]).toEqual(["routebot"]);
  const said = JSON.stringify(receiver.requests.map(({ body }) => body));
  expect(said).not.toContain("nobody else may read");
  expect(receiver.requests[0]).toMatchObject({
    path: "/v1/traces",
    headers: { "api-key": "for-the-collector" },
  });
});

test("an error is told by its name alone", async () => {
  const tracing = await open();
  const telemetry = createTelemetry({ startSpan: tracing.startSpan });
  const failing = telemetry.step({ kind: "job", job: "apply" }, { from: "new" }, () =>
    Promise.reject(new RangeError("holds what somebody wrote")),
  );
  await expect(failing).rejects.toThrow(RangeError);
  await tracing.close(5_000);
  expect(named("job apply").status).toMatchObject({ code: 2, message: "RangeError" });
  expect(receiver.requests.map(({ body }) => body).join()).not.toContain("holds what");
});

test("a collector that is away holds up nobody, and a stop is not kept by it", async () => {
  await receiver.close();
  const tracing = await open();
  const telemetry = createTelemetry({ startSpan: tracing.startSpan });
  const value = await telemetry.step({ kind: "job", job: "apply" }, { from: "new" }, async () => 7);
  expect(value).toBe(7);
  const began = performance.now();
  await tracing.close(300);
  expect(performance.now() - began).toBeLessThan(3_000);
  receiver = await startOtlpReceiver();
});

test("Azure Monitor gets the same spans, with a token of our identity where that is configured", async () => {
  const directory = temporaryDirectory();
  const { certificate, key } = await obtainCertificate(directory.path);
  setDefaultCACertificates([...getCACertificates("default"), certificate]);
  const monitor = await startOtlpReceiver({ cert: certificate, key });
  for (const signIn of [true, false]) {
    const tracing = await openTracing(
      {
        kind: "azure-monitor",
        connectionString: `InstrumentationKey=00000000-0000-4000-8000-000000000001;IngestionEndpoint=${monitor.url}/`,
        signIn,
      },
      {
        clock: systemClock,
        version: "1.2.3",
        credential: async () => ({
          getToken: async () => ({ token: "our-token", expiresOnTimestamp: Date.now() + 3600_000 }),
        }),
      },
    );
    const telemetry = createTelemetry({ startSpan: tracing.startSpan });
    const about = { request: signIn ? "CR-7" : "CR-8" };
    await telemetry.step({ kind: "job", job: "apply" }, { from: "new", about }, async () => 7);
    await tracing.close(10_000);
  }
  const of = (id: string) => monitor.requests.find(({ body }) => body.includes(id));
  expect(of("CR-7")?.headers.authorization).toBe("Bearer our-token");
  expect(of("CR-8")?.headers.authorization).toBeUndefined();
  expect(of("CR-8")?.body).toContain("job apply");
  await monitor.close();
  directory.remove();
});
