import fc from "fast-check";
import type { LegacySettingState } from "../../../src/domain/routing/legacy-setting.ts";
import { type FlagValues, type RoutingFlag, routingFlags } from "../../../src/domain/routing/routing-flag.ts";
import type { SiteObservation } from "../../../src/domain/routing/site-observation.ts";
import { sampleSite } from "../../support/observations.ts";

export const individualFlags = routingFlags.filter(
  (flag): flag is Exclude<RoutingFlag, "allTraffic"> => flag !== "allTraffic",
);

const settingState = fc.constantFrom<LegacySettingState>("on", "on-likely", "off", "absent", "unknown");

const legacyStates = fc.record({
  WEBSITE_VNET_ROUTE_ALL: settingState,
  WEBSITE_PULL_IMAGE_OVER_VNET: settingState,
  WEBSITE_CONTENTOVERVNET: settingState,
});

/** Keys that a newer API may add: booleans, and things that are no booleans at all. */
const unknownKeys = fc.dictionary(
  fc.stringMatching(/^new[A-Z][a-z]{2,8}$/),
  fc.oneof(fc.boolean(), fc.string(), fc.integer(), fc.constant(null)),
  { maxKeys: 3 },
);

const flagRecord = {
  allTraffic: fc.boolean(),
  applicationTraffic: fc.boolean(),
  imagePullTraffic: fc.boolean(),
  contentShareTraffic: fc.boolean(),
  backupRestoreTraffic: fc.boolean(),
  managedIdentityTraffic: fc.boolean(),
};

/** Integrated sites with any flags, unknown keys and legacy settings. */
export function observations(): fc.Arbitrary<SiteObservation> {
  return fc
    .record({
      flags: fc.record(flagRecord),
      unknown: unknownKeys,
      legacy: legacyStates,
      tokens: fc.boolean(),
    })
    .map(({ flags, unknown, legacy, tokens }) =>
      sampleSite("shop-web", { storedMap: { ...unknown, ...flags }, legacy, managedIdentity: tokens }),
    );
}

/** Integrated sites of a cloud whose API has four site properties and no more. */
export function oldObservations(): fc.Arbitrary<SiteObservation> {
  const { allTraffic: _, managedIdentityTraffic: __, ...four } = flagRecord;
  return fc
    .record({ flags: fc.record(four), legacy: legacyStates })
    .map(({ flags, legacy }) =>
      sampleSite("shop-web", { flags, legacy, generation: "legacy", apiVersion: "2023-12-01" }),
    );
}

/** What somebody may ask for: one flag or more, without the contradiction of everything on and something off. */
export function requests(): fc.Arbitrary<FlagValues> {
  return fc
    .record(flagRecord, { requiredKeys: [] })
    .filter((set) => Object.keys(set).length > 0)
    .filter((set) => set.allTraffic !== true || !Object.values(set).includes(false));
}
