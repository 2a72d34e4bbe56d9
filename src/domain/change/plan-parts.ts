import { flagOfLegacySetting } from "../routing/legacy-setting.ts";
import { type FlagValues, type RoutingFlag, routingFlags } from "../routing/routing-flag.ts";
import type { PlanEntry } from "./plan.ts";

/** One thing that is done to a site: a flag, and which way. */
export type ChangePart = { readonly flag: RoutingFlag; readonly on: boolean };

/** The parts of a change, flag by flag. */
export function partsOfFlags(set: FlagValues): readonly ChangePart[] {
  return routingFlags.flatMap((flag) => {
    const on = set[flag];
    return on === undefined ? [] : [{ flag, on }];
  });
}

/** The parts of what a plan does to one site; a legacy setting counts as the flag that it stands for. */
export function partsOfEntry({
  changes,
  settings,
}: Pick<PlanEntry, "changes" | "settings">): readonly ChangePart[] {
  const edits = settings.map(
    ({ setting, to }): ChangePart => ({
      flag: flagOfLegacySetting[setting],
      on: to === "on",
    }),
  );
  return [...partsOfFlags(changes), ...edits];
}
