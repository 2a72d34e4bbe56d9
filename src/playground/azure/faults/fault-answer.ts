import {
  antaresError,
  armError,
  authorizationFailed,
  busyError,
  linkedAuthorizationFailed,
  siteConfigConflict,
} from "../arm/errors.ts";
import type { Principal } from "../authority/identities.ts";
import type { Answer } from "../http/exchange.ts";
import type { Fault } from "./fault.ts";

/** Faults that are an answer of their own, whatever the request was. */
export type AnsweringFault = Extract<
  Fault,
  { kind: "throttled" | "busy" | "server-error" | "denied" | "policy" | "site-config-conflict" }
>;

export interface FaultSubject {
  readonly principal: Principal;
  /** Path of the resource. */
  readonly scope: string;
  /** Action the request needs. */
  readonly action: string;
  /** Subnet of the site, as the linked scope. */
  readonly subnetId: string;
  readonly now: Date;
}

export function faultAnswer(fault: AnsweringFault, subject: FaultSubject): Answer {
  switch (fault.kind) {
    case "throttled":
      return armError({
        status: 429,
        code: "SubscriptionRequestsThrottled",
        message: `Number of requests for action '${subject.action}' exceeded the limit. Please try again after '${fault.retryAfterSeconds}' seconds.`,
        headers: {
          "retry-after": String(fault.retryAfterSeconds),
          "x-ms-ratelimit-remaining-subscription-reads": "0",
          "x-ms-ratelimit-remaining-subscription-writes": "0",
        },
      });
    case "busy":
      return busyError({
        id: "5f3c7c0e-4a53-4f8e-9b0c-7d5f0a6f2a10",
        name: "Create",
        createdTime: subject.now.toISOString(),
      });
    case "server-error":
      return serverError(fault);
    case "denied": {
      const action = fault.action ?? subject.action;
      const { clientId, objectId } = subject.principal;
      return action.toLowerCase().startsWith("microsoft.network/")
        ? linkedAuthorizationFailed({
            clientId,
            objectId,
            action,
            scope: subject.scope,
            linkedScope: subject.subnetId,
          })
        : authorizationFailed({ clientId, objectId, action, scope: subject.scope });
    }
    case "policy":
      return policyError(fault.policy, subject.scope);
    case "site-config-conflict":
      return siteConfigConflict();
    default:
      return fault satisfies never;
  }
}

function serverError(fault: Extract<Fault, { kind: "server-error" }>): Answer {
  const code = fault.status === 503 ? "ServiceUnavailable" : "InternalServerError";
  const message = "There was an unexpected error. Please try again later.";
  const headers: Record<string, string> =
    fault.retryAfterSeconds === undefined ? {} : { "retry-after": String(fault.retryAfterSeconds) };
  const error = { status: fault.status, code, message, headers };
  return fault.envelope === "arm" ? armError(error) : antaresError(error);
}

function policyError(policy: string, scope: string): Answer {
  const assignment = `/subscriptions/${scope.split("/")[2] ?? ""}/providers/Microsoft.Authorization/policyAssignments/${policy}`;
  const definition =
    "/providers/Microsoft.Authorization/policyDefinitions/a691eacb-474d-47e4-b287-b4813ca44222";
  const site = scope.split("/").at(-1) ?? "";
  return armError({
    status: 403,
    code: "RequestDisallowedByPolicy",
    target: site,
    message: `Resource '${site}' was disallowed by policy. Policy identifiers: '[{"policyAssignment":{"name":"${policy}","id":"${assignment}"},"policyDefinition":{"id":"${definition}"}}]'.`,
    additionalInfo: [
      {
        type: "PolicyViolation",
        info: {
          policyAssignmentId: assignment,
          policyAssignmentName: policy,
          policyAssignmentDisplayName: policy,
          policyDefinitionId: definition,
          policyDefinitionDisplayName: "App traffic must be routed through the virtual network",
          policyDefinitionEffect: "deny",
          policyAssignmentScope: `/subscriptions/${scope.split("/")[2] ?? ""}`,
        },
      },
    ],
  });
}
