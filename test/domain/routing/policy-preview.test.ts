import { describe, expect, test } from "vitest";
import { policyPreview } from "../../../src/domain/routing/policy-preview.ts";
import { allFlagsOff, sampleSite } from "../../support/observations.ts";

const functionApp = {
  kind: "functionapp,linux",
  container: "none",
  function: true,
  workflow: false,
} as const;

describe("what the built-in Azure Policies would say", () => {
  test("application routing is satisfied by either flag", () => {
    const site = sampleSite("shop-web");
    const previewWith = (flag: string) => policyPreview(site, { ...site.storedMap, [flag]: true });
    expect(previewWith("applicationTraffic")).toMatchObject([
      { subject: "application-routing", before: false, after: true },
      { subject: "configuration-routing", before: false, after: false },
    ]);
    expect(previewWith("allTraffic").map((policy) => policy.after)).toEqual([true, true]);
    expect(previewWith("managedIdentityTraffic").map((policy) => policy.after)).toEqual([false, false]);
  });

  test("configuration routing needs all three flags", () => {
    const flags = { ...allFlagsOff, imagePullTraffic: true, contentShareTraffic: true };
    const site = sampleSite("shop-web", { flags });
    expect(policyPreview(site, { ...flags, backupRestoreTraffic: true })[1]).toMatchObject({
      before: false,
      after: true,
    });
  });

  test("apps, slots and functions have policies of their own", () => {
    const definitions = [
      sampleSite("shop-web"),
      sampleSite("shop-web/staging"),
      sampleSite("shop-jobs", { workload: functionApp }),
      sampleSite("shop-jobs/staging", { workload: functionApp }),
    ].flatMap((site) => policyPreview(site).map(({ definition }) => definition));
    expect(new Set(definitions).size).toBe(8);
    expect(definitions[0]).toBe("a691eacb-474d-47e4-b287-b4813ca44222");
  });

  test("logic apps and consumption plans are exempt", () => {
    const workflow = { ...functionApp, workflow: true };
    expect(policyPreview(sampleSite("flow", { workload: workflow }))).toEqual([]);
    expect(policyPreview(sampleSite("flex", { workload: functionApp, sku: "FlexConsumption" }))).toEqual([]);
  });
});
