import { describe, expect, test } from "vitest";
import type { ReadRequest, RoutingReader } from "../../../src/adapters/azure/read-routing.ts";
import { createRoutingVerifier } from "../../../src/adapters/azure/verify-routing.ts";
import type { SiteObservation } from "../../../src/domain/routing/site-observation.ts";
import type { ObserveResult, VerifyRequest } from "../../../src/ports/routing-service.ts";
import { createMemoryLog } from "../../support/memory-log.ts";
import { allFlagsOff, noLegacySettings, sampleSite } from "../../support/observations.ts";
import { createSteppingClock } from "../../support/stepping-clock.ts";
import { armAnswer, scriptedManager } from "./peers.ts";

const on = { ...allFlagsOff, applicationTraffic: true };
const asBefore: ObserveResult = { kind: "observed", observation: sampleSite("shop-web") };
const asWanted: ObserveResult = { kind: "observed", observation: sampleSite("shop-web", { flags: on }) };
const failed: ObserveResult = {
  kind: "failed",
  failure: { code: "azure-unexpected", message: "Azure answered with status 500" },
};

type Scene = {
  readonly readings: readonly ObserveResult[];
  readonly operation?: Parameters<typeof armAnswer>[1];
  readonly wanted?: VerifyRequest["wanted"];
};

async function verify({ readings, operation, wanted = on }: Scene) {
  const clock = createSteppingClock();
  const reads: ReadRequest[] = [];
  const reader: RoutingReader = {
    observe: () => Promise.reject(new Error("not expected here")),
    async read(request) {
      const result = readings[Math.min(reads.length, readings.length - 1)];
      reads.push(request);
      if (result === undefined) throw new Error("no reading was prepared");
      return result;
    },
  };
  const arm = scriptedManager(armAnswer(200, operation));
  const started = clock.now().getTime();
  const result = await createRoutingVerifier(arm, reader, { clock, log: createMemoryLog() })({
    target: sampleSite("shop-web").target,
    wanted,
    deadline: new Date(started + 20_000),
    ...(operation === undefined ? {} : { receipt: { status: 202, operationUrl: "https://arm.test/1" } }),
  });
  return { result, reads, ms: clock.now().getTime() - started };
}

describe("reading back", () => {
  test("ends with the first reading that is as wanted, without any pause", async () => {
    expect(await verify({ readings: [asWanted] })).toMatchObject({ result: { kind: "equal" }, ms: 0 });
  });

  test("goes on to the deadline, and not beyond", async () => {
    const { result, reads, ms } = await verify({ readings: [asBefore] });
    expect([result.kind, ms]).toEqual(["different", 20_000]);
    expect(reads.length).toBeLessThan(10);
  });

  test("survives readings that fail in between", async () => {
    expect((await verify({ readings: [failed, asBefore, failed, asWanted] })).result.kind).toBe("equal");
  });

  test("that fails to the end is unreadable, even after earlier readings", async () => {
    expect((await verify({ readings: [asBefore, failed] })).result).toEqual({
      kind: "unreadable",
      failure: failed.kind === "failed" ? failed.failure : undefined,
    });
  });

  test("reads app settings with the first reading only", async () => {
    const { reads } = await verify({ readings: [asBefore, asBefore, asWanted] });
    expect(reads.map(({ settings }) => settings?.legacy)).toEqual([
      undefined,
      noLegacySettings,
      noLegacySettings,
    ]);
  });

  test("compares keys that it does not know by their content", async () => {
    const map = { ...on, later: { mode: "on", ports: [443] } };
    const observation: SiteObservation = sampleSite("shop-web", {
      storedMap: { later: { ports: [443], mode: "on" }, ...on },
    });
    const readings = [{ kind: "observed", observation } as const];
    expect((await verify({ readings, wanted: map })).result.kind).toBe("equal");
    const other = { ...map, later: { mode: "off", ports: [443] } };
    expect((await verify({ readings, wanted: other })).result.kind).toBe("different");
  });
});

describe("after an asynchronous operation", () => {
  test("that failed, one reading decides", async () => {
    const operation = { status: "Failed", error: { code: "Conflict", message: "No." } };
    const { result, reads } = await verify({ readings: [asBefore], operation });
    expect(result).toMatchObject({ kind: "different", failure: { serviceCode: "Conflict" } });
    expect(reads).toHaveLength(1);
    expect((await verify({ readings: [asWanted], operation })).result).toMatchObject({
      kind: "equal",
      unfinished: { serviceCode: "Conflict" },
    });
  });

  test("that ended well, nothing is said beside the reading", async () => {
    const { result } = await verify({ readings: [asWanted], operation: { status: "Succeeded" } });
    expect(result).toEqual(expect.not.objectContaining({ unfinished: expect.anything() }));
  });

  test("that is still running at the deadline, it is said so", async () => {
    expect(
      (await verify({ readings: [asWanted], operation: { status: "InProgress" } })).result,
    ).toMatchObject({
      kind: "equal",
      unfinished: { code: "azure-busy" },
    });
    expect(
      (await verify({ readings: [asBefore], operation: { status: "InProgress" } })).result,
    ).toMatchObject({
      kind: "different",
      failure: { code: "azure-busy" },
    });
  });
});
