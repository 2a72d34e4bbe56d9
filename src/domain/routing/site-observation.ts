import { type ResolvedTarget, targetLabel } from "../target.ts";
import type { LegacyStates } from "./legacy-setting.ts";
import type { FlagValues } from "./routing-flag.ts";

/** How a site is joined to a virtual network. Routing flags only mean something for `regional`. */
export type Integration =
  | { readonly kind: "regional"; readonly subnetId: string }
  | { readonly kind: "gateway" }
  | { readonly kind: "environment"; readonly environmentId: string }
  | { readonly kind: "none" };

/** What runs on the site, as far as routing cares. */
export type Workload = {
  /** Value of `kind`, e.g. `app,linux,container`. */
  readonly kind: string;
  readonly container: "none" | "linux" | "windows" | "compose";
  /** Function app or Logic App: those may keep their content on a share. */
  readonly function: boolean;
  readonly workflow: boolean;
};

/**
 * One reading of a site's routing, with everything that a plan is made from. It holds no secret: of the app settings only
 * the three legacy ones (as states) and the presence of the two content settings are kept.
 */
export type SiteObservation = {
  readonly target: ResolvedTarget;
  readonly observedAt: Date;
  /** Api-version that it was read with. */
  readonly apiVersion: string;
  /**
   * `modern`: `outboundVnetRouting` was read (api-version from 2024-11-01). `legacy`: the four site properties, where
   * `allTraffic` and `managedIdentityTraffic` cannot be said.
   */
  readonly generation: "modern" | "legacy";
  /** The stored flags that we know, as reported. */
  readonly flags: FlagValues;
  /**
   * The whole routing map as read, keys that we do not know included: it is what a write merges into. Its keys are flag
   * names in both generations; the adapter translates them where the properties have other names.
   */
  readonly storedMap: Readonly<Record<string, unknown>>;
  readonly legacy: LegacyStates;
  /** Whether the two content settings are there; `unknown` when app settings are not readable. */
  readonly contentSettings: "present" | "absent" | "unknown";
  readonly integration: Integration;
  readonly sku: string;
  readonly workload: Workload;
  readonly location: string;
  /** `Running`, `Stopped` … as reported. */
  readonly state: string;
  /** `Normal`, `Limited` … as reported. */
  readonly availabilityState?: string;
  /** Every host name that the site answers to, as reported. */
  readonly hostNames?: readonly string[];
  /** Id of an operation in progress on the site, if one was reported. */
  readonly operationInProgress?: string;
  /** Network security perimeter enforces routing: nothing can be turned off. */
  readonly securedByPerimeter: boolean;
  readonly managedIdentity: boolean;
  readonly lastModified?: string;
  /** The site's networking page, in the clouds whose portal we know. */
  readonly portalUrl?: string;
};

/** The observed site as people write it: `shop-web` or `shop-web/staging`. */
export function siteLabel(site: SiteObservation): string {
  return targetLabel(site.target);
}
