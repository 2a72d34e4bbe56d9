import { setTimeout as delay } from "node:timers/promises";
import { isArmAudience } from "../authority/audiences.ts";
import type { Principal } from "../authority/identities.ts";
import type { Fault } from "../faults/fault.ts";
import { type FaultSubject, faultAnswer } from "../faults/fault-answer.ts";
import type { Answer, Exchange } from "../http/exchange.ts";
import { type StoredSite, siteId } from "../world/world.ts";
import { type ArmRequest, type ArmServices, answerArm } from "./answer-arm.ts";
import { authenticate } from "./authenticate.ts";
import { findRoute, type MatchedRoute } from "./find-route.ts";
import { checkPlace } from "./place.ts";

/** How a request ends, with what the log wants to know. */
export interface ArmEnd {
  readonly end: "answered" | "reset" | "hung";
  readonly answer: Answer;
  readonly route: string | null;
  readonly site: string | null;
  readonly principal: Principal | null;
  readonly fault: Fault["kind"] | null;
  readonly rateHeaders: Readonly<Record<string, string>>;
}

/**
 * Works on one request to Azure Resource Manager: token first, then the count of requests, then the fault that was ordered for it,
 * then the answer.
 */
export async function handleArmRequest(exchange: Exchange, services: ArmServices): Promise<ArmEnd> {
  const matched = findRoute(exchange);
  const route = matched.kind === "route" ? matched.route.name : null;
  const site = matched.kind === "route" ? siteName(matched) : null;
  const signedIn = await authenticate(exchange, {
    tokens: services.tokens,
    isAudience: (audience) => isArmAudience(audience, services.ownOrigins),
  });
  if (signedIn.kind === "refused") {
    const { answer } = signedIn;
    return { end: "answered", answer, route, site, principal: null, fault: null, rateHeaders: {} };
  }
  const { principal } = signedIn;
  const counted = services.rates.count({
    method: exchange.method,
    clientId: principal.clientId,
    subscription: exchange.segments[0]?.toLowerCase() === "subscriptions" ? (exchange.segments[1] ?? "") : "",
  });
  const rateHeaders = counted.headers;
  if (counted.refusal !== null && services.behaviour().enforceRateLimits === true) {
    return { end: "answered", answer: counted.refusal, route, site, principal, fault: null, rateHeaders };
  }
  const fault = services.faults.take({ method: exchange.method, path: exchange.path, site, route });
  const request = { exchange, services, principal, matched };
  const known = { route, site, principal, fault: fault?.kind ?? null, rateHeaders };
  if (fault === null) return { ...known, end: "answered", answer: answerArm(request, null) };
  switch (fault.kind) {
    case "throttled":
    case "busy":
    case "denied":
    case "policy":
    case "site-config-conflict":
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
      const isOpen = fault.when === "after" || (await pause(fault.delayMs, services.closing));
      if (!isOpen) return { ...known, end: "hung", answer: { status: 0 } };
      const answer = answerArm(request, null);
      if (fault.when === "after") await pause(fault.delayMs, services.closing);
      return { ...known, end: "answered", answer };
    }
    case "ignored":
    case "partial":
    case "late":
    case "async":
      return { ...known, end: "answered", answer: answerArm(request, fault) };
    default:
      return fault satisfies never;
  }
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

/** @returns false when the server closed meanwhile: nothing may be written any more. */
async function pause(ms: number, closing: AbortSignal): Promise<boolean> {
  try {
    await delay(ms, undefined, { signal: closing });
    return true;
  } catch {
    return false;
  }
}
