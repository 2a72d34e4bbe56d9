import type { Answer } from "../http/exchange.ts";
import { armError } from "./errors.ts";

/** Versions of Microsoft.Web, newest first, as the provider metadata lists them. */
const WEB_VERSIONS = [
  "2026-03-15",
  "2026-03-01-preview",
  "2025-05-01",
  "2025-03-01",
  "2024-11-01",
  "2024-04-01",
  "2023-12-01",
  "2023-01-01",
  "2022-09-01",
  "2022-03-01",
  "2021-03-01",
  "2021-02-01",
  "2021-01-15",
  "2021-01-01",
  "2020-12-01",
  "2020-10-01",
  "2020-09-01",
  "2020-06-01",
  "2019-08-01",
  "2018-11-01",
  "2018-02-01",
  "2016-08-01",
] as const;

/** The first version whose sites have `outboundVnetRouting` instead of the four legacy properties. */
const FIRST_WITH_ROUTING_OBJECT = "2024-11-01";

/** Where no list of versions is kept, later dates are refused: nothing simulated here has such a version. */
const LAST_DATE = "2026-12-31";

/** Which names a version uses for the routing flags. */
export type RoutingShape = "legacy-properties" | "routing-object";

export function routingShape(apiVersion: string): RoutingShape {
  return apiVersion.slice(0, 10) >= FIRST_WITH_ROUTING_OBJECT ? "routing-object" : "legacy-properties";
}

/** Versions of Microsoft.Web that a cloud knows; an older one stops before `outboundVnetRouting`. */
export function webVersions(legacyOnly: boolean): readonly string[] {
  return legacyOnly
    ? WEB_VERSIONS.filter((version) => routingShape(version) === "legacy-properties")
    : WEB_VERSIONS;
}

/**
 * Checks `?api-version=`.
 * @param supported the known versions, or "any-date" where this simulator keeps no list
 * @returns null when it is fine
 */
export function apiVersionProblem(request: {
  readonly apiVersion: string | null;
  readonly supported: readonly string[] | "any-date";
  /** `Microsoft.Web/sites`, for the message. */
  readonly type: string;
}): Answer | null {
  const { apiVersion, supported, type } = request;
  if (apiVersion === null || apiVersion === "") {
    return armError({
      status: 400,
      code: "MissingApiVersionParameter",
      message: "The api-version query parameter (?api-version=) is required for all requests.",
    });
  }
  if (!/^\d{4}-\d{2}-\d{2}(-[a-z]+)?$/i.test(apiVersion)) {
    return armError({
      status: 400,
      code: "InvalidApiVersionParameter",
      message: `The api-version '${apiVersion}' is invalid. The supported versions are '${supported === "any-date" ? "YYYY-MM-DD" : supported.join(",")}'.`,
    });
  }
  if (supported === "any-date" && apiVersion > LAST_DATE) {
    return armError({
      status: 400,
      code: "InvalidApiVersionParameter",
      message: `The api-version '${apiVersion}' is invalid: '${type}' has none later than ${LAST_DATE}.`,
    });
  }
  if (supported === "any-date" || supported.includes(apiVersion.toLowerCase())) return null;
  return armError({
    status: 400,
    code: "NoRegisteredProviderFound",
    message: `No registered resource provider found for location 'westeurope' and API version '${apiVersion}' for type '${type}'. The supported api-versions are '${supported.join(", ")}'. The supported locations are 'westeurope, northeurope, uksouth'.`,
  });
}
