import { describe, expect, test } from "vitest";
import { followOperation } from "../../../src/adapters/azure/follow-operation.ts";
import type { ArmAnswer } from "../../../src/adapters/azure/resource-manager.ts";
import { createMemoryLog } from "../../support/memory-log.ts";
import { createSteppingClock } from "../../support/stepping-clock.ts";
import { armAnswer, scriptedManager } from "./peers.ts";

const url = "https://arm.test/operations/1";
const running = armAnswer(200, { status: "InProgress" });

async function follow(answers: readonly (ArmAnswer | Error)[], ms = 60_000) {
  const clock = createSteppingClock();
  const arm = scriptedManager(...answers);
  const started = clock.now().getTime();
  const end = await followOperation(
    arm,
    { clock, log: createMemoryLog() },
    { url, deadline: new Date(started + ms) },
  );
  return { end, polls: arm.requests.length, ms: clock.now().getTime() - started };
}

describe("an asynchronous operation", () => {
  test("with a status in its body ends when that says so", async () => {
    expect(await follow([running, running, armAnswer(200, { status: "Succeeded" })])).toMatchObject({
      end: { kind: "ended" },
      polls: 3,
    });
  });

  test.each(["Failed", "Canceled"])("%s says why", async (status) => {
    const error = { code: "Conflict", message: "Somebody else was faster." };
    expect(await follow([running, armAnswer(200, { status, error })])).toMatchObject({
      end: {
        kind: "failed",
        failure: {
          code: "azure-rejected",
          serviceCode: "Conflict",
          message: "Azure's operation failed: Somebody else was faster.",
        },
      },
    });
  });

  test.each([
    ["200 and the site", armAnswer(200, { id: "/subscriptions/1" })],
    ["204", armAnswer(204)],
    ["404, forgotten", armAnswer(404)],
  ])("by location is running at 202 and ends with %s", async (_name, last) => {
    expect(await follow([armAnswer(202), last])).toMatchObject({ end: { kind: "ended" }, polls: 2 });
  });

  test("is polled as often as it asks for, within bounds", async () => {
    const patient = armAnswer(202, undefined, { "retry-after": "10" });
    expect((await follow([patient, patient, armAnswer(200)])).ms).toBe(20_000);
    const never = armAnswer(202, undefined, { "retry-after": "3600" });
    expect((await follow([never, armAnswer(200)])).ms).toBe(30_000);
  });

  test("that does not end is still running at the deadline", async () => {
    expect(await follow([running], 7_000)).toMatchObject({ end: { kind: "running" }, ms: 7_000 });
  });

  test("that cannot be read is lost after three times, not after one", async () => {
    const broken = Object.assign(new Error("reset"), { code: "ECONNRESET" });
    expect((await follow([broken, armAnswer(500), armAnswer(204)])).end.kind).toBe("ended");
    expect(await follow([broken, broken, armAnswer(503)])).toMatchObject({
      end: { kind: "lost", failure: { code: "azure-unexpected", status: 503 } },
      polls: 3,
    });
  });
});
