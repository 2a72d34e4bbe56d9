import { describe, expect, test } from "vitest";
import { desiredSettings } from "../../../src/domain/routing/desired-settings.ts";
import {
  allFlagsOff,
  noLegacySettings,
  sampleSite,
  unreadableLegacySettings,
} from "../../support/observations.ts";

const routeAllOn = { ...noLegacySettings, WEBSITE_VNET_ROUTE_ALL: "on" } as const;

describe("legacy settings that are asked for by name", () => {
  test("on sets the documented value, and leaves the flags", () => {
    const site = sampleSite("app-x");
    expect(desiredSettings(site, { applicationTraffic: true })).toMatchObject({
      kind: "change",
      changes: {},
      wanted: site.storedMap,
      settings: [{ setting: "WEBSITE_VNET_ROUTE_ALL", to: "on" }],
      notes: expect.arrayContaining([expect.objectContaining({ code: "setting-restarts" })]),
    });
  });

  test("off takes it out", () => {
    const site = sampleSite("app-x", { legacy: routeAllOn });
    expect(desiredSettings(site, { applicationTraffic: false })).toMatchObject({
      settings: [{ setting: "WEBSITE_VNET_ROUTE_ALL", to: "absent" }],
    });
  });

  test("where a flag decides anyway, the card says so", () => {
    const site = sampleSite("app-x", {
      legacy: routeAllOn,
      flags: { ...allFlagsOff, applicationTraffic: true },
    });
    expect(desiredSettings(site, { applicationTraffic: false })).toMatchObject({
      notes: expect.arrayContaining([
        expect.objectContaining({
          code: "setting-without-effect",
          text: expect.stringContaining("applicationTraffic is on"),
        }),
      ]),
    });
  });

  test.each([
    ["already so", sampleSite("app-x", { legacy: routeAllOn }), { applicationTraffic: true }, "no-op"],
    ["already absent", sampleSite("app-x"), { imagePullTraffic: false }, "no-op"],
    ["no such setting", sampleSite("app-x"), { backupRestoreTraffic: true }, "refused"],
    [
      "not readable",
      sampleSite("app-x", { legacy: unreadableLegacySettings }),
      { applicationTraffic: true },
      "refused",
    ],
    [
      "not integrated",
      sampleSite("app-x", { integration: { kind: "none" } }),
      { applicationTraffic: true },
      "refused",
    ],
    [
      "an operation in progress",
      sampleSite("app-x", { operationInProgress: "1" }),
      { applicationTraffic: true },
      "refused",
    ],
  ] as const)("%s", (_what, site, set, kind) => {
    expect(desiredSettings(site, set).kind).toBe(kind);
  });
});
