import { withRoutingMap, withSettings } from "../routing/effective-value.ts";
import { mapSays } from "../routing/routing-map.ts";
import type { SiteObservation } from "../routing/site-observation.ts";
import { sameState } from "./fingerprint.ts";
import type { ChangePlan, PlanEntry, SettingEdit } from "./plan.ts";

/**
 * One thing that is written, read back and told by itself: the flags of a site, or one of its legacy settings. `site` is the
 * place of the entry in the plan, from 0.
 */
export type PlanStep =
  | { readonly kind: "flags"; readonly site: number; readonly entry: PlanEntry }
  | {
      readonly kind: "setting";
      readonly site: number;
      readonly entry: PlanEntry;
      readonly edit: SettingEdit;
    };

/** The steps of a plan in the order in which they are made: site after site, of each the flags before the settings. */
export function stepsOf(plan: ChangePlan): readonly PlanStep[] {
  return plan.entries.flatMap((entry, site) => [
    ...(Object.keys(entry.changes).length > 0 ? [{ kind: "flags", site, entry } as const] : []),
    ...entry.settings.map((edit) => ({ kind: "setting", site, entry, edit }) as const),
  ]);
}

/** The site as it has to be for the step to be made: as it was approved, with the earlier steps of its entry done. */
export function siteBefore(step: PlanStep): SiteObservation {
  const { before, wanted, settings } = step.entry;
  if (step.kind === "flags") return before;
  const earlier = settings.slice(0, settings.indexOf(step.edit));
  return withSettings(withRoutingMap(before, wanted), earlier);
}

/** Whether the site still is what the step was approved for. */
export function isReadyFor(step: PlanStep, site: SiteObservation): boolean {
  const before = siteBefore(step);
  // Once the flags are written, keys that the service added to the map are no drift.
  const known = step.kind === "setting" && mapSays(site.storedMap, before.storedMap);
  return sameState(known ? { ...site, storedMap: before.storedMap } : site, before);
}

/** Whether the site says what the step wants. */
export function isMade(step: PlanStep, site: SiteObservation): boolean {
  return step.kind === "flags"
    ? mapSays(site.storedMap, step.entry.wanted)
    : site.legacy[step.edit.setting] === step.edit.to;
}
