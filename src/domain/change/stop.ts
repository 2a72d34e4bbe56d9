import type { Account, Person } from "../actor.ts";
import type { ResolvedTarget } from "../target.ts";
import { matchesSubscription } from "./approval-policy.ts";

/** Which sites a stop holds: those that fit every field, compared without regard to case. Without any field, all. */
export type StopScope = {
  readonly site?: string;
  readonly slot?: string;
  readonly resourceGroup?: string;
  /** Name or id. */
  readonly subscription?: string;
};

/** Somebody said that nothing is to be written to some sites, or to any, until they are let go on. */
export type Stop = {
  /** Id of the message that asked for it. */
  readonly id: string;
  readonly scope: StopScope;
  readonly by: Person;
  readonly account: Account;
  readonly at: Date;
  readonly reason?: string;
};

/**
 * Whether a stop holds a site. One for a site holds its slots, too. A subscription that was named and whose name could not be
 * read is held: what may be meant is not written.
 */
export function holds({ scope }: Stop, target: ResolvedTarget): boolean {
  const { site, slot, resourceGroup, subscription } = scope;
  return (
    (site === undefined || same(site, target.site)) &&
    (slot === undefined || same(slot, target.slot ?? "production")) &&
    (resourceGroup === undefined || same(resourceGroup, target.resourceGroup)) &&
    (subscription === undefined ||
      target.subscriptionName === undefined ||
      matchesSubscription([subscription], target))
  );
}

export function sameScope(one: StopScope, other: StopScope): boolean {
  return scopeFields.every((field) => same(one[field] ?? "", other[field] ?? ""));
}

const scopeFields = ["site", "slot", "resourceGroup", "subscription"] as const satisfies (keyof StopScope)[];

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** The scope for people: `all changes`, `changes of app-x/staging in rg-shop`. */
export function scopeWords({ site, slot, resourceGroup, subscription }: StopScope): string {
  const what = site === undefined ? undefined : slot === undefined ? site : `${site}/${slot}`;
  const where = [resourceGroup, subscription].filter((part) => part !== undefined).join(", ");
  if (what === undefined) return where === "" ? "all changes" : `all changes in ${where}`;
  return `changes of ${what}${where === "" ? "" : ` in ${where}`}`;
}
