import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  effectiveValue,
  effectiveValues,
  effectiveValuesAfter,
  isRouted,
} from "../../../src/domain/routing/effective-value.ts";
import type { LegacySettingState, LegacyStates } from "../../../src/domain/routing/legacy-setting.ts";
import { readLegacySetting } from "../../../src/domain/routing/legacy-setting.ts";
import type { RoutingFlag } from "../../../src/domain/routing/routing-flag.ts";
import type { Integration } from "../../../src/domain/routing/site-observation.ts";
import { allFlagsOff, noLegacySettings, sampleSite } from "../../support/observations.ts";
import { observations } from "./arbitraries.ts";

function routeAll(state: LegacySettingState): LegacyStates {
  return { ...noLegacySettings, WEBSITE_VNET_ROUTE_ALL: state };
}

const environment: Integration = { kind: "environment", environmentId: "/hostingEnvironments/ase" };

describe("the effective value of a flag", () => {
  const rows: readonly {
    row: string;
    all: boolean;
    flag: RoutingFlag;
    stored?: boolean;
    state: LegacySettingState;
    route: string;
    because: RegExp;
  }[] = [
    {
      row: "1",
      all: true,
      flag: "applicationTraffic",
      stored: false,
      state: "absent",
      route: "vnet",
      because: /^allTraffic is on$/,
    },
    {
      row: "1",
      all: true,
      flag: "applicationTraffic",
      stored: true,
      state: "off",
      route: "vnet",
      because: /allTraffic/,
    },
    {
      row: "1",
      all: true,
      flag: "managedIdentityTraffic",
      state: "unknown",
      route: "vnet",
      because: /allTraffic/,
    },
    {
      row: "2",
      all: false,
      flag: "applicationTraffic",
      stored: true,
      state: "absent",
      route: "vnet",
      because: /^applicationTraffic is on$/,
    },
    {
      row: "2",
      all: false,
      flag: "applicationTraffic",
      stored: true,
      state: "off",
      route: "vnet",
      because: /is on/,
    },
    {
      row: "2",
      all: false,
      flag: "applicationTraffic",
      stored: true,
      state: "on",
      route: "vnet",
      because: /is on/,
    },
    {
      row: "2",
      all: false,
      flag: "applicationTraffic",
      stored: true,
      state: "unknown",
      route: "vnet",
      because: /is on/,
    },
    {
      row: "3",
      all: false,
      flag: "applicationTraffic",
      state: "on",
      route: "vnet",
      because: /WEBSITE_VNET_ROUTE_ALL/,
    },
    {
      row: "4",
      all: false,
      flag: "applicationTraffic",
      stored: false,
      state: "absent",
      route: "public",
      because: /^applicationTraffic is off$/,
    },
    {
      row: "5",
      all: false,
      flag: "applicationTraffic",
      stored: false,
      state: "on",
      route: "likely-vnet",
      because: /WEBSITE_VNET_ROUTE_ALL is on/,
    },
    {
      row: "5",
      all: false,
      flag: "applicationTraffic",
      stored: false,
      state: "on-likely",
      route: "likely-vnet",
      because: /WEBSITE_VNET_ROUTE_ALL looks on/,
    },
    {
      row: "6",
      all: false,
      flag: "applicationTraffic",
      stored: false,
      state: "off",
      route: "public",
      because: /is off/,
    },
    {
      row: "6",
      all: false,
      flag: "applicationTraffic",
      state: "off",
      route: "public",
      because: /not reported/,
    },
    {
      row: "7",
      all: false,
      flag: "backupRestoreTraffic",
      stored: false,
      state: "on",
      route: "public",
      because: /^backupRestoreTraffic is off$/,
    },
    {
      row: "7",
      all: false,
      flag: "managedIdentityTraffic",
      stored: false,
      state: "on",
      route: "public",
      because: /is off/,
    },
    {
      row: "unreadable",
      all: false,
      flag: "applicationTraffic",
      stored: false,
      state: "unknown",
      route: "likely-public",
      because: /could not be read/,
    },
    {
      row: "unreadable, unset",
      all: false,
      flag: "applicationTraffic",
      state: "unknown",
      route: "unknown",
      because: /could not be read/,
    },
    {
      row: "unset, no setting",
      all: false,
      flag: "managedIdentityTraffic",
      state: "absent",
      route: "unknown",
      because: /does not report/,
    },
  ];

  test.each(rows)("row $row: $flag stored $stored, allTraffic $all, setting $state is $route", (row) => {
    const { managedIdentityTraffic: _, applicationTraffic: __, ...others } = allFlagsOff;
    const flags = {
      ...others,
      allTraffic: row.all,
      ...(row.stored === undefined ? {} : { [row.flag]: row.stored }),
    };
    const value = effectiveValue(sampleSite("shop-web", { flags, legacy: routeAll(row.state) }), row.flag);
    expect(value.route).toBe(row.route);
    expect(value.because).toMatch(row.because);
  });

  test("row 8: an App Service Environment always pulls images over its network, and needs no other flag", () => {
    const site = sampleSite("ase-site", { integration: environment, sku: "IsolatedV2" });
    expect(effectiveValue(site, "imagePullTraffic").route).toBe("vnet");
    expect(effectiveValue(site, "applicationTraffic").route).toBe("not-applicable");
  });

  test("row 9: without integration no flag has an effect, whatever is stored", () => {
    const site = sampleSite("lonely", {
      integration: { kind: "none" },
      flags: { ...allFlagsOff, allTraffic: true },
      legacy: routeAll("on"),
    });
    expect(new Set(Object.values(effectiveValues(site)).map(({ route }) => route))).toEqual(
      new Set(["not-integrated"]),
    );
  });

  test.each([
    ["gateway-required integration", sampleSite("gateway", { integration: { kind: "gateway" } })],
    ["Flex Consumption", sampleSite("flex", { sku: "FlexConsumption" })],
  ])("%s does not know routing flags: never shown as public", (_name, site) => {
    expect(effectiveValue(site, "applicationTraffic").route).toBe("not-applicable");
  });

  test("allTraffic that is off leaves it to the flags", () => {
    expect(effectiveValue(sampleSite("shop-web"), "allTraffic").route).toBe("by-flag");
    const old = sampleSite("old", { generation: "legacy", flags: { applicationTraffic: false } });
    expect(effectiveValue(old, "allTraffic").route).toBe("unknown");
  });

  test("a perimeter that enforces routing is believed over a flag that reads off", () => {
    expect(effectiveValue(sampleSite("p", { securedByPerimeter: true }), "applicationTraffic").route).toBe(
      "likely-vnet",
    );
  });

  test("a map with everything on routes everything, on every site that is integrated", () => {
    fc.assert(
      fc.property(observations(), (site) => {
        const after = effectiveValuesAfter(site, { ...site.storedMap, allTraffic: true });
        for (const value of Object.values(after)) expect(isRouted(value)).toBe(true);
      }),
    );
  });
});

describe("reading a legacy setting", () => {
  test.each([
    ["WEBSITE_VNET_ROUTE_ALL", "1", "on"],
    ["WEBSITE_VNET_ROUTE_ALL", "true", "on-likely"],
    ["WEBSITE_VNET_ROUTE_ALL", " 1 ", "on-likely"],
    ["WEBSITE_VNET_ROUTE_ALL", "0", "off"],
    ["WEBSITE_VNET_ROUTE_ALL", "", "off"],
    ["WEBSITE_VNET_ROUTE_ALL", "yes", "off"],
    ["WEBSITE_VNET_ROUTE_ALL", undefined, "absent"],
    ["WEBSITE_PULL_IMAGE_OVER_VNET", "true", "on"],
    ["WEBSITE_PULL_IMAGE_OVER_VNET", "True", "on-likely"],
    ["WEBSITE_PULL_IMAGE_OVER_VNET", "1", "on-likely"],
    ["WEBSITE_CONTENTOVERVNET", "1", "on"],
  ] as const)("%s=%j is %s", (setting, value, state) => {
    expect(readLegacySetting(setting, value)).toBe(state);
  });
});
