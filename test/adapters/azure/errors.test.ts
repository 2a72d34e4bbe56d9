import { describe, expect, test } from "vitest";
import { failureOfAnswer, failureOfError, wasNeverSent } from "../../../src/adapters/azure/errors.ts";
import { NoAnswerInTime } from "../../../src/adapters/azure/resource-manager.ts";
import { armAnswer } from "./peers.ts";

const now = new Date("2026-11-22T12:00:00Z");
const arm = (code: string, message: string, more: object = {}) => ({ error: { code, message, ...more } });

describe("what an answer means", () => {
  const answers: readonly [string, number, unknown, object][] = [
    [
      "a missing right",
      403,
      arm(
        "AuthorizationFailed",
        "The client 'routebot' with object id '1' does not have authorization to perform action 'Microsoft.Web/sites/write' over scope '/subscriptions/1' or the scope is invalid.",
      ),
      {
        code: "azure-denied",
        serviceCode: "AuthorizationFailed",
        missingAction: "Microsoft.Web/sites/write",
        message: expect.stringContaining("Microsoft.Web/sites/write"),
      },
    ],
    [
      "a missing right on a linked resource: not the one that it has",
      403,
      arm(
        "LinkedAuthorizationFailed",
        "The client has permission to perform action 'Microsoft.Web/sites/write' on scope '/a'; however, it does not have permission to perform action(s) 'Microsoft.Network/virtualNetworks/subnets/join/action' on the linked scope(s) '/b' or the linked scope(s) are invalid.",
      ),
      { code: "azure-denied", missingAction: "Microsoft.Network/virtualNetworks/subnets/join/action" },
    ],
    [
      "a policy, by the name that people gave it",
      403,
      arm("RequestDisallowedByPolicy", "Resource 'shop-web' was disallowed by policy.", {
        additionalInfo: [
          {
            type: "PolicyViolation",
            info: { policyDefinitionName: "1", policyAssignmentDisplayName: "Route it all" },
          },
        ],
      }),
      {
        code: "azure-policy",
        message: expect.stringMatching(/^The Azure Policy "Route it all" forbids it; /),
      },
    ],
    [
      "a policy, with the definition that its assignment is of",
      403,
      arm("RequestDisallowedByPolicy", "Disallowed.", {
        additionalInfo: [
          {
            type: "PolicyViolation",
            info: {
              policyAssignmentName: "route-it-all",
              policyDefinitionDisplayName: "App traffic must be routed",
            },
          },
        ],
      }),
      {
        code: "azure-policy",
        message: expect.stringContaining('"route-it-all" (App traffic must be routed) forbids it'),
      },
    ],
    [
      "a policy that only the sentence names",
      403,
      arm(
        "RequestDisallowedByPolicy",
        `Resource 'shop-web' was disallowed by policy. Policy identifiers: '[{"policyAssignment":{"name":"route-it-all","id":"/x"},"policyDefinition":{"id":"/y"}}]'.`,
      ),
      {
        code: "azure-policy",
        message: expect.stringContaining('The Azure Policy "route-it-all" forbids it'),
      },
    ],
    [
      "a policy without a name",
      403,
      arm("RequestDisallowedByPolicy", "Disallowed."),
      { code: "azure-policy", message: "An Azure Policy forbids it: Disallowed." },
    ],
    [
      "another operation, in App Service's envelope",
      409,
      { Code: "Conflict", Message: "Cannot modify this site because another operation is in progress." },
      { code: "azure-busy", serviceCode: "Conflict", message: expect.stringContaining("another operation") },
    ],
    ["a lock", 409, arm("ScopeLocked", "The scope is locked."), { code: "azure-rejected" }],
    [
      "a conflict of properties, verbatim",
      400,
      {
        Code: "BadRequest",
        Message: "There was a conflict. SiteConfig.VnetRouteAllEnabled cannot be modified.",
      },
      {
        code: "azure-rejected",
        message:
          "Azure rejected the request (400): There was a conflict. SiteConfig.VnetRouteAllEnabled cannot be modified.",
      },
    ],
    [
      "a token that is not accepted",
      401,
      arm("ExpiredAuthenticationToken", "Expired."),
      { code: "azure-signin" },
    ],
    ["a gateway's page", 502, "<html>Bad Gateway</html>", { code: "azure-unexpected", status: 502 }],
    [
      "nothing at all",
      500,
      undefined,
      { code: "azure-unexpected", message: "Azure answered with status 500" },
    ],
    ["a time-out of the service", 408, undefined, { code: "azure-unexpected" }],
  ];
  test.each(answers)("%s", (_name, status, body, expected) => {
    expect(failureOfAnswer(armAnswer(status, body), now)).toMatchObject({ status, ...expected });
  });

  test.each([
    ["seconds", { "retry-after": "7" }, 7_000],
    ["a date", { "retry-after": "Sun, 22 Nov 2026 12:00:30 GMT" }, 30_000],
    ["a date that has passed", { "retry-after": "Sun, 22 Nov 2026 11:00:00 GMT" }, 0],
    ["milliseconds", { "x-ms-retry-after-ms": "250", "retry-after": "7" }, 250],
    ["nonsense", { "retry-after": "soon" }, undefined],
  ])("Retry-After as %s", (_form, headers, expected) => {
    const failure = failureOfAnswer(armAnswer(429, undefined, headers), now);
    expect(failure).toMatchObject({ code: "azure-throttled" });
    expect(failure.retryAfterMs).toBe(expected);
  });

  test("the ids that Microsoft's support asks for", () => {
    const headers = { "x-ms-request-id": "r", "x-ms-correlation-request-id": "c" };
    expect(failureOfAnswer(armAnswer(500, undefined, headers), now)).toMatchObject({
      requestId: "r",
      correlationId: "c",
    });
  });
});

describe("what it means that there is no answer", () => {
  const errors: readonly [string, Error, string, boolean][] = [
    ["refused connection", coded("ECONNREFUSED"), "azure-unreachable", true],
    ["unknown host", coded("ENOTFOUND"), "azure-unreachable", true],
    ["untrusted certificate", coded("SELF_SIGNED_CERT_IN_CHAIN"), "azure-unreachable", true],
    ["broken connection", coded("ECONNRESET"), "azure-unreachable", false],
    ["broken answer", coded("PARSE_ERROR"), "azure-unreachable", false],
    ["no answer in time", new NoAnswerInTime("no answer in time"), "azure-unreachable", false],
    ["failed sign-in", named("AuthenticationError"), "azure-signin", true],
    ["no credential", named("CredentialUnavailableError"), "azure-signin", true],
    ["anything else", new Error("?"), "azure-unreachable", false],
  ];
  test.each(errors)("%s", (_name, error, code, neverSent) => {
    expect(failureOfError(error, now).code).toBe(code);
    expect(wasNeverSent(error)).toBe(neverSent);
  });

  test("an answer inside an error of the typed client is read", () => {
    const error = Object.assign(new Error("No."), { statusCode: 403, code: "AuthorizationFailed" });
    expect(failureOfError(error, now)).toMatchObject({
      code: "azure-denied",
      status: 403,
      serviceCode: "AuthorizationFailed",
    });
  });

  function coded(code: string): Error {
    return Object.assign(new Error(code), { code });
  }

  function named(name: string): Error {
    return Object.assign(new Error("no"), { name });
  }
});
