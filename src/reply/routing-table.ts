import type { PlanEntry } from "../domain/change/plan.ts";
import {
  type EffectiveValue,
  type EffectiveValues,
  effectiveValues,
  effectiveValuesAfter,
  withRoutingMap,
  withSettings,
} from "../domain/routing/effective-value.ts";
import { flagTitles, type RoutingFlag, routingFlags } from "../domain/routing/routing-flag.ts";
import type { SiteObservation } from "../domain/routing/site-observation.ts";
import type { Block, Text } from "./view.ts";
import { onOff, plain, routeWords, strong } from "./words.ts";

type Table = Extract<Block, { kind: "table" }>;

/** All flags as they are: what is stored, and what the traffic does. */
export function statusTable(site: SiteObservation): Table {
  const effective = effectiveValues(site);
  return {
    kind: "table",
    columns: ["Traffic", "Stored", "Effective"],
    rows: shownFlags(site).map((flag) => [
      flagTitles[flag],
      onOff(site.flags[flag]),
      routeWords[effective[flag].route],
    ]),
  };
}

/** How far a plan has got: what it says of the site is so now, was before it was carried out, or never came about. */
export type PlanStage = "open" | "done" | "past";

const columnsAt = {
  open: ["Traffic", "Now", "After"],
  done: ["Traffic", "Before", "After"],
  past: ["Traffic", "Before", "Planned"],
} as const satisfies Record<PlanStage, readonly string[]>;

/** All flags before and after, stored and effective; what changes stands out. */
export function planTable(entry: PlanEntry, stage: PlanStage): Table {
  const before = effectiveValues(entry.before);
  const after = effectiveAfter(entry);
  const stored = withRoutingMap(entry.before, entry.wanted).flags;
  return {
    kind: "table",
    columns: columnsAt[stage],
    rows: shownFlags(entry.before).map((flag) => {
      const changes = entry.changes[flag] !== undefined || before[flag].route !== after[flag].route;
      return [
        changes ? [strong(flagTitles[flag])] : flagTitles[flag],
        cell(entry.before.flags[flag], before[flag]),
        changes ? emphasised(stored[flag], after[flag]) : cell(stored[flag], after[flag]),
      ];
    }),
  };
}

/** The flags that the service reported; a site read through the old api-versions has only four. */
function shownFlags(site: SiteObservation): readonly RoutingFlag[] {
  return routingFlags.filter((flag) => site.flags[flag] !== undefined);
}

function cell(stored: boolean | undefined, effective: EffectiveValue): string {
  return `${onOff(stored)} · ${routeWords[effective.route]}`;
}

function emphasised(stored: boolean | undefined, effective: EffectiveValue): Text {
  return [strong(onOff(stored)), plain(` · ${routeWords[effective.route]}`)];
}

/** What changes on one site, in one line: `Application traffic (Route All) off · public → on · through the VNet`. */
export function changesLine(entry: PlanEntry): string {
  const before = effectiveValues(entry.before);
  const after = effectiveAfter(entry);
  const stored = withRoutingMap(entry.before, entry.wanted).flags;
  return [
    ...routingFlags
      .filter((flag) => entry.changes[flag] !== undefined)
      .map(
        (flag) =>
          `${flagTitles[flag]} ${cell(entry.before.flags[flag], before[flag])} → ${cell(stored[flag], after[flag])}`,
      ),
    ...entry.settings.map(
      ({ setting, to }) => `${setting} ${entry.before.legacy[setting]} → ${to} (the site restarts)`,
    ),
  ].join("; ");
}

/** Once the flags and the settings of an entry are as wanted. */
function effectiveAfter(entry: PlanEntry): EffectiveValues {
  return effectiveValuesAfter(withSettings(entry.before, entry.settings), entry.wanted);
}
