import { z } from "zod";
import type { Failure, FailureCode } from "../../domain/failure.ts";
import { retryAfterMs } from "./request-policies.ts";
import { type ArmAnswer, NoAnswerInTime, UnexpectedAnswer } from "./resource-manager.ts";

const policyInfo = z.object({
  info: z.object({
    policyDefinitionDisplayName: z.string().optional(),
    policyDefinitionName: z.string().optional(),
    policyAssignmentDisplayName: z.string().optional(),
    policyAssignmentName: z.string().optional(),
  }),
});

const armError = z.object({
  code: z.string().optional(),
  message: z.string().optional(),
  additionalInfo: z.array(z.unknown()).optional(),
});

/** Azure Resource Manager's envelope; App Service (Antares) has one of its own, with capitals. */
const armEnvelope = z.object({ error: armError });
const antaresEnvelope = z.object({ Code: z.string().optional(), Message: z.string().optional() });

type ServiceError = {
  readonly code?: string;
  readonly message?: string;
  readonly policies: readonly string[];
};

/** What an answer other than 2xx means. `now` is for a Retry-After that is a date. */
export function failureOfAnswer(answer: ArmAnswer, now: Date): Failure {
  const error = readServiceError(answer.body);
  const action = missingAction(error.message);
  const retry = retryAfterMs(answer.header, now);
  const [requestId, correlationId] = [
    answer.header("x-ms-request-id"),
    answer.header("x-ms-correlation-request-id"),
  ];
  return {
    ...classify(answer.status, error, action),
    status: answer.status,
    ...(error.code === undefined ? {} : { serviceCode: error.code }),
    ...(action === undefined ? {} : { missingAction: action }),
    ...(retry === undefined ? {} : { retryAfterMs: retry }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(correlationId === undefined ? {} : { correlationId }),
  };
}

function classify(
  status: number,
  error: ServiceError,
  action: string | undefined,
): { readonly code: FailureCode; readonly message: string } {
  const said = error.message === undefined ? "" : `: ${oneLine(error.message)}`;
  switch (status) {
    case 401:
      return {
        code: "azure-signin",
        message: `Azure did not accept Routebot's sign-in${said}`,
      };
    case 403:
      return denial(error, action, said);
    case 409:
      return isLocked(error)
        ? { code: "azure-rejected", message: `A resource lock forbids the change${said}` }
        : { code: "azure-busy", message: `Azure is busy with another operation on the site${said}` };
    case 429:
      return {
        code: "azure-throttled",
        message: "Azure asks Routebot to slow down; it has to wait before it tries again.",
      };
    default:
      return status >= 400 && status < 500 && status !== 408
        ? { code: "azure-rejected", message: `Azure rejected the request (${status})${said}` }
        : { code: "azure-unexpected", message: `Azure answered with status ${status}${said}` };
  }
}

function denial(
  error: ServiceError,
  action: string | undefined,
  said: string,
): { readonly code: FailureCode; readonly message: string } {
  if (error.code === "RequestDisallowedByPolicy") {
    const names = error.policies.join(", ");
    return {
      code: "azure-policy",
      message:
        names === ""
          ? `An Azure Policy forbids it${said}`
          : `The Azure Policy ${names} forbids it; whoever is responsible for it can change it or exempt the site.`,
    };
  }
  return {
    code: "azure-denied",
    message:
      action === undefined
        ? `Routebot's identity may not do this${said}`
        : `Routebot's identity lacks the permission ${action}; an administrator can grant it.`,
  };
}

/** How long an answer asks us to wait. */
export function retryAfterOf(answer: ArmAnswer, now: Date): number | undefined {
  return retryAfterMs(answer.header, now);
}

/** What the typed client makes of an answer that it did not expect: the status, and the error where it was ARM's. */
const sdkError = z.object({
  statusCode: z.number(),
  code: z.string().optional(),
  message: z.string().optional(),
});

/** The answer inside an error, of the typed client for example; `undefined` when none came from the resource manager. */
export function serviceErrorOf(error: unknown): ArmAnswer | undefined {
  if (error instanceof UnexpectedAnswer) return error.answer;
  if (isSignInError(error)) return undefined;
  const parsed = sdkError.safeParse(error);
  if (!parsed.success) return undefined;
  const { statusCode, code, message } = parsed.data;
  return { status: statusCode, header: () => undefined, body: { error: { code, message } } };
}

/** What an error means: an answer that the typed client made one of, or no answer at all, or none that could be read. */
export function failureOfError(error: unknown, now: Date): Failure {
  const answer = serviceErrorOf(error);
  return answer === undefined || answer.status < 400
    ? failureWithoutAnswer(error)
    : failureOfAnswer(answer, now);
}

function failureWithoutAnswer(error: unknown): Failure {
  if (error instanceof NoAnswerInTime) {
    return { code: "azure-unreachable", message: "Azure did not answer in time." };
  }
  if (isSignInError(error)) {
    return {
      code: "azure-signin",
      message: "Routebot could not sign in to Azure; an operator finds the reason in its log.",
    };
  }
  const code = codeOf(error);
  return notReached.has(code)
    ? { code: "azure-unreachable", message: `Azure could not be reached (${code}).` }
    : { code: "azure-unreachable", message: "The connection to Azure broke before its answer was complete." };
}

/** Whether an error shows that the request was never sent, so that nothing can have happened. */
export function wasNeverSent(error: unknown): boolean {
  return isSignInError(error) || notReached.has(codeOf(error));
}

/** Errors before a connection stands: name look-up, connect, TLS. */
const notReached: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "ERR_TLS_CERT_ALTNAME_INVALID",
]);

/** Names, because @azure/identity is loaded late. */
const signInErrors: ReadonlySet<string> = new Set([
  "AuthenticationError",
  "AggregateAuthenticationError",
  "AuthenticationRequiredError",
  "CredentialUnavailableError",
]);

function isSignInError(error: unknown): boolean {
  return error instanceof Error && signInErrors.has(error.name);
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : "";
}

function readServiceError(body: unknown): ServiceError {
  const arm = armEnvelope.safeParse(body);
  if (arm.success) {
    const { code, message, additionalInfo } = arm.data.error;
    const named = (additionalInfo ?? []).flatMap(policyName);
    return { code, message, policies: named.length > 0 ? named : policiesInText(message) };
  }
  const antares = antaresEnvelope.safeParse(body);
  if (antares.success) return { code: antares.data.Code, message: antares.data.Message, policies: [] };
  return { policies: [] };
}

/** The assignment's name, which is what an administrator looks for, and the definition's where it says something else. */
function policyName(entry: unknown): readonly string[] {
  const parsed = policyInfo.safeParse(entry);
  if (!parsed.success) return [];
  const { info } = parsed.data;
  const assignment = info.policyAssignmentDisplayName ?? info.policyAssignmentName;
  const definition = info.policyDefinitionDisplayName;
  const name = assignment ?? definition ?? info.policyDefinitionName;
  if (name === undefined) return [];
  return [definition === undefined || definition === name ? `"${name}"` : `"${name}" (${definition})`];
}

const identifiers = z.array(
  z.object({
    policyAssignment: z.object({ name: z.string() }).optional(),
    policyDefinition: z.object({ name: z.string().optional() }).optional(),
  }),
);

/** The list that older answers have in their sentence: `Policy identifiers: '[{"policyAssignment":{"name":…}}]'`. */
function policiesInText(message: string | undefined): readonly string[] {
  const list = message?.match(/Policy identifiers: '(\[.*\])'/s)?.[1];
  const parsed = identifiers.safeParse(jsonOf(list ?? ""));
  return (parsed.data ?? []).flatMap(({ policyAssignment, policyDefinition }) => {
    const name = policyAssignment?.name ?? policyDefinition?.name;
    return name === undefined ? [] : [`"${name}"`];
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The action in Azure's two sentences: "does not have authorization to perform action 'A' over scope …", and, after one that
 * it does have, "does not have permission to perform action(s) 'A' on the linked scope(s) …".
 */
function missingAction(message: string | undefined): string | undefined {
  return message?.match(
    /does not have (?:permission|authorization) to perform action(?:\(s\))? '([^']+)'/,
  )?.[1];
}

function isLocked(error: ServiceError): boolean {
  return error.code === "ScopeLocked" || error.code === "ReadOnlyDisabledSubscription";
}

/** Azure's own words, verbatim but for line breaks and an end. */
function oneLine(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > 600 ? `${line.slice(0, 599)}…` : line;
}
