import { createHash } from "node:crypto";
import { legacySettings } from "../routing/legacy-setting.ts";
import type { SiteObservation } from "../routing/site-observation.ts";
import { targetKey } from "../target.ts";
import type { PlanEntry } from "./plan.ts";

/** The part of an entry that the fingerprint covers. */
export type FingerprintEntry = Pick<PlanEntry, "before" | "wanted" | "settings">;

/**
 * SHA-256 (hex) over exactly what will be sent, where to, and the state that it was made from: the stored routing map, the
 * legacy settings, the integration and the SKU. Notes, names and times are not in it: they change nothing in Azure.
 */
export function fingerprintOf(entries: readonly FingerprintEntry[]): string {
  const covered = entries.map(({ before, wanted, settings }) => ({
    site: targetKey(before.target),
    apiVersion: before.apiVersion,
    generation: before.generation,
    state: routingState(before),
    wanted,
    ...(settings.length > 0 ? { settings } : {}),
  }));
  return createHash("sha256")
    .update(canonicalJson({ version: 1, entries: covered }))
    .digest("hex");
}

/** The first characters of a fingerprint: enough for people to compare. */
export function shortFingerprint(fingerprint: string): string {
  return fingerprint.slice(0, 8);
}

/** Whether two readings of a site are the same as far as an approval goes. */
export function sameState(one: SiteObservation, other: SiteObservation): boolean {
  return canonicalJson(routingState(one)) === canonicalJson(routingState(other));
}

/** Whether a second reading differs from the first one in nothing but legacy settings that could not be read this time. */
export function isOnlyUnread(one: SiteObservation, other: SiteObservation): boolean {
  if (sameState(one, other)) return false;
  const legacy = { ...other.legacy };
  for (const setting of legacySettings) {
    if (legacy[setting] === "unknown") legacy[setting] = one.legacy[setting];
  }
  return sameState(one, { ...other, legacy });
}

function routingState(observation: SiteObservation): unknown {
  const { storedMap, legacy, integration, sku } = observation;
  return {
    storedMap,
    legacy,
    integration: integration.kind === "regional" ? integration.subnetId.toLowerCase() : integration.kind,
    sku,
  };
}

/** JSON with the keys of every object in order, so that equal values give equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : part,
  );
}
