import { distance } from "fastest-levenshtein";
import type { TargetReference } from "../../domain/command.ts";
import { type ResolvedTarget, targetKey } from "../../domain/target.ts";
import type { Sight } from "../../ports/routing-service.ts";
import { charactersOf, type Entry, fewestEdits, type Inventory } from "./inventory.ts";

/** What is offered when a reference fits nothing. */
const suggestionLimit = 3;
/** So much nearer is a site at home than one elsewhere. */
const homeBonus = 0.1;

/** A target and how far it is from what was typed. */
type Near = { readonly entry: Entry; readonly cost: number };

/**
 * Sites whose names are near what was typed, the nearest first and at home before elsewhere; those in another group or
 * slot than was said included. Only what the asker may be shown.
 */
export function nearTargets(
  reference: TargetReference,
  inventories: readonly Inventory[],
  { sees = () => true, home = () => false }: Sight = {},
): readonly ResolvedTarget[] {
  if (reference.name === undefined) return [];
  const name = reference.name.toLowerCase();
  const wanted = { name, characters: charactersOf(name) };
  const limit = farthest(name);
  const best: Near[] = [];
  // Once there are enough, only nearer ones matter: most names need not be measured.
  let reach = limit;
  for (const { entries } of inventories) {
    for (const entry of entries) {
      const byName = nameCost(wanted, entry, reach);
      if (byName > reach) continue;
      const cost = byName + slotCost(reference.slot, entry.target);
      // Who sees what costs more to find out than all the rest: it is asked only of those that would be offered.
      if (cost > limit || !isBetter({ entry, cost: cost - homeBonus }, best)) continue;
      const near = { entry, cost: home(entry.target) ? cost - homeBonus : cost };
      if (!isBetter(near, best) || !sees(entry.target)) continue;
      insert(near, best);
      const last = best[suggestionLimit - 1];
      if (last !== undefined) reach = Math.min(limit, last.cost + homeBonus);
    }
  }
  return best.map(({ entry }) => entry.target);
}

function isBetter(near: Near, best: readonly Near[]): boolean {
  const last = best[suggestionLimit - 1];
  return last === undefined || compare(near, last) < 0;
}

function insert(near: Near, best: Near[]): void {
  const at = best.findIndex((other) => compare(near, other) < 0);
  best.splice(at < 0 ? best.length : at, 0, near);
  best.length = Math.min(best.length, suggestionLimit);
}

function compare(left: Near, right: Near): number {
  return (
    left.cost - right.cost ||
    left.entry.name.length - right.entry.name.length ||
    order(left.entry.name, right.entry.name) ||
    order(targetKey(left.entry.target), targetKey(right.entry.target))
  );
}

function order(left: string, right: string): number {
  return left === right ? 0 : left < right ? -1 : 1;
}

type Name = Pick<Entry, "name" | "characters">;

/**
 * Edit distance of the names; a name that contains what was typed, or the reverse, counts as near. Names whose lengths or
 * characters differ too much are farther than `reach`, and are not measured.
 */
function nameCost(wanted: Name, site: Name, reach: number): number {
  const longer = Math.abs(wanted.name.length - site.name.length);
  const isLong = wanted.name.length >= 3;
  if (isLong && (site.name.includes(wanted.name) || wanted.name.includes(site.name))) {
    return Math.min(longer, 1.5);
  }
  const atLeast = Math.max(longer, fewestEdits(wanted.characters, site.characters));
  return atLeast > reach ? atLeast : distance(wanted.name, site.name);
}

function slotCost(wanted: string | undefined, target: ResolvedTarget): number {
  if (wanted === undefined) return target.slot === undefined ? 0 : 1;
  return target.slot === undefined ? 0.5 : distance(wanted.toLowerCase(), target.slot.toLowerCase()) / 4;
}

/** Short names forgive two edits, longer ones one in three letters, and none more than six. */
function farthest(wanted: string): number {
  return Math.min(6, Math.max(2, Math.floor(wanted.length / 3)));
}
