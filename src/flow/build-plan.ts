import { fingerprintOf } from "../domain/change/fingerprint.ts";
import type { ChangePlan, PlanEntry } from "../domain/change/plan.ts";
import type { Failure, Refusal } from "../domain/failure.ts";
import { desiredRouting } from "../domain/routing/desired-routing.ts";
import type { FlagValues } from "../domain/routing/routing-flag.ts";
import type { SiteObservation } from "../domain/routing/site-observation.ts";
import { type ResolvedTarget, targetLabel } from "../domain/target.ts";
import type { Flow } from "./flow.ts";

export type BuiltPlan =
  | { readonly kind: "plan"; readonly plan: ChangePlan }
  | { readonly kind: "no-op"; readonly because: string; readonly observation: SiteObservation }
  | { readonly kind: "refused"; readonly refusal: Refusal }
  | { readonly kind: "failed"; readonly failure: Failure };

/** Reads the site afresh and works out what would change for the flags that were asked for. */
export async function buildPlan(
  flow: Flow,
  target: ResolvedTarget,
  wish: { readonly set: FlagValues; readonly signal: AbortSignal },
): Promise<BuiltPlan> {
  const observed = await flow.routing.observe(target, { signal: wish.signal });
  if (observed.kind === "failed") return observed;
  if (observed.kind === "gone") {
    return {
      kind: "refused",
      refusal: { code: "site-not-found", message: `${targetLabel(target)} is no longer there.` },
    };
  }
  const before = observed.observation;
  const desired = desiredRouting(before, wish.set);
  if (desired.kind === "refused") return desired;
  if (desired.kind === "no-op") return { ...desired, observation: before };
  const { changes, wanted, notes } = desired;
  const entry: PlanEntry = { target: before.target, before, changes, wanted, notes };
  return { kind: "plan", plan: { entries: [entry], fingerprint: fingerprintOf([entry]) } };
}
