import type { Failure } from "../failure.ts";
import type { SiteObservation } from "../routing/site-observation.ts";

/**
 * How one step of a plan ended. Only `confirmed` is success, and it carries the reading that proves it; `remark` is what
 * was seen besides.
 * - `not-applied`: Azure refused it, or it was never sent. Nothing changed.
 * - `accepted-not-applied`: Azure answered 2xx, and the site still reads as before.
 * - `partly-applied`: some keys read back as wanted, others not.
 * - `unknown`: it was sent, and what the site says could not be read, or says something that nobody asked for.
 * - `skipped`: never sent, because the site was no longer as approved when its turn came; `why` in one sentence.
 */
export type Outcome =
  | { readonly kind: "confirmed"; readonly after: SiteObservation; readonly remark?: string }
  | { readonly kind: "not-applied"; readonly failure: Failure }
  | { readonly kind: "accepted-not-applied"; readonly after: SiteObservation; readonly failure: Failure }
  | { readonly kind: "partly-applied"; readonly after: SiteObservation; readonly failure: Failure }
  | { readonly kind: "unknown"; readonly failure: Failure; readonly after?: SiteObservation }
  | { readonly kind: "skipped"; readonly why: string };

export type Confirmed = Extract<Outcome, { kind: "confirmed" }>;
/** What ends the work on a request: whatever comes after it in the plan is not begun. */
export type Failed = Exclude<Outcome, { kind: "confirmed" | "skipped" }>;

export function isFailed(outcome: Outcome): outcome is Failed {
  return outcome.kind !== "confirmed" && outcome.kind !== "skipped";
}
