import { withRoutingMap, withSettings } from "../routing/effective-value.ts";
import { type FlagValues, routingFlags } from "../routing/routing-flag.ts";
import type { RoutingMap } from "../routing/routing-map.ts";
import type { SiteObservation } from "../routing/site-observation.ts";
import type { ChangeRequest, InState } from "./change-request.ts";
import { sameState } from "./fingerprint.ts";
import type { Outcome } from "./outcome.ts";
import type { PlanEntry, SettingEdit } from "./plan.ts";
import { partsOfEntry } from "./plan-parts.ts";
import { type PlanStep, stepsOf } from "./plan-steps.ts";

/** An ended request that sent something. */
export type Written = InState<"confirmed"> | InState<"failed">;

/** What a request did to one site: the steps that may have had an effect, and how the site was left, as far as is known. */
export type WrittenSite = {
  readonly entry: PlanEntry;
  readonly steps: readonly PlanStep[];
  readonly left: SiteObservation;
};

/**
 * What it takes to bring one site back to how it was before a request. Only what the request changed, and only where the
 * site still says what the request wrote; everything else stays as it is now.
 */
export type SiteUndo = {
  readonly changes: FlagValues;
  /** The whole routing map to send. */
  readonly wanted: RoutingMap;
  readonly settings: readonly SettingEdit[];
  /** What cannot be brought back exactly, and why, in sentences. */
  readonly impossible: readonly string[];
  /** Whether the site still is exactly as the request left it. */
  readonly asLeft: boolean;
};

/** The sites that a request wrote to, or may have, in the order of its plan; none when it changed nothing. */
export function writtenSites(request: ChangeRequest): readonly WrittenSite[] {
  if (request.state !== "confirmed" && request.state !== "failed") return [];
  const steps = stepsOf(request.plan);
  return request.plan.entries.flatMap((entry, site) => {
    const ofSite = steps.flatMap((step, index) => {
      const outcome = request.outcomes[index];
      return step.site === site && outcome !== undefined && mayHaveWritten(outcome)
        ? [{ step, outcome }]
        : [];
    });
    if (ofSite.length === 0) return [];
    const written = ofSite.map(({ step }) => step);
    const read = ofSite.findLast(({ outcome }) => "after" in outcome && outcome.after !== undefined)?.outcome;
    const left = read && "after" in read && read.after ? read.after : expected(entry, written);
    return [{ entry, steps: written, left }];
  });
}

function mayHaveWritten({ kind }: Outcome): boolean {
  return kind !== "not-applied" && kind !== "skipped";
}

function expected(entry: PlanEntry, steps: readonly PlanStep[]): SiteObservation {
  const edits = steps.flatMap((step) => (step.kind === "setting" ? [step.edit] : []));
  return withSettings(withRoutingMap(entry.before, entry.wanted), edits);
}

/**
 * What a site no longer says of what a request wrote and read back, in words that complete "app-x: …"; `undefined` when it
 * still says all of it. App settings are not looked at.
 */
export function lostSince({ entry, left }: WrittenSite, now: SiteObservation): string | undefined {
  const lost = routingFlags.filter((flag) => {
    const made = entry.changes[flag];
    return made !== undefined && left.flags[flag] === made && now.flags[flag] !== made;
  });
  if (lost.length === 0) return undefined;
  const words = lost.map(
    (flag) => `${flag} was read back as ${entry.changes[flag]} and is ${now.flags[flag] ?? "not reported"}`,
  );
  return `${words.join(", ")}, and no other request did that`;
}

/** The flags that a request set on its sites, each as it left it; a legacy setting counts as the flag that it stands for. */
export function flagsLeft(written: readonly WrittenSite[]): FlagValues {
  const left: FlagValues = {};
  for (const { entry } of written) for (const { flag, on } of partsOfEntry(entry)) left[flag] = on;
  return left;
}

/** The same flags the other way round, as an undo would set them. */
export function flagsUndone(written: readonly WrittenSite[]): FlagValues {
  const undone: FlagValues = {};
  for (const { entry } of written) for (const { flag, on } of partsOfEntry(entry)) undone[flag] = !on;
  return undone;
}

/** What would undo a request's work on one site, as the site is `now`. */
export function undoOf({ entry, steps, left }: WrittenSite, now: SiteObservation): SiteUndo {
  const flags = steps.some(({ kind }) => kind === "flags") ? undoneFlags(entry, now) : noFlags;
  const edits = steps.flatMap((step) => (step.kind === "setting" ? [undoneEdit(entry, step.edit, now)] : []));
  return {
    changes: flags.changes,
    wanted: { ...now.storedMap, ...flags.changes },
    settings: edits.flatMap(({ edit }) => (edit ? [edit] : [])),
    impossible: [...flags.impossible, ...edits.flatMap(({ impossible }) => (impossible ? [impossible] : []))],
    asLeft: sameState(left, now),
  };
}

type UndoneFlags = { readonly changes: FlagValues; readonly impossible: readonly string[] };
const noFlags: UndoneFlags = { changes: {}, impossible: [] };

function undoneFlags({ before, changes: made }: PlanEntry, now: SiteObservation): UndoneFlags {
  const changes: FlagValues = {};
  const impossible: string[] = [];
  for (const flag of routingFlags) {
    if (made[flag] === undefined || now.flags[flag] !== made[flag]) continue;
    const value = before.flags[flag];
    if (value !== undefined) changes[flag] = value;
    else impossible.push(`${flag} was not reported before the change, so its value is not known.`);
  }
  return { changes, impossible };
}

type UndoneEdit = { readonly edit?: SettingEdit; readonly impossible?: string };

/** Values of app settings are never kept: only the documented one, or none, can be put back. */
function undoneEdit({ before }: PlanEntry, { setting, to }: SettingEdit, now: SiteObservation): UndoneEdit {
  const state = now.legacy[setting];
  if (state === "unknown") return { impossible: `${setting} cannot be read now, so it is left as it is.` };
  if (state !== to) return {};
  switch (before.legacy[setting]) {
    case "on":
      return { edit: { setting, to: "on" } };
    case "absent":
      return { edit: { setting, to: "absent" } };
    case "on-likely":
    case "off":
      return {
        impossible: `${setting} had another value than the documented one, and values of app settings are not kept; set it in the portal if it is needed.`,
      };
    case "unknown":
      return { impossible: `${setting} could not be read before the change, so its value is not known.` };
    default:
      return before.legacy[setting] satisfies never;
  }
}
