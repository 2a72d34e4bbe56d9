import { distance } from "fastest-levenshtein";
import type { TargetReference } from "../../domain/command.ts";
import { type ResolvedTarget, targetLabel } from "../../domain/target.ts";
import type { FindResult } from "../../ports/routing-service.ts";

/** What is offered when a reference fits nothing. */
const suggestionLimit = 3;
/** Most candidates to choose from; more help nobody. */
const candidateLimit = 25;

/**
 * From a reference to the sites and slots that it fits, all comparisons without regard to case, as ARM compares.
 *
 * Without a slot only the production site is meant. A host that a site or slot was given by Azure (regional hosts with a
 * hash included) decides alone; the first label of a host is used as a name only where no such host exists.
 */
export function matchReference(
  reference: TargetReference,
  inventory: readonly ResolvedTarget[],
): Exclude<FindResult, { kind: "failed" }> {
  const scoped = inventory.filter((target) => isInScope(reference, target));
  if (reference.all === true && reference.name === undefined) {
    const targets = scoped.filter(({ slot }) => slot === undefined);
    return targets.length > 0 ? { kind: "all", targets } : { kind: "none", suggestions: [] };
  }
  const fits = fitting(reference, scoped);
  const [first, second] = fits;
  if (first === undefined) return { kind: "none", suggestions: suggestionsFor(reference, inventory) };
  if (second === undefined) return { kind: "found", target: first };
  return { kind: "several", candidates: fits.toSorted(byPlace).slice(0, candidateLimit) };
}

function fitting(reference: TargetReference, scoped: readonly ResolvedTarget[]): readonly ResolvedTarget[] {
  if (reference.host !== undefined) {
    const byHost = scoped.filter((target) => same(target.defaultHostName, reference.host));
    if (byHost.length > 0) return byHost;
  }
  return scoped.filter((target) => same(target.site, reference.name) && isSlot(target, reference.slot));
}

function isInScope(reference: TargetReference, target: ResolvedTarget): boolean {
  const { resourceGroup, subscription } = reference;
  if (resourceGroup !== undefined && !same(target.resourceGroup, resourceGroup)) return false;
  return (
    subscription === undefined ||
    same(target.subscriptionId, subscription) ||
    same(target.subscriptionName, subscription)
  );
}

/** `production` is what Azure calls the site itself among its slots. */
function isSlot(target: ResolvedTarget, slot: string | undefined): boolean {
  if (slot === undefined || slot.toLowerCase() === "production") return target.slot === undefined;
  return same(target.slot, slot);
}

function same(left: string | undefined, right: string | undefined): boolean {
  return left !== undefined && right !== undefined && left.toLowerCase() === right.toLowerCase();
}

/** Sites whose names are near what was typed, the nearest first; those in another group or slot than was said included. */
function suggestionsFor(
  reference: TargetReference,
  inventory: readonly ResolvedTarget[],
): readonly ResolvedTarget[] {
  const { name } = reference;
  if (name === undefined) return [];
  const wanted = name.toLowerCase();
  const near = inventory
    .map((target) => ({ target, cost: nameCost(wanted, target) + slotCost(reference.slot, target) }))
    .filter(({ cost }) => cost <= farthest(wanted));
  return near
    .toSorted((a, b) => a.cost - b.cost || byPlace(a.target, b.target))
    .slice(0, suggestionLimit)
    .map(({ target }) => target);
}

/** Edit distance of the names; a name that contains what was typed, or the reverse, counts as near. */
function nameCost(wanted: string, target: ResolvedTarget): number {
  const site = target.site.toLowerCase();
  const edits = distance(wanted, site);
  const contained = wanted.length >= 3 && (site.includes(wanted) || wanted.includes(site));
  return contained ? Math.min(edits, 1.5) : edits;
}

function slotCost(wanted: string | undefined, target: ResolvedTarget): number {
  if (wanted === undefined) return target.slot === undefined ? 0 : 1;
  return target.slot === undefined ? 0.5 : distance(wanted.toLowerCase(), target.slot.toLowerCase()) / 4;
}

/** Short names forgive one edit, long ones one in three letters. */
function farthest(wanted: string): number {
  return Math.max(2, Math.floor(wanted.length / 3));
}

function byPlace(left: ResolvedTarget, right: ResolvedTarget): number {
  return (
    left.subscriptionId.localeCompare(right.subscriptionId) ||
    left.resourceGroup.localeCompare(right.resourceGroup) ||
    targetLabel(left).localeCompare(targetLabel(right))
  );
}
