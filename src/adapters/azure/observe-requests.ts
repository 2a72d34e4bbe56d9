import type { ClientOptions } from "@azure-rest/core-client";
import type { Log } from "../../ports/log.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import type { Urgency } from "./request-budget.ts";

type RequestPolicy = NonNullable<ClientOptions["additionalPolicies"]>[number]["policy"];

/** Put into each request: Azure's activity log then has it as `correlationId` of everything that the request led to. */
const correlationHeader = "x-ms-correlation-request-id";

/**
 * Tells of each try of a request: how long it took, how it was answered, and the ids that Azure knows it by. Belongs behind
 * everything that waits or sends again. Of the address only the path is told: queries may hold what people typed.
 */
export function observeRequests(
  urgency: Urgency,
  { log, telemetry }: { readonly log: Log; readonly telemetry: Telemetry },
): RequestPolicy {
  return {
    name: "routebot-observe-requests",
    async sendRequest(request, next) {
      const { method } = request;
      const path = new URL(request.url).pathname;
      const step = { kind: "arm", method, urgency } as const;
      const result = ({ status }: { readonly status: number }) => resultOf(status);
      return await telemetry.step(step, { about: { site: siteIn(path) }, result }, async () => {
        const correlation = correlationOf(telemetry.trail());
        if (correlation !== undefined) request.headers.set(correlationHeader, correlation);
        const began = performance.now();
        const ms = () => Math.round(performance.now() - began);
        try {
          const response = await next(request);
          const { status, headers } = response;
          const line = urgency === "survey" && status < 400 ? log.debug : log.info;
          line("arm-request", {
            method,
            path,
            status,
            ms: ms(),
            armRequestId: headers.get("x-ms-request-id"),
            armCorrelationId: headers.get(correlationHeader),
          });
          return response;
        } catch (error) {
          log.warn("arm-request-unanswered", { method, path, ms: ms(), reason: reasonOf(error) });
          throw error;
        }
      });
    },
  };
}

/** `429` by itself, the others by their class. */
function resultOf(status: number): string {
  return status === 429 ? "429" : `${Math.floor(status / 100)}xx`;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** The trace as the GUID that the header takes. */
function correlationOf(trail: string | undefined): string | undefined {
  const [, ...parts] = /^00-(.{8})(.{4})(.{4})(.{4})(.{12})-/.exec(trail ?? "") ?? [];
  return parts.length === 5 ? parts.join("-") : undefined;
}

function siteIn(path: string): string | undefined {
  const [, site, slot] = /\/sites\/([^/]+)(?:\/slots\/([^/]+))?/i.exec(path) ?? [];
  return slot === undefined ? site : `${site}/${slot}`;
}
