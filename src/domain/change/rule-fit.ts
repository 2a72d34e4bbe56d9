import type { ResolvedTarget } from "../target.ts";
import { matches, matchesSubscription, type Patterns, type Rule } from "./approval-policy.ts";
import type { ChangePart } from "./plan-parts.ts";

/** `unclear`: it cannot be said, because something that the rule asks for is not known. */
export type Fit = "yes" | "no" | "unclear";

/** Whether a rule is about this part of a change of this site. */
export function fitOf(
  { sites, flags, direction }: Rule,
  target: ResolvedTarget,
  part: ChangePart | undefined,
): Fit {
  const fits: readonly Fit[] = [
    clear(matches(sites.resourceGroups, target.resourceGroup)),
    clear(matches(sites.names, target.site)),
    clear(sites.slots === undefined || matches(sites.slots, target.slot ?? "production")),
    fitOfSubscription(sites.subscriptions, target),
    fitOfTags(sites.tags, target),
    flags === undefined ? "yes" : part ? clear(flags.includes(part.flag)) : "unclear",
    direction === undefined ? "yes" : part ? clear(part.on === (direction === "on")) : "unclear",
  ];
  if (fits.includes("no")) return "no";
  return fits.includes("unclear") ? "unclear" : "yes";
}

function clear(fits: boolean): Fit {
  return fits ? "yes" : "no";
}

const subscriptionIdForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function fitOfSubscription(patterns: Patterns, target: ResolvedTarget): Fit {
  if (matchesSubscription(patterns, target)) return "yes";
  const namesOne = patterns.some((pattern) => !subscriptionIdForm.test(pattern));
  return target.subscriptionName === undefined && namesOne ? "unclear" : "no";
}

/** Azure compares the names of tags without regard to case, and so do we their values. */
function fitOfTags(wanted: Rule["sites"]["tags"], { tags }: ResolvedTarget): Fit {
  const names = Object.entries(wanted ?? {});
  if (names.length === 0) return "yes";
  if (tags === undefined) return "unclear";
  const found = new Map(Object.entries(tags).map(([name, value]) => [name.toLowerCase(), value]));
  return clear(
    names.every(([name, patterns]) => {
      const value = found.get(name.toLowerCase());
      return value !== undefined && matches(patterns, value);
    }),
  );
}
