import { describe, expect, test } from "vitest";
import { bestOf, chooseApi } from "../../../src/adapters/azure/api-generation.ts";
import { createMemoryLog } from "../../support/memory-log.ts";
import { createSteppingClock } from "../../support/stepping-clock.ts";
import { armAnswer, scriptedManager } from "./peers.ts";

describe("the api-version", () => {
  test.each([
    [
      "the configured one where it is there",
      ["2026-03-15", "2025-05-01", "2023-12-01"],
      "2025-05-01",
      "modern",
    ],
    ["never a newer one", ["2026-03-15", "2024-11-01", "2023-12-01"], "2024-11-01", "modern"],
    ["never a preview", ["2025-03-01-preview", "2024-11-01-preview", "2024-04-01"], "2024-04-01", "legacy"],
    ["the newest old one", ["2018-02-01", "2023-12-01", "2022-03-01"], "2023-12-01", "legacy"],
    ["the configured one where nothing fits", ["2026-03-15"], "2025-05-01", "modern"],
  ])("is %s", (_rule, available, apiVersion, generation) => {
    expect(bestOf(available, "2025-05-01")).toEqual({ apiVersion, generation });
  });

  test("is the configured one while metadata cannot be read, which is asked again later", async () => {
    const clock = createSteppingClock();
    const types = [{ resourceType: "sites", apiVersions: ["2023-12-01"] }];
    const arm = scriptedManager(armAnswer(403), armAnswer(200, { resourceTypes: types }));
    const settings = {
      resourceManagerUrl: "https://arm.test",
      subscriptions: ["1"],
      apiVersion: "2025-05-01",
    };
    const api = chooseApi(arm, settings, { clock, log: createMemoryLog() });
    expect([await api("1"), await api("1")].map(({ generation }) => generation)).toEqual([
      "modern",
      "modern",
    ]);
    expect(arm.requests).toHaveLength(1);
    clock.advance(11 * 60_000);
    expect(await api("1")).toEqual({ apiVersion: "2023-12-01", generation: "legacy" });
  });
});
