import type { TargetReference } from "./command.ts";
import { type ResolvedTarget, targetKey } from "./target.ts";

/**
 * Whether a site or slot is one that the reference names, as far as the reference says anything: for looking into the past, where
 * a site may be gone from Azure. A site named without a slot means its slots, too.
 */
export function isNamed(reference: TargetReference, target: ResolvedTarget): boolean {
  const { subscription } = reference;
  return (
    keyIsNamed(reference, targetKey(target)) &&
    (subscription === undefined ||
      same(subscription, target.subscriptionId) ||
      (target.subscriptionName !== undefined && same(subscription, target.subscriptionName)))
  );
}

/** The same by the target's key alone, which knows no name of a subscription. */
export function keyIsNamed({ name, slot, resourceGroup }: TargetReference, key: string): boolean {
  const inGroup =
    resourceGroup === undefined || key.includes(`/resourcegroups/${resourceGroup.toLowerCase()}/`);
  if (!inGroup) return false;
  if (name === undefined) return true;
  const site = `/sites/${name.toLowerCase()}`;
  if (slot !== undefined) return key.endsWith(`${site}/slots/${slot.toLowerCase()}`);
  return key.endsWith(site) || key.includes(`${site}/slots/`);
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
