import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Events } from "./admin/events.ts";
import type { ArmServices } from "./arm/answer-arm.ts";
import { armError } from "./arm/errors.ts";
import { type ArmEnd, handleArmRequest } from "./arm/handle-arm-request.ts";
import { type AuthorityContext, askedClient, authorityAnswer } from "./authority/authority.ts";
import { siteFrontAnswer } from "./front/site-front.ts";
import { graphAnswer } from "./graph/transitive-members.ts";
import { type Exchange, queryValue } from "./http/exchange.ts";
import { type Json, parseJson } from "./http/json.ts";
import { readExchange } from "./http/read-exchange.ts";
import { sendAnswer } from "./http/send-answer.ts";
import { redactBody } from "./log/redact.ts";
import type { RequestLog } from "./log/request-log.ts";

export interface AzureServices {
  readonly arm: ArmServices;
  readonly authority: AuthorityContext;
  readonly log: RequestLog;
  readonly events: Events;
  /** The server's addresses; the first is the one it is known by. */
  readonly origins: readonly [string, ...string[]];
  readonly now: () => Date;
}

/** Answers a request to the cloud itself (not to its admin side) and logs it. */
export async function serveAzure(
  request: IncomingMessage,
  response: ServerResponse,
  services: AzureServices,
): Promise<void> {
  const sequence = services.log.nextSequence();
  const time = services.now().toISOString();
  const started = performance.now();
  const reading = await readExchange(request, services.origins);
  if (reading.kind !== "read") {
    const isLarge = reading.kind === "too-large";
    const message = isLarge ? "The request body is larger than 4 MB." : "The path is not correctly encoded.";
    const code = isLarge ? "RequestEntityTooLarge" : "BadRequest";
    sendAnswer(response, armError({ status: isLarge ? 413 : 400, code, message }));
    return;
  }
  const { exchange } = reading;
  const front = siteFrontAnswer(exchange, services.arm.store);
  if (front !== null) {
    sendAnswer(response, front);
    return;
  }
  services.events.emit({ kind: "arrived", sequence, method: exchange.method, path: exchange.path });
  const authority = await authorityAnswer(exchange, services.authority);
  const graph = authority === null ? await graphAnswer(exchange, services.authority) : null;
  const besides = authority ?? graph;
  const surface = authority ? "authority" : graph ? "graph" : "arm";
  const end: ArmEnd =
    besides === null
      ? await handleArmRequest(exchange, services.arm)
      : {
          end: "answered",
          answer: besides,
          route: surface,
          site: null,
          principal: null,
          fault: null,
          rateHeaders: {},
        };
  const requestId = randomUUID();
  finish({
    request,
    response,
    exchange,
    end,
    headers: commonHeaders(exchange, end, requestId),
  });
  const isAuthority = authority !== null;
  const asked = isAuthority ? askedClient(exchange) : null;
  services.log.add({
    sequence,
    time,
    durationMs: Math.round((performance.now() - started) * 100) / 100,
    surface,
    method: exchange.method,
    path: exchange.path,
    query: exchange.query.toString(),
    apiVersion: queryValue(exchange, "api-version"),
    route: end.route,
    site: end.site,
    status: end.end === "answered" ? end.answer.status : null,
    end: end.end,
    principal:
      end.principal?.name ??
      services.authority.principals.find((one) => one.clientId === asked)?.name ??
      null,
    fault: end.fault,
    requestId,
    clientRequestId: headerText(exchange, "x-ms-client-request-id"),
    ...loggedBodies(exchange, end, isAuthority),
  });
}

function finish(request: {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly exchange: Exchange;
  readonly end: ArmEnd;
  readonly headers: Readonly<Record<string, string>>;
}): void {
  switch (request.end.end) {
    case "answered":
      sendAnswer(request.response, request.end.answer, request.headers);
      return;
    case "reset":
      request.request.socket.destroy();
      return;
    case "hung":
      return;
    default:
      request.end.end satisfies never;
  }
}

function commonHeaders(exchange: Exchange, end: ArmEnd, requestId: string): Record<string, string> {
  const clientRequestId = headerText(exchange, "x-ms-client-request-id");
  return {
    "cache-control": "no-cache",
    "strict-transport-security": "max-age=31536000; includeSubDomains",
    "x-content-type-options": "nosniff",
    "x-ms-request-id": requestId,
    "x-ms-correlation-request-id": headerText(exchange, "x-ms-correlation-request-id") ?? randomUUID(),
    "x-ms-routing-request-id": `LOCAL:${requestId}`,
    ...(clientRequestId === null ? {} : { "x-ms-client-request-id": clientRequestId }),
    ...end.rateHeaders,
  };
}

/** Bodies for the log: none for the token authority, app settings without their values. */
function loggedBodies(
  exchange: Exchange,
  end: ArmEnd,
  isAuthority: boolean,
): { readonly requestBody: Json; readonly responseBody: Json } {
  if (isAuthority) return { requestBody: null, responseBody: null };
  const isAppSettings = /\/config\/appsettings(\/list)?\/?$/i.test(exchange.path);
  const requestBody = exchange.text === "" ? null : (parseJson(exchange.text) ?? "(not JSON)");
  return {
    requestBody: redactBody(requestBody, isAppSettings),
    responseBody: redactBody(end.answer.body ?? null, isAppSettings),
  };
}

function headerText(exchange: Exchange, name: string): string | null {
  const value = exchange.headers[name];
  return typeof value === "string" ? value : null;
}
