import { mapSays } from "../../domain/routing/routing-map.ts";
import type { SiteObservation } from "../../domain/routing/site-observation.ts";
import type { WriteReceipt, WriteRequest, WriteResult } from "../../ports/routing-service.ts";
import type { AzureTools } from "./azure-settings.ts";
import { failureOfAnswer, failureOfError, wasNeverSent } from "./errors.ts";
import { changedBeside, parseWholeSite, putBody, type WholeSite } from "./put-body.ts";
import type { ArmRequest, ResourceManager } from "./resource-manager.ts";
import { observationOf, parseSiteBody } from "./site-body.ts";
import { sitePath } from "./site-id.ts";
import { receiptOfWrite } from "./write-receipt.ts";

export type AcceptedPatch = {
  readonly request: WriteRequest;
  readonly receipt: WriteReceipt;
  /** The time of the PATCH is that of the PUT as well: the caller's lease is not longer. */
  readonly limits: Pick<ArmRequest, "limit" | "signal">;
};

/** Azure says 200 before it is done: so long is looked before a PATCH counts as without effect. */
const pausesMs = [1_000, 2_000, 4_000] as const;

/**
 * After a PATCH that Azure accepted: looks whether it has an effect, and sends the whole site with PUT when it has none. Off
 * unless it was configured; see docs/adr/0019. It steps back to the PATCH's receipt, and the reading back decides, wherever
 * it cannot be sure: the site could not be read, changed in any way since it was approved, or has an operation in progress.
 */
export function createPutFallback(
  arm: ResourceManager,
  { clock, log }: AzureTools,
): (patch: AcceptedPatch) => Promise<WriteResult> {
  return async (patch) => {
    const accepted: WriteResult = { kind: "accepted", receipt: patch.receipt };
    if (patch.receipt.operationUrl !== undefined) return accepted;
    let site = await read(patch);
    for (const pauseMs of pausesMs) {
      if (site === undefined || !isUntouched(site, patch.request)) return accepted;
      if (!(await paused(patch, pauseMs))) return accepted;
      site = await read(patch);
    }
    if (site === undefined || !isUntouched(site, patch.request) || patch.limits.limit.aborted)
      return accepted;
    log.warn("azure-put-fallback", { site: patch.request.observation.target.resourceId });
    return put(patch, site);
  };

  /** False when the time of the write ends before the pause does. */
  async function paused({ limits: { limit, signal } }: AcceptedPatch, pauseMs: number): Promise<boolean> {
    try {
      await clock.sleep(pauseMs, signal === undefined ? limit : AbortSignal.any([signal, limit]));
      return true;
    } catch (error) {
      signal?.throwIfAborted();
      if (!limit.aborted) throw error;
      return false;
    }
  }

  async function read({ request, limits }: AcceptedPatch): Promise<WholeSite | undefined> {
    const { target, apiVersion } = request.observation;
    try {
      const answer = await arm.send({ method: "GET", path: sitePath(target, apiVersion), ...limits });
      return answer.status === 200 ? parseWholeSite(answer.body) : undefined;
    } catch (error) {
      limits.signal?.throwIfAborted();
      log.warn("azure-put-fallback-unread", { code: failureOfError(error, clock.now()).code });
      return undefined;
    }
  }

  async function put(patch: AcceptedPatch, site: WholeSite): Promise<WriteResult> {
    const { request, receipt, limits } = patch;
    const { target, apiVersion, generation } = request.observation;
    const body = putBody(site, generation, request.wanted);
    try {
      const answer = await arm.send({ method: "PUT", path: sitePath(target, apiVersion), body, ...limits });
      if (answer.status >= 200 && answer.status < 300) {
        const changed = await changedSince(patch, site);
        return {
          kind: "accepted",
          receipt: {
            ...receiptOfWrite(answer, arm.origin),
            way: "put",
            ...(changed.length > 0 ? { changedProperties: changed } : {}),
          },
        };
      }
      const failure = failureOfAnswer(answer, clock.now());
      const certain = answer.status >= 400 && answer.status < 500 && answer.status !== 408;
      // The PATCH was accepted and may still take effect: "nothing was changed" would be more than is known.
      return certain
        ? { kind: "accepted", receipt: { ...receipt, fallbackRefused: failure.message } }
        : { kind: "unclear", failure };
    } catch (error) {
      limits.signal?.throwIfAborted();
      const failure = failureOfError(error, clock.now());
      log.warn("azure-write-unanswered", { site: target.resourceId, code: failure.code });
      return wasNeverSent(error)
        ? { kind: "accepted", receipt: { ...receipt, fallbackRefused: failure.message } }
        : { kind: "unclear", failure };
    }
  }

  async function changedSince(patch: AcceptedPatch, before: WholeSite): Promise<readonly string[]> {
    const after = await read(patch);
    return after === undefined ? [] : changedBeside(before, after, patch.request.observation.generation);
  }
}

/** Whether the site still is exactly as it was when the write was approved, and nothing is under way on it. */
function isUntouched(site: WholeSite, { observation, wanted }: WriteRequest): boolean {
  const body = parseSiteBody(site);
  if (body === undefined) return false;
  const now = observationOf(body, observation.target, observation.generation);
  return (
    now.operationInProgress === undefined &&
    !mapSays(now.storedMap, wanted) &&
    mapSays(now.storedMap, observation.storedMap) &&
    mapSays(observation.storedMap, now.storedMap) &&
    subnetOf(now) === subnetOf(observation) &&
    now.sku === observation.sku
  );
}

function subnetOf({ integration }: Pick<SiteObservation, "integration">): string {
  return integration.kind === "regional" ? integration.subnetId.toLowerCase() : integration.kind;
}
