import { expect, test } from "vitest";
import { createRoutingWriter } from "../../../src/adapters/azure/write-routing.ts";
import { createFastClock } from "../../support/fast-clock.ts";
import { createMemoryLog } from "../../support/memory-log.ts";
import { sampleSite } from "../../support/observations.ts";
import { armAnswer, scriptedManager } from "./peers.ts";

const tools = { clock: createFastClock(), log: createMemoryLog() };
const site = sampleSite("shop-web");
const request = { observation: site, wanted: site.storedMap, timeoutMs: 60_000 };

async function operationUrlOf(status: number, headers: Readonly<Record<string, string>>) {
  const write = createRoutingWriter(scriptedManager(armAnswer(status, {}, headers)), tools);
  const result = await write(request);
  if (result.kind !== "accepted") throw new Error(`expected accepted, got ${result.kind}`);
  return result.receipt.operationUrl;
}

test("an operation on the resource manager's own host is followed", async () => {
  const status = "https://arm.test/subscriptions/1/operations/2";
  expect(await operationUrlOf(202, { "azure-asyncoperation": status, location: "https://arm.test/x" })).toBe(
    status,
  );
  expect(await operationUrlOf(202, { location: "/subscriptions/1/results/2" })).toBe(
    "https://arm.test/subscriptions/1/results/2",
  );
});

test.each([
  "https://evil.test/operations/2",
  "https://arm.test.evil.test/2",
  "http://arm.test/2",
  "https://arm.test:8443/2",
  "//evil.test/2",
  "https://arm.test@evil.test/2",
  "javascript:alert(1)",
])("an operation elsewhere is not: %s", async (link) => {
  expect(await operationUrlOf(202, { "azure-asyncoperation": link })).toBeUndefined();
});

test("the location of a finished write is no operation", async () => {
  expect(await operationUrlOf(200, { location: "https://arm.test/x" })).toBeUndefined();
});

test("a target that is no site is never sent to", async () => {
  const arm = scriptedManager(armAnswer(200));
  const observation = {
    ...site,
    target: { ...site.target, resourceId: "/subscriptions/1/resourceGroups/rg-shop" },
  };
  await expect(createRoutingWriter(arm, tools)({ ...request, observation })).rejects.toThrow(
    "Not the resource id",
  );
  expect(arm.requests).toEqual([]);
});

test("a redirect is not an answer: it is unclear", async () => {
  const write = createRoutingWriter(scriptedManager(armAnswer(307, undefined, { location: "/x" })), tools);
  expect((await write(request)).kind).toBe("unclear");
});

test("a connection that was never made is a refusal", async () => {
  const refused = Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
  const write = createRoutingWriter(scriptedManager(refused), tools);
  expect(await write(request)).toMatchObject({ kind: "refused", failure: { code: "azure-unreachable" } });
});

test("signing in that takes all the time leaves nothing sent", async () => {
  const arm = { ...scriptedManager(armAnswer(200)), signIn: forever };
  expect(await createRoutingWriter(arm, tools)({ ...request, timeoutMs: 20 })).toMatchObject({
    kind: "refused",
    failure: { code: "azure-signin" },
  });
  expect(arm.requests).toEqual([]);
});

function forever(signal?: AbortSignal): Promise<void> {
  return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
}
