import { describe, expect, test } from "vitest";
import { policyNotes } from "../../../src/domain/routing/policy-notes.ts";
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

describe("what a card says of them", () => {
  const notes = (label: string, from: object, to: object) => {
    const site = sampleSite(label, { flags: { ...allFlagsOff, ...from } });
    return policyNotes(site, { ...site.storedMap, ...to }).map(({ level, code, text }) => ({
      line: `${level} ${code}`,
      text,
    }));
  };

  test("a verdict that is turned around, with the definition that gives it", () => {
    expect(notes("shop-web", {}, { applicationTraffic: true })).toEqual([
      { line: "info policy-met", text: expect.stringContaining("a691eacb-474d-47e4-b287-b4813ca44222") },
    ]);
    expect(notes("shop-web/staging", { applicationTraffic: true }, { applicationTraffic: false })).toEqual([
      {
        line: "warning policy-violated",
        text: expect.stringContaining("f5c0bfb3-acea-47b1-b477-b0edcdf6edc1"),
      },
    ]);
  });

  test("both of them, when everything is turned on or off", () => {
    expect(notes("shop-web", {}, { allTraffic: true }).map(({ line }) => line)).toEqual([
      "info policy-met",
      "info policy-met",
    ]);
    expect(notes("shop-web", { allTraffic: true }, { allTraffic: false }).map(({ line }) => line)).toEqual([
      "warning policy-violated",
      "warning policy-violated",
    ]);
  });

  test("nothing, where the verdict stays as it is", () => {
    expect(notes("shop-web", {}, { backupRestoreTraffic: true })).toEqual([]);
    expect(notes("shop-web", { allTraffic: true }, { applicationTraffic: true })).toEqual([]);
  });
});
