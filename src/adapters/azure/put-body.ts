import { z } from "zod";
import { canonicalJson } from "../../domain/change/fingerprint.ts";
import type { SiteObservation } from "../../domain/routing/site-observation.ts";
import { routingBody } from "./site-body.ts";

/** A site as it was read, every key kept. Without a location Azure takes no PUT. */
const wholeSite = z.looseObject({ location: z.string(), properties: z.record(z.string(), z.unknown()) });
export type WholeSite = z.infer<typeof wholeSite>;

export function parseWholeSite(body: unknown): WholeSite | undefined {
  return wholeSite.safeParse(body).data;
}

/**
 * What is never sent: `siteConfig` is mostly null in a reading and conflicts with the site's own values (01020), `identity`
 * would be checked for rights that we do not have; both stay as they are when a PUT leaves them out, as the portal does. The others
 * are names, not contents.
 */
const notSent = { top: ["id", "name", "type", "identity"], properties: ["siteConfig"] } as const;

/**
 * The body of a PUT that changes the routing and nothing else: everything that was read, keys that we do not know included, less
 * what is never sent.
 */
export function putBody(
  site: WholeSite,
  generation: SiteObservation["generation"],
  wanted: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const { properties, ...top } = site;
  return {
    ...without(top, notSent.top),
    properties: { ...without(properties, notSent.properties), ...routingBody(generation, wanted).properties },
  };
}

/** Properties that move by themselves, or with any write. */
const moving: ReadonlySet<string> = new Set([
  "lastModifiedTimeUtc",
  "inProgressOperationId",
  "state",
  "usageState",
  "availabilityState",
]);

/**
 * Names of what reads differently after a PUT, apart from the routing: somebody else's change of that moment, or something that
 * the PUT did and should not have done. No values.
 */
export function changedBeside(
  before: WholeSite,
  after: WholeSite,
  generation: SiteObservation["generation"],
): readonly string[] {
  const routing = Object.keys(
    routingBody(generation, {
      applicationTraffic: false,
      imagePullTraffic: false,
      contentShareTraffic: false,
      backupRestoreTraffic: false,
    }).properties,
  );
  const { properties: was, ...topBefore } = before;
  const { properties: is, ...topAfter } = after;
  const properties = differing(was, is).filter((name) => !moving.has(name) && !routing.includes(name));
  return [...differing(topBefore, topAfter), ...properties];
}

type Values = Readonly<Record<string, unknown>>;

function differing(before: Values, after: Values): readonly string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter(
    (name) => canonicalJson(before[name] ?? null) !== canonicalJson(after[name] ?? null),
  );
}

function without(values: Values, names: readonly string[]): Values {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)));
}
