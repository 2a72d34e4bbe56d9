import type { LegacySetting } from "../routing/legacy-setting.ts";
import type { FlagValues } from "../routing/routing-flag.ts";
import type { SiteObservation } from "../routing/site-observation.ts";
import type { ResolvedTarget } from "../target.ts";

/** A remark on a plan, one sentence for people. `code` is stable, for tests and documentation. */
export type PlanNote = { readonly level: "info" | "warning"; readonly code: string; readonly text: string };

/** An edit of one legacy app setting: set to its documented value, or taken out. Each restarts the site. */
export type SettingEdit = { readonly setting: LegacySetting; readonly to: "on" | "absent" };

/** What would happen to one site or slot. */
export type PlanEntry = {
  readonly target: ResolvedTarget;
  /** The site as it was read when the plan was made. */
  readonly before: SiteObservation;
  /** Only the flags that change, with the value that they get. */
  readonly changes: FlagValues;
  /** The whole routing map that will be sent: what was read, with the changes merged in, unknown keys kept. */
  readonly wanted: Readonly<Record<string, unknown>>;
  /** Legacy app settings that are edited after the flags, one at a time, in this order. */
  readonly settings: readonly SettingEdit[];
  readonly notes: readonly PlanNote[];
};

/** What would change: one entry per site, in the order in which they are applied. */
export type ChangePlan = {
  readonly entries: readonly [PlanEntry, ...PlanEntry[]];
  /** SHA-256 over exactly what will be sent and the state that it was made from; see fingerprint.ts. */
  readonly fingerprint: string;
};
