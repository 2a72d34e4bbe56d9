/**
 * - `failed`: this process cannot do its work, as it is set up.
 * - `unclear`: it could not be found out; whatever is away is away for every replica, so none of them is less fit for it.
 *
 * `why` is a fixed sentence, without secrets: anybody may read it.
 */
export type Finding =
  | { readonly kind: "in-order" }
  | { readonly kind: "failed"; readonly why: string }
  | { readonly kind: "unclear"; readonly why: string };

export const inOrder: Finding = { kind: "in-order" };

/** Something that has to be in order for the bot to be ready. */
export type ReadinessCheck = {
  readonly name: string;
  /** Looks once. A rejection is `unclear`. */
  look(signal: AbortSignal): Promise<Finding>;
};

const unreachableCodes: ReadonlySet<unknown> = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** Whether an error, or one that it was caused by, is of the network or of patience: nobody has refused anything. */
export function isUnreachable(error: unknown, depth = 0): boolean {
  if (!(error instanceof Error) || depth > 5) return false;
  if (error.name === "AbortError" || error.name === "TimeoutError") return true;
  // What MSAL makes of a broken connection: the reason is in its text alone.
  if (/\bnetwork_error\b|endpoints_resolution_error/.test(error.message)) return true;
  if ("code" in error && unreachableCodes.has(error.code)) return true;
  const inner = [error.cause, ...("errors" in error && Array.isArray(error.errors) ? error.errors : [])];
  return inner.some((one) => isUnreachable(one, depth + 1));
}
