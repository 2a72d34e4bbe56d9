import { isJsonObject, type Json, type JsonObject } from "../http/json.ts";
import type { Behaviour } from "../world/behaviour.ts";
import { ROUTING_FLAGS, type StoredSite } from "../world/world.ts";
import { routingShape } from "./api-versions.ts";
import type { SiteBody, WebConfigBody } from "./site-body.ts";
import { LEGACY_PROPERTIES } from "./site-view.ts";

/** Site properties a client can write, apart from routing and `siteConfig`; everything else in a body is ignored. */
const WRITABLE = [
  "enabled",
  "httpsOnly",
  "clientAffinityEnabled",
  "clientCertEnabled",
  "serverFarmId",
  "virtualNetworkSubnetId",
  "publicNetworkAccess",
  "keyVaultReferenceIdentity",
  "dnsConfiguration",
  "endToEndEncryptionEnabled",
] as const;

/** How a body is to be applied. */
export interface ApplyRequest {
  readonly verb: "PUT" | "PATCH";
  readonly apiVersion: string;
  readonly nestedRouting: Behaviour["nestedRouting"];
}

/** The site after a PUT or PATCH with this body. Read-only and unknown properties are ignored, as the service does. */
export function applySiteBody(site: StoredSite, body: SiteBody, request: ApplyRequest): StoredSite {
  const next = structuredClone(site);
  const properties = body.properties ?? {};
  for (const name of WRITABLE) {
    const value = jsonOf(properties[name]);
    if (value !== undefined) next.properties[name] = value === "" ? null : value;
  }
  if (body.tags !== undefined) next.tags = { ...(body.tags ?? {}) };
  else if (request.verb === "PUT") next.tags = {};
  if (typeof body.kind === "string") next.kind = body.kind;
  const identity = jsonOf(body.identity);
  if (isJsonObject(identity)) next.identity = identity.type === "None" ? null : identity;
  applySiteConfig(next, properties.siteConfig ?? {});
  next.routing = routingAfter(next.routing, body, request);
  // A perimeter forces every flag on, whatever was asked (Network Security Perimeter with SecuredByPerimeter).
  if (next.properties.publicNetworkAccess === "SecuredByPerimeter") {
    for (const flag of Object.keys(next.routing)) next.routing[flag] = true;
  }
  return next;
}

/**
 * The site after a PATCH of `config/web`. Its `vnetRouteAllEnabled` is honoured only by versions that have the legacy
 * properties; newer ones answer 200 and leave the flag alone.
 */
export function applyWebConfigBody(site: StoredSite, body: WebConfigBody, apiVersion: string): StoredSite {
  const next = structuredClone(site);
  const { vnetRouteAllEnabled, ...rest } = body.properties ?? {};
  applySiteConfig(next, rest);
  if (typeof vnetRouteAllEnabled === "boolean" && routingShape(apiVersion) === "legacy-properties") {
    next.routing.applicationTraffic = vnetRouteAllEnabled;
  }
  return next;
}

/** Whether `siteConfig.vnetRouteAllEnabled` contradicts the site's own value, which the service refuses (01020). */
export function conflictsWithSiteConfig(after: StoredSite, body: SiteBody): boolean {
  const asked = body.properties?.siteConfig?.vnetRouteAllEnabled;
  return typeof asked === "boolean" && asked !== (after.routing.applicationTraffic === true);
}

function routingAfter(routing: JsonObject, body: SiteBody, request: ApplyRequest): JsonObject {
  const properties = body.properties ?? {};
  if (routingShape(request.apiVersion) === "legacy-properties") {
    const next = { ...routing };
    for (const [property, flag] of Object.entries(LEGACY_PROPERTIES)) {
      const value = properties[property];
      if (typeof value === "boolean") next[flag] = value;
    }
    return next;
  }
  const written = properties.outboundVnetRouting;
  if (written === undefined || written === null) return routing;
  const cleared = Object.fromEntries(ROUTING_FLAGS.map((flag) => [flag, false]));
  const next: JsonObject = request.nestedRouting === "merge" ? { ...routing } : cleared;
  for (const [flag, value] of Object.entries(written)) {
    if (value !== null) next[flag] = value;
  }
  return next;
}

function applySiteConfig(site: StoredSite, config: Readonly<Record<string, unknown>>): void {
  const { appSettings, vnetRouteAllEnabled: _mirror, connectionStrings: _hidden, ...rest } = config;
  for (const [name, value] of Object.entries(rest)) {
    const json = jsonOf(value);
    if (json !== undefined && json !== null) site.webConfig[name] = json;
  }
  if (!Array.isArray(appSettings)) return;
  site.appSettings = {};
  for (const entry of appSettings) {
    const setting = jsonOf(entry);
    if (isJsonObject(setting) && typeof setting.name === "string") {
      site.appSettings[setting.name] = String(setting.value ?? "");
    }
  }
}

/** A value taken out of a parsed body, as JSON again. */
function jsonOf(value: unknown): Json | undefined {
  if (value === undefined) return undefined;
  const json: Json = JSON.parse(JSON.stringify(value));
  return json;
}
