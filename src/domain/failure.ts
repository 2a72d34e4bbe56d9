import type { SourceName } from "./routing/sources.ts";

/**
 * The catalogue of coded failures and refusals: what people are told has a code that docs/failures.md explains.
 * A refusal is ours ("we decline and say why"), a failure is something that broke.
 */
export const refusalCodes = [
  "not-allowed-to-request",
  "no-rule",
  "not-an-approver",
  "self-approval",
  "already-decided",
  "already-approved-by-you",
  "nothing-to-withdraw",
  "not-allowed-to-stop",
  "not-allowed-to-break-glass",
  "reason-missing",
  "review-due",
  "sign-in-needed",
  "sign-in-impossible",
  "sign-in-of-another",
  "sign-in-failed",
  "too-late",
  "not-cancellable",
  "not-yours-to-cancel",
  "unknown-request",
  "wrong-place",
  "plan-changed",
  "prompt-expired",
  "prompt-not-yours",
  "opposite-request-open",
  "several-sites",
  "site-not-found",
  "site-ambiguous",
  "not-integrated",
  "not-applicable",
  "not-expressible",
  "operation-in-progress",
  "perimeter-enforced",
  "not-supported",
  "too-many-sites",
  "own-site",
  "still-open",
  "nothing-to-undo",
  "not-temporary",
  "not-yours-to-end",
  "duration-not-allowed",
] as const;
export type RefusalCode = (typeof refusalCodes)[number];

/** We decline, and say why in one sentence that also says what to do; `source` is where it is written, if it is. */
export type Refusal = { readonly code: RefusalCode; readonly message: string; readonly source?: SourceName };

export const failureCodes = [
  "azure-unreachable",
  "azure-throttled",
  "azure-busy",
  "azure-denied",
  "azure-policy",
  "azure-rejected",
  "azure-signin",
  "azure-unexpected",
  "accepted-not-applied",
  "partly-applied",
  "outcome-unknown",
  "not-applied",
  "interrupted",
] as const;
export type FailureCode = (typeof failureCodes)[number];

/**
 * Something broke, told for people (`message`, one sentence, no secret) and for operators: what Azure answered, and the ids
 * that Microsoft's support asks for.
 */
export type Failure = {
  readonly code: FailureCode;
  readonly message: string;
  /** Code in the service's own error body, e.g. `LinkedAuthorizationFailed`. */
  readonly serviceCode?: string;
  /** The permission that was missing, e.g. `Microsoft.Network/virtualNetworks/subnets/join/action`. */
  readonly missingAction?: string;
  readonly status?: number;
  /** `x-ms-request-id` and `x-ms-correlation-request-id` of the answer. */
  readonly requestId?: string;
  readonly correlationId?: string;
  /** The service asked us to wait that long before trying again. */
  readonly retryAfterMs?: number;
};
