import type { TargetReference } from "../../domain/command.ts";
import { type ResolvedTarget, targetLabel } from "../../domain/target.ts";
import type { FindResult, Sight } from "../../ports/routing-service.ts";
import type { Inventory } from "./inventory.ts";
import { nearTargets } from "./near-targets.ts";

/** Most candidates to choose from; more help nobody. */
const candidateLimit = 25;

/**
 * From a reference to the sites and slots that it fits, all comparisons without regard to case, as ARM compares.
 *
 * Without a slot only the production site is meant. A host that a site or slot was given by Azure (regional hosts with a
 * hash included) decides alone; the first label of a host is used as a name only where no such host exists.
 * A name without group and subscription is looked for at home first. Of several that fit, the asker is offered those
 * that they see; where that is one alone, it is the one that they can mean.
 */
export function matchReference(
  reference: TargetReference,
  inventories: readonly Inventory[],
  sight: Sight = {},
): Exclude<FindResult, { kind: "failed" }> {
  if (reference.all === true && reference.name === undefined) return allOf(reference, inventories);
  const fits = fitting(reference, inventories);
  const home = isUnqualified(reference) ? sight.home : undefined;
  const near = home === undefined ? [] : fits.filter(home);
  const [only, second] = near.length > 0 ? near : fits;
  if (only === undefined) return { kind: "none", suggestions: nearTargets(reference, inventories, sight) };
  if (second === undefined) return { kind: "found", target: only };
  return choice(fits, near, sight);
}

function allOf(
  reference: TargetReference,
  inventories: readonly Inventory[],
): Exclude<FindResult, { kind: "failed" }> {
  const targets = inventories.flatMap(({ entries }) =>
    entries.flatMap(({ target }) =>
      target.slot === undefined && isInScope(reference, target) ? [target] : [],
    ),
  );
  return targets.length > 0 ? { kind: "all", targets } : { kind: "none", suggestions: [] };
}

function choice(
  fits: readonly ResolvedTarget[],
  near: readonly ResolvedTarget[],
  { sees = () => true }: Sight,
): Exclude<FindResult, { kind: "failed" }> {
  const atHome = near.filter(sees).toSorted(byPlace);
  const elsewhere = fits.filter((target) => !near.includes(target) && sees(target)).toSorted(byPlace);
  const [only, second] = [...atHome, ...elsewhere];
  if (only !== undefined && second === undefined) return { kind: "found", target: only };
  return { kind: "several", candidates: [...atHome, ...elsewhere].slice(0, candidateLimit) };
}

function isUnqualified({ resourceGroup, subscription, host }: TargetReference): boolean {
  return resourceGroup === undefined && subscription === undefined && host === undefined;
}

function fitting(reference: TargetReference, inventories: readonly Inventory[]): readonly ResolvedTarget[] {
  const inScope = (by: "byHost" | "byName", key: string | undefined) =>
    key === undefined || key === ""
      ? []
      : inventories
          .flatMap((inventory) => inventory[by].get(key.toLowerCase()) ?? [])
          .map(({ target }) => target)
          .filter((target) => isInScope(reference, target));
  const byHost = inScope("byHost", reference.host);
  if (byHost.length > 0) return byHost;
  return inScope("byName", reference.name).filter((target) => isSlot(target, reference.slot));
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

function byPlace(left: ResolvedTarget, right: ResolvedTarget): number {
  return (
    left.subscriptionId.localeCompare(right.subscriptionId) ||
    left.resourceGroup.localeCompare(right.resourceGroup) ||
    targetLabel(left).localeCompare(targetLabel(right))
  );
}
