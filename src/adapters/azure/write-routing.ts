import type { Failure } from "../../domain/failure.ts";
import type { WriteRequest, WriteResult } from "../../ports/routing-service.ts";
import type { AzureTools } from "./azure-settings.ts";
import { failureOfAnswer, failureOfError, wasNeverSent } from "./errors.ts";
import type { AcceptedPatch } from "./put-fallback.ts";
import type { ArmAnswer, ArmRequest, ResourceManager } from "./resource-manager.ts";
import { routingBody } from "./site-body.ts";
import { sitePath } from "./site-id.ts";
import { operationLink, receiptOfWrite } from "./write-receipt.ts";

type Limits = Pick<ArmRequest, "limit" | "signal">;

/**
 * Sends the wanted map in one minimal PATCH, with the api-version that the site was observed with, so that a repetition is
 * identical. Nothing else of the site is in it: `siteConfig` would conflict, a subnet id would be checked for rights anew.
 * `fallback` is what follows a PATCH that was accepted, where it is configured.
 */
export function createRoutingWriter(
  arm: ResourceManager,
  { clock, log }: AzureTools,
  fallback?: (patch: AcceptedPatch) => Promise<WriteResult>,
): (request: WriteRequest) => Promise<WriteResult> {
  return async (request) => {
    const { observation, wanted, timeoutMs, signal } = request;
    signal?.throwIfAborted();
    const { target, generation, apiVersion } = observation;
    const path = sitePath(target, apiVersion);
    const body = routingBody(generation, wanted);
    /** One limit for signing in and writing: the caller's lease is not longer. */
    const limits = { limit: AbortSignal.timeout(timeoutMs), ...(signal === undefined ? {} : { signal }) };

    const refused = await signIn(limits);
    if (refused !== undefined) return refused;
    let result: WriteResult;
    try {
      const answer = await arm.send({ method: "PATCH", path, body, ...limits });
      result = resultOf(answer);
    } catch (error) {
      signal?.throwIfAborted();
      log.warn("azure-write-unanswered", {
        site: target.resourceId,
        reason: error instanceof Error ? error.message : String(error),
      });
      const failure = failureOfError(error, clock.now());
      return { kind: wasNeverSent(error) ? "refused" : "unclear", failure };
    }
    if (fallback === undefined || result.kind !== "accepted") return result;
    return fallback({ request, receipt: result.receipt, limits });
  };

  /** Before the write, so that failing to sign in is known to have changed nothing. */
  async function signIn({ limit, signal }: Limits): Promise<WriteResult | undefined> {
    try {
      await arm.signIn(signal === undefined ? limit : AbortSignal.any([signal, limit]));
      return limit.aborted ? { kind: "refused", failure: signInFailed } : undefined;
    } catch (error) {
      signal?.throwIfAborted();
      log.error("azure-sign-in-failed", error);
      return { kind: "refused", failure: signInFailed };
    }
  }

  function resultOf(answer: ArmAnswer): WriteResult {
    const { status } = answer;
    if (status >= 200 && status < 300) {
      const receipt = receiptOfWrite(answer, arm.origin);
      const link = operationLink(answer);
      if (receipt.operationUrl === undefined && link !== undefined) {
        log.warn("azure-operation-elsewhere", { origin: URL.parse(link, arm.origin)?.origin });
      }
      return { kind: "accepted", receipt };
    }
    const failure = failureOfAnswer(answer, clock.now());
    const certain = status >= 400 && status < 500 && status !== 408;
    return { kind: certain ? "refused" : "unclear", failure };
  }
}

const signInFailed: Failure = {
  code: "azure-signin",
  message: "Routebot could not sign in to Azure; nothing was sent.",
};
