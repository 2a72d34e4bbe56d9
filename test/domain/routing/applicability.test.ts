import { describe, expect, test } from "vitest";
import { desiredRouting } from "../../../src/domain/routing/desired-routing.ts";
import type { FlagValues } from "../../../src/domain/routing/routing-flag.ts";
import type { SiteObservation } from "../../../src/domain/routing/site-observation.ts";
import { allFlagsOff, sampleSite } from "../../support/observations.ts";

const everythingOn = { ...allFlagsOff, applicationTraffic: true, imagePullTraffic: true };
const fourFlags = {
  applicationTraffic: false,
  imagePullTraffic: false,
  contentShareTraffic: false,
  backupRestoreTraffic: false,
};
const oldCloud = { generation: "legacy", apiVersion: "2023-12-01", flags: fourFlags } as const;

function workload(differences: Partial<SiteObservation["workload"]>): SiteObservation["workload"] {
  return { kind: "app", container: "none", function: false, workflow: false, ...differences };
}

describe("refusals", () => {
  const on: FlagValues = { applicationTraffic: true };
  const off: FlagValues = { applicationTraffic: false };
  const refusals: readonly [string, Partial<SiteObservation>, FlagValues, string, RegExp][] = [
    [
      "no integration",
      { integration: { kind: "none" } },
      on,
      "not-integrated",
      /add virtual network integration/,
    ],
    ["no integration, off", { integration: { kind: "none" } }, off, "not-integrated", /no effect/],
    ["gateway-required", { integration: { kind: "gateway" } }, on, "not-applicable", /31 March 2027/],
    [
      "App Service Environment",
      { integration: { kind: "environment", environmentId: "/ase" } },
      on,
      "not-applicable",
      /App Service Environment/,
    ],
    ["Flex Consumption", { sku: "FlexConsumption" }, on, "not-applicable", /Flex Consumption/],
    [
      "Consumption",
      { sku: "Dynamic", integration: { kind: "none" } },
      on,
      "not-applicable",
      /Elastic Premium/,
    ],
    ["Free", { sku: "Free", integration: { kind: "none" } }, on, "not-applicable", /scale the plan to Basic/],
    ["Shared", { sku: "Shared", integration: { kind: "none" } }, on, "not-applicable", /scale the plan/],
    ["Docker Compose", { workload: workload({ container: "compose" }) }, on, "not-applicable", /sidecar/],
    ["operation in progress", { operationInProgress: "op-1" }, on, "operation-in-progress", /ask again/],
    [
      "perimeter, off",
      { securedByPerimeter: true, flags: everythingOn },
      off,
      "perimeter-enforced",
      /perimeter/,
    ],
    ["perimeter, off and stored off", { securedByPerimeter: true }, off, "perimeter-enforced", /perimeter/],
    ["allTraffic in an old cloud", oldCloud, { allTraffic: true }, "not-expressible", /allTraffic/],
    ["allTraffic off in an old cloud", oldCloud, { allTraffic: false }, "not-expressible", /allTraffic/],
    [
      "managed identity in an old cloud",
      oldCloud,
      { managedIdentityTraffic: true, imagePullTraffic: true },
      "not-expressible",
      /managedIdentityTraffic/,
    ],
  ];

  test.each(refusals)("%s", (_name, differences, set, code, words) => {
    const desired = desiredRouting(sampleSite("shop-web", differences), set);
    if (desired.kind !== "refused") throw new Error(`expected a refusal, got ${JSON.stringify(desired)}`);
    expect(desired.refusal.code).toBe(code);
    expect(desired.refusal.message).toMatch(words);
    expect(desired.refusal.message).toMatch(/^[^.]+(\.\d[^.]*)?\.$/);
  });

  test("what does not stand in the way of turning off", () => {
    const compose = { workload: workload({ container: "compose" }), flags: everythingOn } as const;
    expect(desiredRouting(sampleSite("shop-web", compose), off).kind).toBe("change");
  });

  test("an operation in progress does not hide that there is nothing to do", () => {
    const site = sampleSite("shop-web", { operationInProgress: "op-1", flags: everythingOn });
    expect(desiredRouting(site, on).kind).toBe("no-op");
  });

  test("stopping everything in an old cloud turns off what can be said there", () => {
    const site = sampleSite("shop-web", { ...oldCloud, flags: { ...fourFlags, applicationTraffic: true } });
    expect(desiredRouting(site, allFlagsOff)).toMatchObject({
      kind: "change",
      changes: { applicationTraffic: false },
      wanted: fourFlags,
    });
  });
});

describe("remarks", () => {
  const remarks: readonly [string, Partial<SiteObservation>, FlagValues, string, RegExp][] = [
    ["image pull without a container", {}, { imagePullTraffic: true }, "warning no-container", /no effect/],
    [
      "image pull of a Windows container",
      { workload: workload({ container: "windows" }) },
      { imagePullTraffic: true },
      "warning windows-container",
      /Windows/,
    ],
    [
      "content share of a plain web app",
      {},
      { contentShareTraffic: true },
      "warning no-content-share",
      /no effect/,
    ],
    ["content share ports", {}, { contentShareTraffic: true }, "info content-share-ports", /443 and 445/],
    ["backups of databases", {}, { backupRestoreTraffic: true }, "info database-backups", /databases/],
    ["next start", {}, { imagePullTraffic: true }, "info takes-effect-at-next-start", /next start/],
    ["the impact", {}, { applicationTraffic: true }, "info impact-application-traffic", /security groups/],
    [
      "the impact of off",
      { flags: everythingOn },
      { applicationTraffic: false },
      "info impact-application-traffic",
      /internet/,
    ],
    [
      "tokens",
      { managedIdentity: true },
      { allTraffic: true },
      "warning managed-identity-tokens",
      /0\.0\.0\.0\/0/,
    ],
  ];

  test.each(remarks)("%s", (_name, differences, set, expected, words) => {
    const note = notesFor(differences, set).find(({ level, code }) => `${level} ${code}` === expected);
    expect(note?.text).toMatch(words);
  });

  test("infrastructure as code is recognised by its tags", () => {
    const tagged = sampleSite("shop-web", { place: { tags: { "managed-by": "Terraform" } } });
    const desired = desiredRouting(tagged, { applicationTraffic: true });
    expect(desired).toMatchObject({
      notes: [{ code: "managed-by-code" }, { level: "info" }, { level: "info" }],
    });
  });

  test("what a function app with readable content settings needs no warning for", () => {
    const app = {
      workload: workload({ function: true, kind: "functionapp" }),
      contentSettings: "present",
    } as const;
    expect(notesFor(app, { contentShareTraffic: true }).map(({ code }) => code)).not.toContain(
      "no-content-share",
    );
  });

  test("warnings come before remarks", () => {
    const levels = notesFor({ managedIdentity: true }, { allTraffic: true }).map(({ level }) => level);
    expect(levels).toEqual(levels.toSorted().toReversed());
    expect(new Set(levels).size).toBe(2);
  });

  function notesFor(differences: Partial<SiteObservation>, set: FlagValues) {
    const desired = desiredRouting(sampleSite("shop-web", differences), set);
    if (desired.kind !== "change") throw new Error(`expected a change, got ${JSON.stringify(desired)}`);
    return desired.notes;
  }
});
