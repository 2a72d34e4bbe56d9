import { setTimeout as delay } from "node:timers/promises";
import { isArmAudience } from "../authority/audiences.ts";
import type { Principal } from "../authority/identities.ts";
import type { Tokens } from "../authority/tokens.ts";
import type { Fault } from "../faults/fault.ts";
import { type FaultSubject, faultAnswer } from "../faults/fault-answer.ts";
import type { FaultList } from "../faults/fault-list.ts";
import { type Answer, type Exchange, queryValue } from "../http/exchange.ts";
import type { Behaviour } from "../world/behaviour.ts";
import type { Store } from "../world/store.ts";
import { type StoredSite, siteId } from "../world/world.ts";
import { apiVersionProblem, webVersions } from "./api-versions.ts";
import { authenticate } from "./authenticate.ts";
import { armError, authorizationFailed } from "./errors.ts";
import { findRoute, type MatchedRoute } from "./find-route.ts";
import type { Operations } from "./operations.ts";
import { checkPlace, type PlaceCheck } from "./place.ts";
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
  /** Aborted when the server closes, so that ordered delays end. */
  readonly closing: AbortSignal;
}

/** How a request ends, with what the log wants to know. */
export interface ArmEnd {
  readonly end: "answered" | "reset" | "hung";
  readonly answer: Answer;
  readonly route: string | null;
  readonly site: string | null;
  readonly principal: Principal | null;
  readonly fault: Fault["kind"] | null;
}

/** Answers one request to Azure Resource Manager: token, route, ordered fault, place, api-version, rights, then the route itself. */
export async function handleArmRequest(exchange: Exchange, services: ArmServices): Promise<ArmEnd> {
  const matched = findRoute(exchange);
  const route = matched.kind === "route" ? matched.route.name : null;
  const site = matched.kind === "route" ? siteName(matched) : null;
  const signedIn = await authenticate(exchange, {
    tokens: services.tokens,
    isAudience: (audience) => isArmAudience(audience, services.ownOrigins),
  });
  if (signedIn.kind === "refused") {
    return { end: "answered", answer: signedIn.answer, route, site, principal: null, fault: null };
  }
  const { principal } = signedIn;
  const fault = services.faults.take({ method: exchange.method, path: exchange.path, site, route });
  const request = { exchange, services, principal, matched };
  const known = { route, site, principal, fault: fault?.kind ?? null };
  if (fault === null) return { ...known, end: "answered", answer: answerArm(request, null) };
  switch (fault.kind) {
    case "throttled":
    case "busy":
    case "denied":
    case "policy":
      return { ...known, end: "answered", answer: faultAnswer(fault, faultSubject(request)) };
    case "server-error":
      if (fault.when === "after") answerArm(request, null);
      return { ...known, end: "answered", answer: faultAnswer(fault, faultSubject(request)) };
    case "reset":
    case "hang": {
      const answer: Answer = fault.when === "after" ? answerArm(request, null) : { status: 0 };
      return { ...known, end: fault.kind === "reset" ? "reset" : "hung", answer };
    }
    case "slow": {
      if (fault.when === "before") await pause(fault.delayMs, services.closing);
      const answer = answerArm(request, null);
      if (fault.when === "after") await pause(fault.delayMs, services.closing);
      return { ...known, end: "answered", answer };
    }
    case "ignored":
    case "partial":
    case "async":
      return { ...known, end: "answered", answer: answerArm(request, fault) };
    default:
      return fault satisfies never;
  }
}

interface ArmRequest {
  readonly exchange: Exchange;
  readonly services: ArmServices;
  readonly principal: Principal;
  readonly matched: MatchedRoute;
}

function answerArm(request: ArmRequest, fault: Fault | null): Answer {
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

/** Only the routing principal and the managed identity have rights, and app settings stay closed in some groups. */
function deniedAnswer(request: ArmRequest, place: PlaceCheck, behaviour: Behaviour): Answer | null {
  const { principal, matched, exchange } = request;
  if (matched.kind === "unknown") return null;
  const { action } = matched.route;
  const group = matched.values.group?.toLowerCase();
  const isClosed =
    action.endsWith("/config/list/action") &&
    behaviour.appSettingsDeniedIn.some((name) => name.toLowerCase() === group);
  if (principal.name !== "bot" && !isClosed) return null;
  const scope = place.kind === "found" && place.site !== null ? siteId(place.site) : exchange.path;
  return authorizationFailed({ clientId: principal.clientId, objectId: principal.objectId, action, scope });
}

function faultSubject(request: ArmRequest): FaultSubject {
  const { matched, services, exchange, principal } = request;
  const place = matched.kind === "route" ? checkPlace(matched.values, services.store) : null;
  const site: StoredSite | null = place?.kind === "found" ? place.site : null;
  return {
    principal,
    scope: site === null ? exchange.path : siteId(site),
    action: matched.kind === "route" ? matched.route.action : "unknown",
    subnetId: String(site?.properties.virtualNetworkSubnetId ?? ""),
    now: services.now(),
  };
}

function siteName(matched: Extract<MatchedRoute, { kind: "route" }>): string | null {
  const { site, slot } = matched.values;
  if (site === undefined) return null;
  return slot === undefined ? site : `${site}/${slot}`;
}

async function pause(ms: number, closing: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal: closing });
  } catch {
    // The server is closing: nobody waits for the rest of the delay.
  }
}
