import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type DesiredRouting, desiredRouting } from "../../../src/domain/routing/desired-routing.ts";
import {
  effectiveValues,
  effectiveValuesAfter,
  isRouted,
  withSettings,
} from "../../../src/domain/routing/effective-value.ts";
import { legacySettingOf } from "../../../src/domain/routing/legacy-setting.ts";
import { type FlagValues, isRoutingFlag, routingFlags } from "../../../src/domain/routing/routing-flag.ts";
import type { SiteObservation } from "../../../src/domain/routing/site-observation.ts";
import {
  allFlagsOff,
  noLegacySettings,
  sampleSite,
  unreadableLegacySettings,
} from "../../support/observations.ts";
import { individualFlags, observations, oldObservations, requests } from "./arbitraries.ts";

const allOn = { ...allFlagsOff, allTraffic: true };
const routeAllOn = { ...noLegacySettings, WEBSITE_VNET_ROUTE_ALL: "on" } as const;

function changesOf(desired: DesiredRouting): FlagValues {
  if (desired.kind !== "change") throw new Error(`expected a change, got ${JSON.stringify(desired)}`);
  return desired.changes;
}

function siteWith(flags: FlagValues, differences: Partial<SiteObservation> = {}): SiteObservation {
  return sampleSite("shop-web", { flags: { ...allFlagsOff, ...flags }, ...differences });
}

describe("what is sent for a request", () => {
  const table: readonly { words: string; stored: FlagValues; set: FlagValues; changes: FlagValues }[] = [
    { words: "route everything", stored: {}, set: { allTraffic: true }, changes: { allTraffic: true } },
    {
      words: "route all (application) traffic",
      stored: {},
      set: { applicationTraffic: true },
      changes: { applicationTraffic: true },
    },
    {
      words: "route only application traffic, while everything is on",
      stored: { allTraffic: true },
      set: { allTraffic: false, applicationTraffic: true },
      changes: { allTraffic: false, applicationTraffic: true },
    },
    {
      words: "route image pull",
      stored: { applicationTraffic: true },
      set: { imagePullTraffic: true },
      changes: { imagePullTraffic: true },
    },
    {
      words: "configuration traffic, part of which is on",
      stored: { imagePullTraffic: true },
      set: { imagePullTraffic: true, contentShareTraffic: true, backupRestoreTraffic: true },
      changes: { contentShareTraffic: true, backupRestoreTraffic: true },
    },
    {
      words: "stop routing application traffic",
      stored: { applicationTraffic: true, imagePullTraffic: true },
      set: { applicationTraffic: false },
      changes: { applicationTraffic: false },
    },
    {
      words: "stop routing image pull, while everything is on",
      stored: { allTraffic: true },
      set: { imagePullTraffic: false },
      changes: {
        allTraffic: false,
        applicationTraffic: true,
        contentShareTraffic: true,
        backupRestoreTraffic: true,
        managedIdentityTraffic: true,
      },
    },
    {
      words: "stop routing image pull, while everything and image pull are on",
      stored: { allTraffic: true, imagePullTraffic: true, applicationTraffic: true },
      set: { imagePullTraffic: false },
      changes: {
        allTraffic: false,
        imagePullTraffic: false,
        contentShareTraffic: true,
        backupRestoreTraffic: true,
        managedIdentityTraffic: true,
      },
    },
    {
      words: "stop routing everything",
      stored: { allTraffic: true, applicationTraffic: true, backupRestoreTraffic: true },
      set: allFlagsOff,
      changes: { allTraffic: false, applicationTraffic: false, backupRestoreTraffic: false },
    },
    {
      words: "outboundVnetRouting.allTraffic=false, literally",
      stored: { allTraffic: true, imagePullTraffic: true },
      set: { allTraffic: false },
      changes: { allTraffic: false },
    },
  ];

  test.each(table)("$words", ({ stored, set, changes }) => {
    const site = siteWith(stored);
    const desired = desiredRouting(site, set);
    expect(desired).toMatchObject({ kind: "change", wanted: { ...site.storedMap, ...changes } });
    expect(changesOf(desired)).toEqual(changes);
  });

  test("a flag that the service does not report is not turned off, and not written to keep it", () => {
    const { managedIdentityTraffic: _, ...five } = allOn;
    const site = sampleSite("shop-web", { flags: five });
    const desired = desiredRouting(site, { imagePullTraffic: false, managedIdentityTraffic: false });
    expect(changesOf(desired)).not.toHaveProperty("managedIdentityTraffic");
    expect(desired).toMatchObject({ wanted: expect.not.objectContaining({ managedIdentityTraffic: true }) });
  });

  test("what allTraffic alone kept routed is named when it is lowered by name", () => {
    const desired = desiredRouting(siteWith({ allTraffic: true }), {
      allTraffic: false,
      applicationTraffic: true,
    });
    if (desired.kind !== "change") throw new Error("expected a change");
    const note = desired.notes.find(({ code }) => code === "others-lose-routing");
    expect(note?.text).toContain("Container image pull");
    expect(note?.text).not.toContain("Application traffic");
  });
});

describe("a request that changes nothing", () => {
  test("application traffic that allTraffic routes already is a no-op, not a question", () => {
    const desired = desiredRouting(siteWith({ allTraffic: true }), { applicationTraffic: true });
    expect(desired).toMatchObject({ kind: "no-op", because: expect.stringContaining("allTraffic is on") });
  });

  test("so is a flag that is on, and one that is off", () => {
    expect(desiredRouting(siteWith({ applicationTraffic: true }), { applicationTraffic: true }).kind).toBe(
      "no-op",
    );
    expect(desiredRouting(siteWith({}), { applicationTraffic: false })).toMatchObject({
      kind: "no-op",
      because: expect.stringContaining("already off"),
    });
  });

  test("off with unreadable app settings says that it cannot be sure", () => {
    const site = siteWith({}, { legacy: unreadableLegacySettings });
    expect(desiredRouting(site, { applicationTraffic: false })).toMatchObject({
      kind: "no-op",
      because: expect.stringMatching(/WEBSITE_VNET_ROUTE_ALL could not be read/),
    });
  });

  test("off with a legacy setting that is on takes the setting out, and sends no flags", () => {
    const site = siteWith({}, { legacy: routeAllOn });
    expect(desiredRouting(site, { applicationTraffic: false })).toMatchObject({
      kind: "change",
      changes: {},
      wanted: site.storedMap,
      settings: [{ setting: "WEBSITE_VNET_ROUTE_ALL", to: "absent" }],
    });
  });

  test("on leaves the legacy setting where it is", () => {
    const site = siteWith({}, { legacy: routeAllOn });
    expect(desiredRouting(site, { applicationTraffic: true })).toMatchObject({ settings: [] });
  });

  test("off with property and legacy setting on turns off the one and takes out the other", () => {
    const site = siteWith({ applicationTraffic: true }, { legacy: routeAllOn });
    expect(desiredRouting(site, { applicationTraffic: false })).toMatchObject({
      kind: "change",
      changes: { applicationTraffic: false },
      settings: [{ setting: "WEBSITE_VNET_ROUTE_ALL", to: "absent" }],
      notes: expect.arrayContaining([
        expect.objectContaining({ level: "warning", code: "legacy-setting-keeps-on" }),
      ]),
    });
  });

  test("on with only the legacy setting on is a change: the property makes it certain", () => {
    const site = siteWith({}, { legacy: routeAllOn });
    expect(changesOf(desiredRouting(site, { applicationTraffic: true }))).toEqual({
      applicationTraffic: true,
    });
  });

  test("everything on and something off is a contradiction", () => {
    expect(desiredRouting(siteWith({}), { allTraffic: true, imagePullTraffic: false }).kind).toBe("refused");
  });
});

describe("for any integrated site and request", () => {
  const legacyIsOn = (site: SiteObservation, flag: (typeof routingFlags)[number]): boolean => {
    const setting = legacySettingOf(flag);
    return setting !== undefined && ["on", "on-likely"].includes(site.legacy[setting]);
  };

  test("the effective values after the change are what was asked for", () => {
    fc.assert(
      fc.property(observations(), requests(), (site, set) => {
        const desired = desiredRouting(site, set);
        if (desired.kind === "refused") return;
        const after =
          desired.kind === "change" ? effectiveValuesAfter(site, desired.wanted) : effectiveValues(site);
        for (const flag of routingFlags) {
          if (set[flag] === true) expect(after[flag].route).toBe("vnet");
          if (set[flag] === false) expect(isRouted(after[flag])).toBe(legacyIsOn(site, flag));
        }
      }),
    );
  });

  test("turning flags on or off by name never moves the traffic of the others", () => {
    fc.assert(
      fc.property(observations(), requests(), (site, { allTraffic: _, ...set }) => {
        const desired = desiredRouting(site, set);
        if (desired.kind !== "change") return;
        const [before, after] = [effectiveValues(site), effectiveValuesAfter(site, desired.wanted)];
        for (const flag of individualFlags) {
          if (set[flag] === undefined) expect(after[flag].route).toBe(before[flag].route);
        }
      }),
    );
  });

  test("unknown keys are kept as they were, and nothing but what is listed as a change differs", () => {
    fc.assert(
      fc.property(observations(), requests(), (site, set) => {
        const desired = desiredRouting(site, set);
        if (desired.kind !== "change") return;
        expect(Object.keys(desired.wanted).toSorted()).toEqual(Object.keys(site.storedMap).toSorted());
        for (const [key, value] of Object.entries(desired.wanted)) {
          const changed = isRoutingFlag(key) ? desired.changes[key] : undefined;
          expect(value).toEqual(changed ?? site.storedMap[key]);
          if (changed !== undefined) expect(site.storedMap[key]).toBe(!changed);
        }
      }),
    );
  });

  test("an old cloud is only told what it has properties for", () => {
    fc.assert(
      fc.property(oldObservations(), requests(), (site, set) => {
        const desired = desiredRouting(site, set);
        if (desired.kind !== "change") return;
        expect(Object.keys(desired.wanted).toSorted()).toEqual(Object.keys(site.storedMap).toSorted());
        expect(set.allTraffic).not.toBe(true);
        expect(set.managedIdentityTraffic).not.toBe(true);
      }),
    );
  });

  test("asking again for what was just done is a no-op", () => {
    fc.assert(
      fc.property(observations(), requests(), (site, set) => {
        const desired = desiredRouting(site, set);
        if (desired.kind !== "change") return;
        const done = withSettings(
          sampleSite("shop-web", { ...site, storedMap: desired.wanted }),
          desired.settings,
        );
        expect(desiredRouting(done, set).kind).toBe("no-op");
      }),
    );
  });
});
