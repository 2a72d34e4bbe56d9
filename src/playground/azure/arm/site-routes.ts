import { mayDo, permissionsAt } from "../authority/roles.ts";
import { queryValue } from "../http/exchange.ts";
import { isJsonObject, type JsonObject, parseJson } from "../http/json.ts";
import { type StoredSite, siteId } from "../world/world.ts";
import { applySiteBody, conflictsWithSiteConfig } from "./apply-site-body.ts";
import {
  antaresError,
  armError,
  invalidContent,
  linkedAuthorizationFailed,
  siteConfigConflict,
} from "./errors.ts";
import { page } from "./paging.ts";
import {
  type ArmContext,
  type ArmResult,
  type ArmRoute,
  ok,
  plainRoute,
  refused,
  siteRoutes,
} from "./route.ts";
import { readSiteBody, type SiteBody } from "./site-body.ts";
import { viewSite } from "./site-view.ts";

const SUBSCRIPTION = "/subscriptions/{subscription}";
const GROUP = `${SUBSCRIPTION}/resourceGroups/{group}`;

/** Reading, listing and writing sites and slots. */
export const SITE_ROUTES: readonly ArmRoute[] = [
  plainRoute({
    name: "sites/list",
    method: "GET",
    path: `${SUBSCRIPTION}/providers/Microsoft.Web/sites`,
    provider: "Microsoft.Web",
    type: "sites",
    action: "Microsoft.Web/sites/Read",
    handle: (context) => listSites(context, (site) => site.slot === null),
  }),
  plainRoute({
    name: "sites/list-by-group",
    method: "GET",
    path: `${GROUP}/providers/Microsoft.Web/sites`,
    provider: "Microsoft.Web",
    type: "sites",
    action: "Microsoft.Web/sites/Read",
    handle(context) {
      const withSlots = queryValue(context.exchange, "includeSlots")?.toLowerCase() === "true";
      return listSites(
        context,
        (site) => same(site.resourceGroup, context.values.group) && (withSlots || site.slot === null),
      );
    },
  }),
  plainRoute({
    name: "slots/list",
    method: "GET",
    path: `${GROUP}/providers/Microsoft.Web/sites/{site}/slots`,
    provider: "Microsoft.Web",
    type: "sites/slots",
    action: "Microsoft.Web/sites/slots/Read",
    handle: (context) =>
      listSites(
        context,
        (site) =>
          same(site.resourceGroup, context.values.group) &&
          same(site.name, context.values.site) &&
          site.slot !== null,
      ),
  }),
  ...siteRoutes({
    name: "get",
    method: "GET",
    path: "",
    action: "/Read",
    handle(context, site) {
      context.operations.siteWasRead(site);
      const current = currentSite(context, site);
      return ok(viewSite(current, context.apiVersion));
    },
  }),
  ...siteRoutes({ name: "patch", method: "PATCH", path: "", action: "/Write", handle: writeSite("PATCH") }),
  ...siteRoutes({ name: "put", method: "PUT", path: "", action: "/Write", handle: writeSite("PUT") }),
  ...siteRoutes({
    name: "operation",
    method: "GET",
    path: "/operationResults/{operation}",
    action: "/operationresults/read",
    handle: (context) => refused(context.operations.pollStatus(context.values.operation ?? "")),
  }),
];

function listSites(context: ArmContext, matches: (site: StoredSite) => boolean): ArmResult {
  const sites = context.store.world.sites.filter(
    (site) => same(site.subscriptionId, context.values.subscription) && matches(site),
  );
  return page(context, sites, (site) => viewSite(site, context.apiVersion));
}

function writeSite(verb: "PUT" | "PATCH"): (context: ArmContext, site: StoredSite) => ArmResult {
  return (context, site) => {
    const json = requestObject(context);
    if (json === null) return refused(invalidContent("a JSON object is expected"));
    const reading = readSiteBody(json);
    if (reading.kind === "wrong") return refused(invalidContent(reading.problem));
    const { body } = reading;
    if (verb === "PUT" && body.location === undefined) {
      return refused(
        armError({
          status: 400,
          code: "LocationRequired",
          message: "The location property is required for this definition.",
        }),
      );
    }
    const wanted = { verb, apiVersion: context.apiVersion, nestedRouting: context.behaviour.nestedRouting };
    const change = (current: StoredSite) => applySiteBody(current, body, wanted);
    const problem = linkedRightProblem(context, site, body) ?? linkProblem(context, site, change(site));
    if (problem !== null) return problem;
    if (conflictsWithSiteConfig(change(site), body)) return refused(siteConfigConflict());
    return { kind: "write", change, render: (written) => viewSite(written, context.apiVersion) };
  };
}

/** Who names a plan or a subnet in a body needs a right there, whether it changes or not. */
const LINKED_RIGHTS = {
  virtualNetworkSubnetId: "Microsoft.Network/virtualNetworks/subnets/join/action",
  serverFarmId: "Microsoft.Web/serverfarms/join/action",
} as const;

function linkedRightProblem(context: ArmContext, site: StoredSite, body: SiteBody): ArmResult | null {
  const { clientId, objectId, name } = context.principal;
  const permissions = permissionsAt(name, context.values.group, context.behaviour);
  for (const property of ["virtualNetworkSubnetId", "serverFarmId"] as const) {
    const linkedScope = body.properties?.[property];
    const action = LINKED_RIGHTS[property];
    if (typeof linkedScope !== "string" || linkedScope === "" || mayDo(permissions, action)) continue;
    return refused(
      linkedAuthorizationFailed({ clientId, objectId, action, scope: siteId(site), linkedScope }),
    );
  }
  return null;
}

/** A plan or subnet that a write newly points at has to exist. */
function linkProblem(context: ArmContext, before: StoredSite, after: StoredSite): ArmResult | null {
  for (const name of ["serverFarmId", "virtualNetworkSubnetId"] as const) {
    const linked = after.properties[name];
    if (linked === before.properties[name] || linked === null || linked === undefined) continue;
    const exists = context.store.world.resources.some(
      (one) => typeof linked === "string" && same(one.id, linked),
    );
    if (exists) continue;
    return refused(
      antaresError({
        status: 400,
        code: "BadRequest",
        message: `The parameter ${name} has an invalid value: no such resource.`,
      }),
    );
  }
  return null;
}

/** The request's body as an object; an empty body is an empty object, anything else null. */
export function requestObject(context: ArmContext): JsonObject | null {
  const text = context.exchange.text.trim();
  if (text === "") return {};
  const json = parseJson(text);
  return isJsonObject(json) ? json : null;
}

/** The site with the mark of a running operation in it. */
function currentSite(context: ArmContext, site: StoredSite): StoredSite {
  const current = context.store.findSite(`/${context.exchange.segments.join("/")}`) ?? site;
  const running = context.operations.running(current);
  if (running === null) return current;
  return { ...current, properties: { ...current.properties, inProgressOperationId: running.id } };
}

function same(a: string, b: string | undefined): boolean {
  return b !== undefined && a.toLowerCase() === b.toLowerCase();
}
