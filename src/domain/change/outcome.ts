import type { Failure } from "../failure.ts";
import type { SiteObservation } from "../routing/site-observation.ts";

/**
 * How a change of one site ended. Only `confirmed` is success, and it carries the reading that proves it.
 * - `not-applied`: Azure refused it, or it was never sent. Nothing changed.
 * - `accepted-not-applied`: Azure answered 2xx, and the site still reads as before.
 * - `partly-applied`: some keys read back as wanted, others not.
 * - `unknown`: it was sent, and what the site says could not be read, or says something that nobody asked for.
 */
export type Outcome =
  | { readonly kind: "confirmed"; readonly after: SiteObservation }
  | { readonly kind: "not-applied"; readonly failure: Failure }
  | { readonly kind: "accepted-not-applied"; readonly after: SiteObservation; readonly failure: Failure }
  | { readonly kind: "partly-applied"; readonly after: SiteObservation; readonly failure: Failure }
  | { readonly kind: "unknown"; readonly failure: Failure; readonly after?: SiteObservation };
