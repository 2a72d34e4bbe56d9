import type { SiteObservation } from "../routing/site-observation.ts";
import { targetLabel } from "../target.ts";
import type { ChangeRequest } from "./change-request.ts";
import type { Outcome } from "./outcome.ts";
import { type PlanStep, stepsOf } from "./plan-steps.ts";

/**
 * A request ended, and what its writes came to was not clear: its sites are looked at again, until they show it or `until` has
 * passed. The request stays as it ended. `settled`: `what` in sentences.
 */
export type Settling = { readonly until: Date; readonly nextAt: Date } & (
  | { readonly state: "looking" }
  | { readonly state: "settled"; readonly what: string }
);

const forMs = 60 * 60_000;
const [shortestPauseMs, longestPauseMs] = [30_000, 10 * 60_000];

/** A step whose end was not clear when its request ended. */
export type UnclearStep = { readonly step: PlanStep; readonly outcome: Outcome };

/** `accepted-not-applied` is among them: what Azure accepted may come late. */
export function unclearSteps(request: ChangeRequest): readonly UnclearStep[] {
  if (request.state !== "failed") return [];
  const steps = stepsOf(request.plan);
  return request.outcomes.flatMap((outcome, index) => {
    const step = steps[index];
    const isUnclear = outcome.kind === "unknown" || outcome.kind === "accepted-not-applied";
    return step && isUnclear ? [{ step, outcome }] : [];
  });
}

/** What is to come of a request that has just ended; `undefined` when its outcome is clear. */
export function beginSettling(request: ChangeRequest, since: Date): Settling | undefined {
  if (unclearSteps(request).length === 0) return undefined;
  const until = new Date(since.getTime() + forMs);
  return { state: "looking", until, nextAt: new Date(since.getTime() + shortestPauseMs) };
}

/** The next look is as far away as the end of the request is by now: 30 seconds at least, ten minutes at most. */
export function lookAgain({ until }: Settling, since: Date, at: Date): Settling {
  const passedMs = at.getTime() - since.getTime();
  const pauseMs = Math.min(Math.max(passedMs, shortestPauseMs), longestPauseMs);
  return { state: "looking", until, nextAt: new Date(Math.min(at.getTime() + pauseMs, until.getTime())) };
}

/**
 * What a look at the site of an unclear step shows: it was `made`; all is as `before`, which it may not stay; or it can no longer
 * be told, `lost`. `unread` says nothing.
 */
export type Sight = "made" | "before" | "lost" | "unread";

/** `changed`: another request has written to the site since, or is about to. */
export function sightOf({ step }: UnclearStep, site: SiteObservation, changed: boolean): Sight {
  if (changed) return "lost";
  const { before, wanted, changes } = step.entry;
  if (step.kind === "setting") {
    const { setting, to } = step.edit;
    if (site.legacy[setting] === to) return "made";
    if (site.legacy[setting] === "unknown") return "unread";
    return site.legacy[setting] === before.legacy[setting] ? "before" : "lost";
  }
  const reads = (map: Readonly<Record<string, unknown>>) =>
    Object.keys(changes).every((flag) => site.storedMap[flag] === map[flag]);
  return reads(wanted) ? "made" : reads(before.storedMap) ? "before" : "lost";
}

/** Whether nothing more will be learnt by looking again. */
export function isSettled(sights: readonly Sight[]): boolean {
  return sights.every((sight) => sight === "made" || sight === "lost");
}

/** What was seen of a step, in one sentence; nothing where it is no news. */
export function sightWords({ step, outcome }: UnclearStep, sight: Sight): string | undefined {
  const label = targetLabel(step.entry.target);
  const what = step.kind === "flags" ? label : `${step.edit.setting} of ${label}`;
  switch (sight) {
    case "made":
      return `${what} reads as wanted by now: the write has taken effect.`;
    case "before":
      return outcome.kind === "unknown"
        ? `${what} still reads as before: the write had no effect, as far as can be seen.`
        : undefined;
    case "lost":
      return `${what} says something else by now, so what the write came to can no longer be told.`;
    case "unread":
      return `${what} could not be read to the end, so what the write came to is not known.`;
    default:
      return sight satisfies never;
  }
}
