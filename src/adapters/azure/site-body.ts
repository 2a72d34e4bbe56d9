import { z } from "zod";
import { flagsIn, legacyPropertyOf, routingFlags } from "../../domain/routing/routing-flag.ts";
import type { Integration, SiteObservation, Workload } from "../../domain/routing/site-observation.ts";
import type { ResolvedTarget } from "../../domain/target.ts";

/** The parts of a site's body that matter here; all the rest is let through unread. */
const siteBody = z.object({
  id: z.string(),
  location: z.string(),
  kind: z.string().nullish(),
  tags: z.record(z.string(), z.string()).nullish(),
  identity: z.object({ type: z.string() }).nullish(),
  properties: z.looseObject({
    state: z.string().nullish(),
    availabilityState: z.string().nullish(),
    hostNames: z.array(z.string()).nullish(),
    sku: z.string().nullish(),
    defaultHostName: z.string().nullish(),
    virtualNetworkSubnetId: z.string().nullish(),
    hostingEnvironmentProfile: z.object({ id: z.string() }).nullish(),
    outboundVnetRouting: z.record(z.string(), z.unknown()).nullish(),
    inProgressOperationId: z.string().nullish(),
    publicNetworkAccess: z.string().nullish(),
    lastModifiedTimeUtc: z.string().nullish(),
    functionAppConfig: z.unknown().optional(),
    hyperV: z.boolean().nullish(),
    siteConfig: z
      .object({ linuxFxVersion: z.string().nullish(), windowsFxVersion: z.string().nullish() })
      .nullish(),
  }),
});
export type SiteBody = z.infer<typeof siteBody>;

/** A site's body from JSON, or `undefined` when it is none. */
export function parseSiteBody(body: unknown): SiteBody | undefined {
  return siteBody.safeParse(body).data;
}

/** What the body alone says of the site; app settings and gateway-required integration are read elsewhere. */
export function observationOf(
  body: SiteBody,
  target: ResolvedTarget,
  generation: SiteObservation["generation"],
): Omit<SiteObservation, "observedAt" | "apiVersion" | "legacy" | "contentSettings"> {
  const { properties } = body;
  const { tags: _, ...place } = target;
  const storedMap = generation === "modern" ? (properties.outboundVnetRouting ?? {}) : legacyMap(properties);
  return {
    target: {
      ...place,
      ...(properties.defaultHostName ? { defaultHostName: properties.defaultHostName } : {}),
      tags: body.tags ?? {},
    },
    generation,
    storedMap,
    flags: flagsIn(storedMap),
    integration: integrationOf(body),
    sku: isFlex(body) ? "FlexConsumption" : (properties.sku ?? "unknown"),
    workload: workloadOf(body),
    location: body.location,
    state: properties.state ?? "unknown",
    ...(properties.availabilityState ? { availabilityState: properties.availabilityState } : {}),
    ...(properties.hostNames ? { hostNames: properties.hostNames } : {}),
    ...(properties.inProgressOperationId ? { operationInProgress: properties.inProgressOperationId } : {}),
    securedByPerimeter: properties.publicNetworkAccess?.toLowerCase() === "securedbyperimeter",
    managedIdentity: body.identity !== null && body.identity !== undefined && body.identity.type !== "None",
    ...(properties.lastModifiedTimeUtc ? { lastModified: properties.lastModifiedTimeUtc } : {}),
  };
}

/** The four site properties of the old API, under the names of the flags. */
function legacyMap(properties: SiteBody["properties"]): Record<string, unknown> {
  const entries = routingFlags.flatMap((flag): [string, unknown][] => {
    const name = legacyPropertyOf[flag];
    const value = name === undefined ? undefined : properties[name];
    return typeof value === "boolean" ? [[flag, value]] : [];
  });
  return Object.fromEntries(entries);
}

/** The reverse: what is sent for a wanted map. */
export function routingBody(
  generation: SiteObservation["generation"],
  wanted: Readonly<Record<string, unknown>>,
): { readonly properties: Readonly<Record<string, unknown>> } {
  if (generation === "modern") return { properties: { outboundVnetRouting: wanted } };
  const entries = routingFlags.flatMap((flag): [string, unknown][] => {
    const name = legacyPropertyOf[flag];
    return name === undefined || wanted[flag] === undefined ? [] : [[name, wanted[flag]]];
  });
  return { properties: Object.fromEntries(entries) };
}

function integrationOf({ properties }: SiteBody): Integration {
  const { hostingEnvironmentProfile, virtualNetworkSubnetId } = properties;
  if (hostingEnvironmentProfile) return { kind: "environment", environmentId: hostingEnvironmentProfile.id };
  if (virtualNetworkSubnetId) return { kind: "regional", subnetId: virtualNetworkSubnetId };
  return { kind: "none" };
}

function isFlex({ properties }: SiteBody): boolean {
  return properties.functionAppConfig !== undefined && properties.functionAppConfig !== null;
}

function workloadOf(body: SiteBody): Workload {
  const kind = body.kind ?? "app";
  const words = kind.toLowerCase().split(",");
  const workflow = words.includes("workflowapp");
  return {
    kind,
    container: containerOf(body, words),
    function: workflow || words.includes("functionapp"),
    workflow,
  };
}

function containerOf({ properties }: SiteBody, words: readonly string[]): Workload["container"] {
  const { linuxFxVersion, windowsFxVersion } = properties.siteConfig ?? {};
  const image = (linuxFxVersion || windowsFxVersion || "").split("|")[0]?.toUpperCase();
  if (image === "COMPOSE") return "compose";
  const isContainer = words.includes("container") || image === "DOCKER" || image === "SITECONTAINERS";
  if (!isContainer) return "none";
  const windows = Boolean(windowsFxVersion) || properties.hyperV === true || words.includes("windows");
  return windows ? "windows" : "linux";
}
