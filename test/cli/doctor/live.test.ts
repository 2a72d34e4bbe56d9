import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createRoutingService } from "../../../src/adapters/azure/routing-service.ts";
import { testLive } from "../../../src/cli/doctor/live.ts";
import type { RoutingService } from "../../../src/ports/routing-service.ts";
import { createFastClock } from "../../support/fast-clock.ts";
import { startTrustedAzure, type TrustedAzure } from "../../support/local-azure.ts";
import { createMemoryLog } from "../../support/memory-log.ts";

let trusted: TrustedAzure;
let routing: RoutingService;
const clock = createFastClock(200);
beforeAll(async () => {
  trusted = await startTrustedAzure();
  routing = createRoutingService(trusted.settings, { clock, log: createMemoryLog() });
});
beforeEach(() => trusted.azure.reset());
afterAll(async () => await trusted.close());

const routingOf = (name: string) => trusted.azure.sites().find((one) => one.name === name)?.routing;
const writes = () => trusted.azure.requests().filter(({ method }) => method === "PATCH" || method === "PUT");

async function live(name: string, how: { readonly consents?: boolean; readonly mayJoin?: boolean } = {}) {
  const { consents = true, mayJoin = true } = how;
  const questions: string[] = [];
  const findings = await testLive({
    reference: { name },
    routing,
    clock,
    mayJoin: async () => mayJoin,
    consent: async (question) => {
      questions.push(question);
      return consents;
    },
  });
  return { lines: findings.map(({ result, text }) => `${result} ${text}`), questions, findings };
}

test.each(["merge", "replace"] as const)(
  "a cloud that does %s is told as that, and the site reads as before",
  async (way) => {
    trusted.azure.setBehaviour({ nestedRouting: way });
    // With backup on and off at the start, and other flags that must come back.
    for (const name of ["app-x", "platform-metrics"]) {
      const before = routingOf(name);
      const { lines, questions } = await live(name);
      expect(questions).toEqual([expect.stringContaining(`/sites/${name}`)]);
      expect(lines).toEqual([
        "ok a: PATCH of the whole map is taken, and reads back as sent",
        expect.stringMatching(way === "merge" ? /^ok a: the map is merged/ : /^ok a: the map is replaced/),
        expect.stringMatching(/^warning d: cannot be told/),
        "ok f: managedIdentityTraffic can be written with 2025-05-01",
        expect.stringMatching(/reads as before$/),
      ]);
      expect(routingOf(name)).toEqual(before);
    }
  },
);

test("without the right to join, a PATCH that is taken shows that it is not needed", async () => {
  expect((await live("app-x", { mayJoin: false })).lines).toContain(
    "ok d: PATCH without a subnet id does not need Microsoft.Network/virtualNetworks/subnets/join/action",
  );
});

test("a PATCH that lacks the right to join names it", async () => {
  const denied = { kind: "denied", action: "Microsoft.Network/virtualNetworks/subnets/join/action" } as const;
  trusted.azure.orderFaults([{ match: { method: "PATCH" }, times: null, fault: denied }]);
  const { lines } = await live("app-x", { mayJoin: false });
  expect(lines).toEqual([
    expect.stringMatching(/^problem a: .*subnets\/join\/action/),
    expect.stringMatching(/^problem d: PATCH without a subnet id needs/),
    "ok app-x reads as before",
  ]);
});

test("a PATCH that is accepted without effect is a problem, with what may help", async () => {
  trusted.azure.orderFaults([{ match: { method: "PATCH" }, times: null, fault: { kind: "ignored" } }]);
  const { findings } = await live("app-x");
  expect(findings[0]).toMatchObject({
    result: "problem",
    todo: expect.stringContaining("ROUTEBOT_PUT_FALLBACK"),
  });
});

test("a site that cannot be put back is told with the command that does it", async () => {
  trusted.azure.orderFaults([
    { match: { method: "PATCH", site: "app-x" }, times: 1, fault: { kind: "slow", delayMs: 0 } },
    { match: { method: "PATCH", site: "app-x" }, times: null, fault: { kind: "busy" } },
  ]);
  const last = (await live("app-x")).findings.at(-1);
  expect(last).toMatchObject({
    result: "problem",
    todo: expect.stringContaining("az resource update --ids"),
  });
});

test.each([
  ["without consent", "app-x", { consents: false }, /Nothing was sent/],
  ["on a site that is not integrated", "shop-admin", {}, /no regional integration/],
  ["under a perimeter", "platform-vault", {}, /no regional integration/],
  ["while an operation runs", "shop-pay", {}, /operation is in progress/],
  ["where the name is not enough", "orders-api", {}, /Several sites/],
  ["where there is none", "shop-wbe", {}, /no such site/],
])("%s nothing is sent", async (_when, name, how, words) => {
  const { lines } = await live(name, how);
  expect(lines).toEqual([expect.stringMatching(words)]);
  expect(writes()).toEqual([]);
});
