import type { PlanNote, SettingEdit } from "../change/plan.ts";
import type { Refusal } from "../failure.ts";
import { refusalOfKind, refusalOfMoment } from "./applicability.ts";
import type { DesiredRouting } from "./desired-routing.ts";
import { effectiveValues, withSettings } from "./effective-value.ts";
import { legacySettingOf } from "./legacy-setting.ts";
import { type FlagValues, flagTitles, routingFlags } from "./routing-flag.ts";
import { type SiteObservation, siteLabel } from "./site-observation.ts";

/**
 * What a request means that names legacy app settings literally: they are set to their documented value, or taken out, and
 * the flags stay as they are.
 */
export function desiredSettings(site: SiteObservation, set: FlagValues): DesiredRouting {
  const asked = routingFlags.filter((flag) => set[flag] !== undefined);
  const edits: SettingEdit[] = [];
  for (const flag of asked) {
    const setting = legacySettingOf(flag);
    if (setting === undefined) return refuse("not-supported", `There is no app setting for ${flag}.`);
    if (site.legacy[setting] === "unknown") return refuse("not-supported", notReadable(site));
    const to = set[flag] === true ? "on" : "absent";
    if (site.legacy[setting] !== to) edits.push({ setting, to });
  }
  const unfit = refusalOfKind(site, set);
  if (unfit) return { kind: "refused", refusal: unfit };
  if (edits.length === 0) {
    const settings = asked.map((flag) => legacySettingOf(flag));
    const because = `${settings.join(" and ")} of ${siteLabel(site)} is already ${asked.some((flag) => set[flag]) ? "on" : "absent"}.`;
    return { kind: "no-op", because };
  }
  const untimely = refusalOfMoment(site);
  if (untimely) return { kind: "refused", refusal: untimely };
  return {
    kind: "change",
    changes: {},
    wanted: site.storedMap,
    settings: edits,
    notes: [restarts, ...withoutEffect(site, edits, asked), olderWay],
  };
}

function refuse(code: Refusal["code"], message: string): DesiredRouting {
  return { kind: "refused", refusal: { code, message } };
}

function notReadable(site: SiteObservation): string {
  return `The app settings of ${siteLabel(site)} are not readable with the bot's rights (Microsoft.Web/sites/config/list/action), so they cannot be changed either; ask for the routing flag instead.`;
}

const restarts: PlanNote = {
  level: "warning",
  code: "setting-restarts",
  text: "Changing an app setting restarts the site.",
};

const olderWay: PlanNote = {
  level: "info",
  code: "older-way",
  text: "The site property is the newer way, and counts where both are there: ask for the traffic by its name to set that.",
};

/** Where the traffic goes the same way before and after, because a flag decides. */
function withoutEffect(
  site: SiteObservation,
  edits: readonly SettingEdit[],
  asked: readonly (typeof routingFlags)[number][],
): readonly PlanNote[] {
  const before = effectiveValues(site);
  const after = effectiveValues(withSettings(site, edits));
  return asked
    .filter((flag) => before[flag].route === after[flag].route)
    .map((flag) => ({
      level: "warning",
      code: "setting-without-effect",
      text: `${flagTitles[flag]} goes the same way as before: ${after[flag].because}.`,
    }));
}
