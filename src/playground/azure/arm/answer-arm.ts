import type { Principal } from "../authority/identities.ts";
import { mayDo, permissionsAt } from "../authority/roles.ts";
import type { Tokens } from "../authority/tokens.ts";
import type { Fault } from "../faults/fault.ts";
import type { FaultList } from "../faults/fault-list.ts";
import { type Answer, type Exchange, queryValue } from "../http/exchange.ts";
import type { Behaviour } from "../world/behaviour.ts";
import type { Store } from "../world/store.ts";
import { siteId } from "../world/world.ts";
import { apiVersionProblem, webVersions } from "./api-versions.ts";
import { armError, authorizationFailed } from "./errors.ts";
import type { MatchedRoute } from "./find-route.ts";
import type { Operations } from "./operations.ts";
import { checkPlace, type PlaceCheck } from "./place.ts";
import type { RateLimits } from "./rate-limits.ts";
import { carryOutWrite } from "./write.ts";

/** What the resource manager works with. */
export interface ArmServices {
  readonly store: Store;
  readonly operations: Operations;
  readonly faults: FaultList;
  readonly tokens: Tokens;
  readonly ownOrigins: readonly string[];
  readonly behaviour: () => Behaviour;
  readonly now: () => Date;
  readonly rates: RateLimits;
  /** Aborted when the server closes, so that ordered delays end. */
  readonly closing: AbortSignal;
}

/** A request whose token was accepted. */
export interface ArmRequest {
  readonly exchange: Exchange;
  readonly services: ArmServices;
  readonly principal: Principal;
  readonly matched: MatchedRoute;
}

/** Answers a signed-in request: place, api-version, rights, content type, then the route itself. */
export function answerArm(request: ArmRequest, fault: Fault | null): Answer {
  const { exchange, services, principal, matched } = request;
  if (matched.kind === "unknown") return matched.answer;
  const { route, values } = matched;
  const behaviour = services.behaviour();
  const place = checkPlace(values, services.store);
  if (place.kind === "missing" && place.what === "subscription") return place.answer;
  const apiVersion = queryValue(exchange, "api-version");
  const isLegacyOnly = behaviour.legacyOnlySubscriptions.some(
    (one) => one.toLowerCase() === values.subscription?.toLowerCase(),
  );
  const problem = apiVersionProblem({
    apiVersion,
    supported: route.provider === "Microsoft.Web" ? webVersions(isLegacyOnly) : "any-date",
    type: `${route.provider}/${route.type}`,
  });
  if (problem !== null) return problem;
  const denied = deniedAnswer(request, place, behaviour);
  if (denied !== null) return denied;
  if (place.kind === "missing") return place.answer;
  if (
    exchange.text !== "" &&
    !/^application\/(json|[a-z.+-]+\+json)\b/i.test(exchange.headers["content-type"] ?? "")
  ) {
    const message = "The content media type is not supported. Only 'application/json' is.";
    return armError({ status: 415, code: "UnsupportedMediaType", message });
  }
  const { store, operations } = services;
  const context = { exchange, apiVersion: apiVersion ?? "", principal, values, store, behaviour, operations };
  if (route.target.kind === "plain") {
    const result = route.target.handle(context);
    if (result.kind === "answer") return result.answer;
    throw new Error(`The route ${route.name} writes a site without being about one.`);
  }
  if (place.site === null)
    throw new Error(`The route ${route.name} is about a site, but its path names none.`);
  const result = route.target.handle(context, place.site);
  if (result.kind === "answer") return result.answer;
  return carryOutWrite({ write: result, context, site: place.site, fault, operationName: route.name });
}

/** Whether the roles of the principal have the action of the route at that place. */
function deniedAnswer(request: ArmRequest, place: PlaceCheck, behaviour: Behaviour): Answer | null {
  const { principal, matched, exchange } = request;
  if (matched.kind === "unknown") return null;
  const { action } = matched.route;
  if (mayDo(permissionsAt(principal.name, matched.values.group, behaviour), action)) return null;
  const scope = place.kind === "found" && place.site !== null ? siteId(place.site) : exchange.path;
  return authorizationFailed({ clientId: principal.clientId, objectId: principal.objectId, action, scope });
}
