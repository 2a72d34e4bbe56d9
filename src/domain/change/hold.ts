import type { ResolvedTarget } from "../target.ts";
import { type Policy, ruleForPlan, rulesAt } from "./approval-policy.ts";
import type { RequestBase } from "./change-request.ts";
import { type FreezeWindow, freezeAt } from "./freeze-window.ts";
import type { Permit } from "./permit.ts";
import { holds, type Stop } from "./stop.ts";

/**
 * Why nothing may be written for a request now, although it is approved.
 * - `stop`: somebody stopped changes; it ends when somebody lets them go on.
 * - `freeze`: a window of the policy; `until` is absent when its end is more than a year away.
 */
export type Hold =
  | { readonly kind: "stop"; readonly stop: Stop }
  | { readonly kind: "freeze"; readonly name: string; readonly until?: Date };

/** What decides about holds: the stops that are on, the policy in force, and the time. */
export type Holding = { readonly stops: readonly Stop[]; readonly policy: Policy; readonly at: Date };

/**
 * The hold on a request: asked before each of its writes. A stop holds everything, a freeze what the policy lets it. More time
 * for a temporary change writes nothing; held up, it would have the change turned back meanwhile, which is a write.
 */
export function holdOn(
  { plan, permit, extends: extension }: Pick<RequestBase, "plan" | "permit" | "extends">,
  holding: Holding,
): Hold | undefined {
  if (extension) return undefined;
  const stop = stopOn({ plan }, holding.stops);
  if (stop) return { kind: "stop", stop };
  const all = ruleForPlan(holding.policy, plan)?.freeze ?? [];
  switch (freezesFor(permit)) {
    case "all":
      return freezeOf(all, holding.at);
    case "stopping-break-glass":
      return freezeOf(
        all.filter(({ stopsBreakGlass }) => stopsBreakGlass),
        holding.at,
      );
    case "none":
      return undefined;
  }
}

/** Which freezes of the rule hold up a write. */
type Freezes = "all" | "stopping-break-glass" | "none";

function freezesFor(permit: Permit | undefined): Freezes {
  if (permit === undefined) return "all";
  const { kind } = permit;
  switch (kind) {
    case "break-glass":
    case "quick-undo":
      return "stopping-break-glass";
    // Approved with the change that it ends.
    case "revert":
      return "none";
    default:
      return kind satisfies never;
  }
}

/** What holds some change or other of a site now. */
export function holdOnSite(target: ResolvedTarget, { stops, policy, at }: Holding): Hold | undefined {
  const stop = stopOnSites([target], stops);
  if (stop) return { kind: "stop", stop };
  return freezeOf(
    rulesAt(policy, target).flatMap(({ freeze }) => freeze ?? []),
    at,
  );
}

function freezeOf(windows: readonly FreezeWindow[], at: Date): Hold | undefined {
  const freeze = freezeAt(windows, at);
  if (!freeze) return undefined;
  return {
    kind: "freeze",
    name: freeze.window.name,
    ...(freeze.until === undefined ? {} : { until: freeze.until }),
  };
}

/** The first stop that holds one of the sites of a request. */
export function stopOn({ plan }: Pick<RequestBase, "plan">, stops: readonly Stop[]): Stop | undefined {
  return stopOnSites(
    plan.entries.map(({ target }) => target),
    stops,
  );
}

function stopOnSites(targets: readonly ResolvedTarget[], stops: readonly Stop[]): Stop | undefined {
  return stops.find((stop) => targets.some((target) => holds(stop, target)));
}
