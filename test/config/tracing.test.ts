import { expect, test } from "vitest";
import { readEnvironment } from "../../src/config/read-environment.ts";
import { completeEnvironment } from "./complete-environment.ts";

const read = (more: Readonly<Record<string, string>>) =>
  readEnvironment({ ...completeEnvironment, ...more }, "/srv");
const problems = (more: Readonly<Record<string, string>>) =>
  read(more).problems.map(({ name, message }) => `${name}: ${message}`);
const monitor = `InstrumentationKey=00000000-0000-4000-8000-000000000001;IngestionEndpoint=https://x.test/`;

test("without a variable nothing is watched", () => {
  const { settings } = read({});
  expect(settings?.tracing).toBeUndefined();
  expect(settings?.metricsToken).toBeUndefined();
});

test.each([
  [
    { OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318/" },
    { kind: "otlp", url: "http://collector:4318/v1/traces", headers: {} },
  ],
  [
    {
      OTEL_EXPORTER_OTLP_ENDPOINT: "https://otlp.example.com/base",
      OTEL_EXPORTER_OTLP_HEADERS: "api-key=a%20key, x-team=net",
    },
    {
      kind: "otlp",
      url: "https://otlp.example.com/base/v1/traces",
      headers: { "api-key": "a key", "x-team": "net" },
    },
  ],
  [
    { APPLICATIONINSIGHTS_CONNECTION_STRING: monitor },
    { kind: "azure-monitor", connectionString: monitor, signIn: false },
  ],
  [
    {
      APPLICATIONINSIGHTS_CONNECTION_STRING: monitor,
      APPLICATIONINSIGHTS_AUTHENTICATION_STRING: "Authorization=AAD",
    },
    { kind: "azure-monitor", connectionString: monitor, signIn: true },
  ],
])("traces of %j", (variables, tracing) => {
  expect(problems(variables)).toEqual([]);
  expect(read(variables).settings?.tracing).toEqual(tracing);
});

test.each([
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: "collector:4318" }, "is not a web address"],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: "https://me:secret@x.test" }, "holds a user name or password"],
  [
    { OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318", OTEL_EXPORTER_OTLP_HEADERS: "api-key=a" },
    "is not encrypted, and headers may hold a secret",
  ],
  [{ OTEL_EXPORTER_OTLP_HEADERS: "api-key=a" }, "is missing, although OTEL_EXPORTER_OTLP_HEADERS is set"],
  [
    { OTEL_EXPORTER_OTLP_ENDPOINT: "https://x.test", OTEL_EXPORTER_OTLP_HEADERS: "no header" },
    "is no list of headers",
  ],
  [
    { OTEL_EXPORTER_OTLP_ENDPOINT: "https://x.test", APPLICATIONINSIGHTS_CONNECTION_STRING: monitor },
    "is a second place for traces",
  ],
  [{ APPLICATIONINSIGHTS_CONNECTION_STRING: "https://x.test" }, "is no connection string"],
  [{ APPLICATIONINSIGHTS_AUTHENTICATION_STRING: "Authorization=AAD" }, "is missing, although"],
  [{ ROUTEBOT_METRICS_TOKEN: "short" }, "is too short to keep anybody out"],
])("%j is refused", (variables, why) => {
  expect(problems(variables).join("\n")).toContain(why);
});
