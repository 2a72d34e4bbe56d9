import type { IncomingMessage, ServerResponse } from "node:http";
import type { z } from "zod";
import { faultOrdersSchema } from "../faults/fault.ts";
import type { FaultList } from "../faults/fault-list.ts";
import { type Answer, type Exchange, queryValue } from "../http/exchange.ts";
import { parseJson } from "../http/json.ts";
import { readExchange } from "../http/read-exchange.ts";
import { sendAnswer } from "../http/send-answer.ts";
import type { RequestLog } from "../log/request-log.ts";
import { type Behaviour, behaviourSchema } from "../world/behaviour.ts";
import type { Store } from "../world/store.ts";
import { changeSite, lookUpSite, siteChangeSchema } from "./change-site.ts";
import type { Events } from "./events.ts";
import { summarizeSite, summarizeSites } from "./site-summary.ts";

/** Everything under this prefix steers the simulator and is no part of the simulated cloud. */
export const ADMIN_PREFIX = "/_local";

export interface AdminServices {
  readonly store: Store;
  readonly faults: FaultList;
  readonly log: RequestLog;
  readonly events: Events;
  readonly behaviour: () => Behaviour;
  readonly setBehaviour: (behaviour: Behaviour) => void;
  readonly reset: () => void;
  readonly origins: readonly [string, ...string[]];
  /** Origins of web pages that may steer as well. */
  readonly trustedOrigins: readonly string[];
}

export function isAdminRequest(request: IncomingMessage): boolean {
  const path = (request.url ?? "").split("?")[0] ?? "";
  return path === ADMIN_PREFIX || path.startsWith(`${ADMIN_PREFIX}/`);
}

/** Answers a request to the admin side. It needs no token, so a web page of another origin is refused. */
export async function serveAdmin(
  request: IncomingMessage,
  response: ServerResponse,
  services: AdminServices,
): Promise<void> {
  const reading = await readExchange(request, services.origins);
  if (reading.kind !== "read") {
    sendAnswer(response, problem(400, "The request cannot be read."));
    return;
  }
  const { exchange } = reading;
  const refusal = strangerRefusal(exchange, services);
  if (refusal !== null) {
    sendAnswer(response, refusal);
    return;
  }
  if (exchange.method === "GET" && exchange.path === `${ADMIN_PREFIX}/events`) {
    services.events.stream(response);
    return;
  }
  sendAnswer(response, adminAnswer(exchange, services), { "cache-control": "no-store" });
}

/** Against web pages: a foreign Origin, or a foreign name for this address (DNS rebinding). */
function strangerRefusal(exchange: Exchange, services: AdminServices): Answer | null {
  const { origin, host } = exchange.headers;
  if (!services.origins.includes(`https://${host ?? ""}`)) {
    return problem(403, `The Host header must be one of ${services.origins.join(", ")}.`);
  }
  if (origin === undefined || [...services.origins, ...services.trustedOrigins].includes(origin)) return null;
  return problem(403, `Web pages of ${origin} may not steer the local Azure.`);
}

function adminAnswer(exchange: Exchange, services: AdminServices): Answer {
  const [, area = "", ...rest] = exchange.segments;
  const { method } = exchange;
  if (area === "sites") return sitesAnswer(exchange, rest.join("/"), services);
  if (rest.length > 0) return unknown(exchange);
  switch (`${method} ${area}`) {
    case "GET faults":
      return { status: 200, body: toJson(services.faults.list()) };
    case "PUT faults":
      return withBody(exchange, faultOrdersSchema, (orders) => {
        services.faults.replace(orders);
        return services.faults.list();
      });
    case "POST faults":
      return withBody(exchange, faultOrdersSchema, (orders) => {
        services.faults.add(orders);
        return services.faults.list();
      });
    case "DELETE faults":
      services.faults.clear();
      return { status: 204 };
    case "GET requests":
      return {
        status: 200,
        body: toJson(services.log.list(Number(queryValue(exchange, "after") ?? 0) || 0)),
      };
    case "DELETE requests":
      services.log.clear();
      return { status: 204 };
    case "GET behaviour":
      return { status: 200, body: toJson(services.behaviour()) };
    case "PATCH behaviour":
      return withBody(exchange, behaviourSchema.partial(), (change) => {
        services.setBehaviour({ ...services.behaviour(), ...change });
        return services.behaviour();
      });
    case "POST reset":
      services.reset();
      return { status: 204 };
    default:
      return unknown(exchange);
  }
}

function sitesAnswer(exchange: Exchange, reference: string, services: AdminServices): Answer {
  const { store } = services;
  if (reference === "") {
    return exchange.method === "GET"
      ? { status: 200, body: toJson(summarizeSites(store)) }
      : unknown(exchange);
  }
  const lookup = lookUpSite(store, reference);
  switch (lookup.kind) {
    case "none":
      return problem(404, `There is no site '${reference}'.`);
    case "several":
      return problem(
        409,
        `There are several sites of this name; use one of the ids: ${lookup.ids.join(", ")}`,
      );
    case "one":
      if (exchange.method === "GET") return { status: 200, body: toJson(summarizeSite(store, lookup.site)) };
      if (exchange.method !== "PATCH") return unknown(exchange);
      return withBody(exchange, siteChangeSchema, (order) =>
        summarizeSite(store, changeSite(store, lookup.site, order)),
      );
    default:
      return lookup satisfies never;
  }
}

function withBody<T>(exchange: Exchange, schema: z.ZodType<T>, act: (body: T) => unknown): Answer {
  const json = parseJson(exchange.text);
  if (json === undefined) return problem(400, "The body is not JSON.");
  const read = schema.safeParse(json);
  if (!read.success) {
    const problems = read.error.issues.map((issue) => `${issue.path.join(".") || "body"}: ${issue.message}`);
    return { status: 400, body: { error: "The body does not have the right shape.", problems } };
  }
  return { status: 200, body: toJson(act(read.data)) };
}

function unknown(exchange: Exchange): Answer {
  return problem(
    404,
    `There is no ${exchange.method} ${exchange.path} on the admin side of the local Azure.`,
  );
}

function problem(status: number, error: string): Answer {
  return { status, body: { error } };
}

/** What is sent is plain data; this says so to the compiler as well. */
function toJson(value: unknown) {
  return parseJson(JSON.stringify(value)) ?? null;
}
