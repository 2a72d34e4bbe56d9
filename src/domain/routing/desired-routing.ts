import type { PlanNote, SettingEdit } from "../change/plan.ts";
import type { Refusal } from "../failure.ts";
import { notesOn, refusalOfKind, refusalOfMoment } from "./applicability.ts";
import { effectiveValue } from "./effective-value.ts";
import { type LegacySetting, legacySettingOf } from "./legacy-setting.ts";
import { policyNotes } from "./policy-notes.ts";
import { type FlagValues, flagTitles, type RoutingFlag, routingFlags } from "./routing-flag.ts";
import { type SiteObservation, siteLabel } from "./site-observation.ts";

/**
 * What a request means for one site.
 * - `change`: `changes` holds only the flags that really change, `wanted` the whole map to send.
 * - `no-op`: the traffic already does what was asked; `because` says why, in a sentence or more.
 * - `refused`: it cannot be done on this site, or not now.
 */
export type DesiredRouting =
  | {
      readonly kind: "change";
      readonly changes: FlagValues;
      readonly wanted: Readonly<Record<string, unknown>>;
      /** Legacy settings that are taken out after the flags, because they would keep the traffic where it was. */
      readonly settings: readonly SettingEdit[];
      readonly notes: readonly PlanNote[];
    }
  | { readonly kind: "no-op"; readonly because: string }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/**
 * From a reading of a site and the flags that were asked for to what would be sent.
 *
 * Flags that were not asked for keep what their traffic does: turning one off while `allTraffic` is on lowers `allTraffic`
 * and turns the others on by name. Keys that we do not know, and flags that the service does not report, are left alone. Already being
 * routed through `allTraffic` is a no-op; being kept on by a legacy setting is not: turning off takes the setting out.
 */
export function desiredRouting(site: SiteObservation, set: FlagValues): DesiredRouting {
  const contradiction = refusalOfContradiction(set);
  if (contradiction !== undefined) return { kind: "refused", refusal: contradiction };
  const unfit = refusalOfKind(site, set);
  if (unfit !== undefined) return { kind: "refused", refusal: unfit };

  const changes = changesFor(site, set);
  const kept = settingsThatKeepOn(site, set, changes);
  if (Object.keys(changes).length === 0 && kept.length === 0) {
    return { kind: "no-op", because: whyNothingChanges(site, set) };
  }
  const change = { site, set, changes };
  const untimely = refusalOfMoment(site);
  if (untimely !== undefined) return { kind: "refused", refusal: untimely };
  const wanted = { ...site.storedMap, ...changes };
  const notes = [...kept.map(noteOfKept), ...policyNotes(site, wanted), ...notesOn(change)];
  return {
    kind: "change",
    changes,
    wanted,
    settings: kept.map((setting) => ({ setting, to: "absent" })),
    notes: [
      ...notes.filter(({ level }) => level === "warning"),
      ...notes.filter(({ level }) => level === "info"),
    ],
  };
}

function refusalOfContradiction(set: FlagValues): Refusal | undefined {
  const off = routingFlags.find((flag) => set[flag] === false);
  if (set.allTraffic !== true || off === undefined) return undefined;
  return {
    code: "not-supported",
    message: `allTraffic includes ${off}, so the one cannot be on while the other is off; ask for the flags that you want by name.`,
  };
}

function changesFor(site: SiteObservation, set: FlagValues): FlagValues {
  const { flags } = site;
  const asked = routingFlags.filter((flag) => set[flag] !== undefined);
  const coveredByAll = flags.allTraffic === true;
  const turnsOff = asked.some((flag) => set[flag] === false);
  const lowersAll = coveredByAll && set.allTraffic === undefined && turnsOff;
  const allTrafficAfter = lowersAll ? false : (set.allTraffic ?? flags.allTraffic);

  const changes: FlagValues = {};
  for (const flag of routingFlags) {
    const stored = flags[flag];
    const value = lowersAll ? valueWithoutAll(flag, set, stored) : set[flag];
    if (value === undefined || value === stored) continue;
    if (value === false && stored === undefined) continue;
    if (flag !== "allTraffic" && value && coveredByAll && allTrafficAfter === true) continue;
    changes[flag] = value;
  }
  return changes;
}

/** What a flag gets when `allTraffic` is lowered for the sake of another: its traffic stays where it was. */
function valueWithoutAll(
  flag: RoutingFlag,
  set: FlagValues,
  stored: boolean | undefined,
): boolean | undefined {
  if (flag === "allTraffic") return false;
  return set[flag] ?? (stored === undefined ? undefined : true);
}

/** The legacy settings that will, in all likelihood, keep on what was asked to be off. */
function settingsThatKeepOn(
  site: SiteObservation,
  set: FlagValues,
  changes: FlagValues,
): readonly LegacySetting[] {
  const off = routingFlags.filter((flag) => set[flag] === false || changes[flag] === false);
  return off.flatMap((flag) => {
    const setting = legacySettingOf(flag);
    return setting !== undefined && ["on", "on-likely"].includes(site.legacy[setting]) ? [setting] : [];
  });
}

function noteOfKept(setting: LegacySetting): PlanNote {
  return {
    level: "warning",
    code: "legacy-setting-keeps-on",
    text: `The legacy app setting ${setting} likely keeps this traffic in the virtual network, so it is taken out as well, after the flags; that restarts the site.`,
  };
}

function whyNothingChanges(site: SiteObservation, set: FlagValues): string {
  const reasons = routingFlags.flatMap((flag) => {
    const value = set[flag];
    return value === undefined ? [] : [reasonFor(site, flag, value)];
  });
  return reasons.join(" ");
}

function reasonFor(site: SiteObservation, flag: RoutingFlag, value: boolean): string {
  const { because } = effectiveValue(site, flag);
  const title = `${flagTitles[flag]} of ${siteLabel(site)}`;
  if (value) return `${title} already goes through the virtual network: ${because}.`;
  const setting = legacySettingOf(flag);
  if (setting !== undefined && site.legacy[setting] === "unknown") {
    return `${title} is already off; the legacy app setting ${setting} could not be read and may still route it, so look in the portal under Environment variables.`;
  }
  return `${title} is already off: ${because}.`;
}
