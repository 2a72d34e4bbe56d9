import { fingerprintOf } from "../domain/change/fingerprint.ts";
import type { ChangePlan, PlanEntry, PlanNote } from "../domain/change/plan.ts";
import type { ChangeVia } from "../domain/command.ts";
import type { Failure, Refusal } from "../domain/failure.ts";
import { desiredRouting } from "../domain/routing/desired-routing.ts";
import { desiredSettings } from "../domain/routing/desired-settings.ts";
import type { FlagValues } from "../domain/routing/routing-flag.ts";
import type { SiteObservation } from "../domain/routing/site-observation.ts";
import { needsInspection, notesOnSubnet } from "../domain/routing/subnet-notes.ts";
import { type ResolvedTarget, targetLabel } from "../domain/target.ts";
import type { Flow } from "./flow.ts";

/** A site that already does what was asked, and why. */
export type Unchanged = { readonly because: string; readonly observation: SiteObservation };

export type BuiltPlan =
  /** `unchanged` are the sites that were asked for and need nothing. */
  | { readonly kind: "plan"; readonly plan: ChangePlan; readonly unchanged: readonly Unchanged[] }
  | { readonly kind: "no-op"; readonly unchanged: readonly [Unchanged, ...Unchanged[]] }
  | { readonly kind: "refused"; readonly refusal: Refusal }
  | { readonly kind: "failed"; readonly failure: Failure };

type Wish = { readonly set: FlagValues; readonly via: ChangeVia; readonly signal: AbortSignal };

/**
 * Reads the sites afresh and works out what would change for the flags that were asked for: one entry for each site that has
 * to change, in the given order. One that cannot be changed refuses all of it.
 */
export async function buildPlan(
  flow: Flow,
  targets: readonly ResolvedTarget[],
  wish: Wish,
): Promise<BuiltPlan> {
  const entries: PlanEntry[] = [];
  const unchanged: Unchanged[] = [];
  for (const target of targets) {
    const observed = await flow.routing.observe(target, { signal: wish.signal });
    if (observed.kind === "failed") return observed;
    if (observed.kind === "gone") {
      return {
        kind: "refused",
        refusal: { code: "site-not-found", message: `${targetLabel(target)} is no longer there.` },
      };
    }
    const before = observed.observation;
    const desired =
      wish.via === "appSetting" ? desiredSettings(before, wish.set) : desiredRouting(before, wish.set);
    if (desired.kind === "refused") return targets.length === 1 ? desired : ofAll(desired.refusal, targets);
    if (desired.kind === "no-op") {
      unchanged.push({ because: desired.because, observation: before });
      continue;
    }
    const { kind: _, ...rest } = desired;
    const around = await subnetNotes(flow, before, { changes: desired.changes, signal: wish.signal });
    const notes = [...around, ...desired.notes, ...fallbackNotes(flow, desired.changes)];
    entries.push({ target: before.target, before, ...rest, notes });
  }
  const [first, ...others] = entries;
  if (first) {
    const plan: ChangePlan = { entries: [first, ...others], fingerprint: fingerprintOf(entries) };
    return { kind: "plan", plan, unchanged };
  }
  const [one, ...more] = unchanged;
  if (!one) throw new Error("a plan needs a site");
  return { kind: "no-op", unchanged: [one, ...more] };
}

/** One of several sites cannot be changed: none of them is, and the others can be asked for without it. */
function ofAll(refusal: Refusal, { length }: readonly ResolvedTarget[]): BuiltPlan {
  const message = `${refusal.message} None of the ${length} sites was asked for because of it. To change the others, name them.`;
  return { kind: "refused", refusal: { ...refusal, message } };
}

/** Whoever approves has to know that more than the routing may be sent. */
function fallbackNotes({ putFallback }: Flow, changes: FlagValues): readonly PlanNote[] {
  if (putFallback !== true || Object.keys(changes).length === 0) return [];
  return [
    {
      level: "info",
      code: "put-fallback",
      text: "Should Azure accept this without effect, the whole site is sent as it then reads, with only the routing changed (PUT).",
    },
  ];
}

/** What is around the integration subnet, where the change makes it matter. */
export async function subnetNotes(
  flow: Flow,
  site: SiteObservation,
  { changes, signal }: { readonly changes: FlagValues; readonly signal: AbortSignal },
): Promise<readonly PlanNote[]> {
  if (site.integration.kind !== "regional" || !needsInspection(site, changes)) return [];
  const inspection = await flow.routing.inspectSubnet(site.integration.subnetId, signal);
  return notesOnSubnet(site, changes, inspection);
}
