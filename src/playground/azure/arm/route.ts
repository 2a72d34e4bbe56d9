import type { Principal } from "../authority/identities.ts";
import type { Answer, Exchange } from "../http/exchange.ts";
import type { Json } from "../http/json.ts";
import { type PathPattern, type PathValues, pathPattern } from "../http/path-pattern.ts";
import type { Behaviour } from "../world/behaviour.ts";
import type { Store } from "../world/store.ts";
import type { StoredSite } from "../world/world.ts";
import type { Operations } from "./operations.ts";

/** What a route handler works with. */
export interface ArmContext {
  readonly exchange: Exchange;
  readonly apiVersion: string;
  readonly principal: Principal;
  readonly values: PathValues;
  readonly store: Store;
  readonly behaviour: Behaviour;
  readonly operations: Operations;
}

/**
 * A write that was found valid. It is described, not done, so that a fault can drop it, keep a part of it, or finish it
 * later.
 */
export interface SiteWrite {
  readonly kind: "write";
  /** The written site from the one stored at that moment; pure. */
  readonly change: (current: StoredSite) => StoredSite;
  /** The response body that shows this site. */
  readonly render: (site: StoredSite) => Json;
}

export type ArmResult = { readonly kind: "answer"; readonly answer: Answer } | SiteWrite;

interface RouteBase {
  /** Short name for the request log, such as `sites/get`. */
  readonly name: string;
  readonly method: string;
  readonly provider:
    | "Microsoft.Web"
    | "Microsoft.Network"
    | "Microsoft.Resources"
    | "Microsoft.Authorization";
  /** Resource type for messages about api-versions. */
  readonly type: string;
  /** The RBAC action that the request needs. */
  readonly action: string;
}

export type RouteTarget =
  | { readonly kind: "plain"; readonly handle: (context: ArmContext) => ArmResult }
  | { readonly kind: "site"; readonly handle: (context: ArmContext, site: StoredSite) => ArmResult };

export type ArmRoute = RouteBase & { readonly pattern: PathPattern; readonly target: RouteTarget };

/** Declares a route that is not about one site. */
export function plainRoute(
  request: RouteBase & { readonly path: string; readonly handle: (context: ArmContext) => ArmResult },
): ArmRoute {
  const { path, handle, ...base } = request;
  return { ...base, pattern: pathPattern(path), target: { kind: "plain", handle } };
}

const SITE = "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Web/sites/{site}";

/**
 * Declares a route below a site, for the site and for its slots.
 * @param request.path what follows the site's id, such as `/config/web`
 * @param request.action the action without `Microsoft.Web/sites`, such as `/config/read`
 */
export function siteRoutes(request: {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly action: string;
  readonly handle: (context: ArmContext, site: StoredSite) => ArmResult;
}): readonly ArmRoute[] {
  const { name, method, path, action, handle } = request;
  return [
    { prefix: SITE, type: "sites", label: `sites/${name}` },
    { prefix: `${SITE}/slots/{slot}`, type: "sites/slots", label: `slots/${name}` },
  ].map(({ prefix, type, label }) => ({
    name: label,
    method,
    provider: "Microsoft.Web" as const,
    type,
    action: `Microsoft.Web/${type}${action}`,
    pattern: pathPattern(`${prefix}${path}`),
    target: { kind: "site" as const, handle },
  }));
}

/** A 200 with a JSON body. */
export function ok(body: Json): ArmResult {
  return { kind: "answer", answer: { status: 200, body } };
}

export function refused(answer: Answer): ArmResult {
  return { kind: "answer", answer };
}
