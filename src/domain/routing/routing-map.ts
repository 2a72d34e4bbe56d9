import { canonicalJson } from "../change/fingerprint.ts";

/** The routing map of a site as it is read and written: the flags, and whatever else the service keeps there. */
export type RoutingMap = Readonly<Record<string, unknown>>;

/** The keys of `wanted` that `map` does not have with that value. */
export function unmetKeys(map: RoutingMap, wanted: RoutingMap): readonly string[] {
  return Object.keys(wanted).filter((key) => canonicalJson(map[key]) !== canonicalJson(wanted[key]));
}

/** Whether `map` says everything that `wanted` says; further keys do not matter. */
export function mapSays(map: RoutingMap, wanted: RoutingMap): boolean {
  return unmetKeys(map, wanted).length === 0;
}
