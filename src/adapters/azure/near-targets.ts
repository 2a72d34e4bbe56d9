import { distance } from "fastest-levenshtein";
import type { TargetReference } from "../../domain/command.ts";
import { type ResolvedTarget, targetKey } from "../../domain/target.ts";
import type { Sight } from "../../ports/routing-service.ts";

/** What is offered when a reference fits nothing. */
const suggestionLimit = 3;

/**
 * Sites whose names are near what was typed, the nearest first and at home before elsewhere; those in another group or
 * slot than was said included. Only what the asker may be shown.
 */
export function nearTargets(
  reference: TargetReference,
  inventory: readonly ResolvedTarget[],
  { sees = () => true, home = () => false }: Sight = {},
): readonly ResolvedTarget[] {
  const { name } = reference;
  if (name === undefined) return [];
  const wanted = name.toLowerCase();
  const limit = farthest(wanted);
  const near: { readonly target: ResolvedTarget; readonly cost: number }[] = [];
  for (const target of inventory) {
    const cost = nameCost(wanted, target.site.toLowerCase(), limit);
    if (cost > limit) continue;
    const whole = cost + slotCost(reference.slot, target);
    if (whole <= limit && sees(target)) near.push({ target, cost: home(target) ? whole - 0.1 : whole });
  }
  return near
    .toSorted((a, b) => a.cost - b.cost || (targetKey(a.target) < targetKey(b.target) ? -1 : 1))
    .slice(0, suggestionLimit)
    .map(({ target }) => target);
}

/**
 * Edit distance of the names; a name that contains what was typed, or the reverse, counts as near. Names whose lengths
 * differ by more than `limit` are farther than that, and are not measured.
 */
function nameCost(wanted: string, site: string, limit: number): number {
  const contained = wanted.length >= 3 && (site.includes(wanted) || wanted.includes(site));
  const longer = Math.abs(wanted.length - site.length);
  if (longer > limit) return contained ? 1.5 : longer;
  const edits = distance(wanted, site);
  return contained ? Math.min(edits, 1.5) : edits;
}

function slotCost(wanted: string | undefined, target: ResolvedTarget): number {
  if (wanted === undefined) return target.slot === undefined ? 0 : 1;
  return target.slot === undefined ? 0.5 : distance(wanted.toLowerCase(), target.slot.toLowerCase()) / 4;
}

/** Short names forgive two edits, long ones one in three letters. */
function farthest(wanted: string): number {
  return Math.max(2, Math.floor(wanted.length / 3));
}
