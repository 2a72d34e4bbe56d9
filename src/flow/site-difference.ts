import { legacySettings } from "../domain/routing/legacy-setting.ts";
import { unmetKeys } from "../domain/routing/routing-map.ts";
import type { SiteObservation } from "../domain/routing/site-observation.ts";
import { targetLabel } from "../domain/target.ts";

/** What is no longer as it was when the plan was made, in one sentence. */
export function differenceFrom(before: SiteObservation, now: SiteObservation): string {
  const keys = new Set([
    ...unmetKeys(now.storedMap, before.storedMap),
    ...unmetKeys(before.storedMap, now.storedMap),
  ]);
  const changes = [...keys].map(
    (key) =>
      `${key} was ${JSON.stringify(before.storedMap[key])} and is ${JSON.stringify(now.storedMap[key])}`,
  );
  for (const setting of legacySettings) {
    if (before.legacy[setting] !== now.legacy[setting]) {
      changes.push(`${setting} was ${before.legacy[setting]} and is ${now.legacy[setting]}`);
    }
  }
  if (subnetOf(before) !== subnetOf(now)) changes.push("its virtual network integration is another one");
  if (before.sku !== now.sku) changes.push(`its SKU was ${before.sku} and is ${now.sku}`);
  if (before.apiVersion !== now.apiVersion || before.generation !== now.generation) {
    changes.push("it is read through another version of Azure's API");
  }
  const what = changes.length > 0 ? changes.join(", ") : "what would be sent is not what was approved";
  return `${targetLabel(now.target)} changed after the plan was made: ${what}.`;
}

function subnetOf({ integration }: SiteObservation): string {
  return integration.kind === "regional" ? integration.subnetId.toLowerCase() : integration.kind;
}
