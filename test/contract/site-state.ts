import type { LegacySetting } from "../../src/domain/routing/legacy-setting.ts";
import type { RoutingFlag } from "../../src/domain/routing/routing-flag.ts";
import type { Workload } from "../../src/domain/routing/site-observation.ts";

/** What surrounds a subnet: nothing in the way, rules that deny outbound 445, a route to an appliance, or no right to look. */
export const surroundings = ["open", "port-445-denied", "default-route", "unreadable"] as const;
export type Surroundings = (typeof surroundings)[number];

/** A site as a test wants Azure to have it, in words that every implementation can be brought into. */
export type SiteState = {
  /** `unset`: the service does not report the flag. What is not named is off. */
  readonly flags?: Partial<Record<RoutingFlag, boolean | "unset">>;
  /** App settings with their values; others are absent. */
  readonly settings?: Partial<Record<LegacySetting, string>>;
  /** The identity may not list app settings. */
  readonly settingsDenied?: true;
  readonly contentShare?: true;
  /** Default: joined to a subnet with nothing in the way. */
  readonly integration?: "gateway" | "environment" | "none" | Surroundings;
  /** As Azure reports it; default `PremiumV3`. */
  readonly sku?: string;
  readonly container?: Workload["container"];
  readonly app?: "web" | "function" | "workflow";
  readonly perimeter?: true;
  readonly operationInProgress?: string;
  readonly managedIdentity?: true;
  readonly runs?: "Running" | "Stopped";
};
