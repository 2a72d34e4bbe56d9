import { z } from "zod";
import type { Failure } from "../../domain/failure.ts";
import type { AzureTools } from "./azure-settings.ts";
import { failureOfAnswer, failureOfError, retryAfterOf } from "./errors.ts";
import type { ArmAnswer, ResourceManager } from "./resource-manager.ts";

/** How an asynchronous operation ended: only `failed` says more than reading the site will. */
export type OperationEnd =
  | { readonly kind: "ended" }
  | { readonly kind: "failed"; readonly failure: Failure }
  /** The deadline passed first. */
  | { readonly kind: "running" }
  /** Its state could not be read any more. */
  | { readonly kind: "lost"; readonly failure: Failure };

const operationStatus = z.object({ status: z.string() });

const pollMs = 2_000;
const longestPollMs = 30_000;
const timeoutMs = 20_000;
/** Readings in a row that may fail before the operation counts as lost. */
const patience = 3;

/**
 * Polls an operation until it ends or the deadline passes; the first time at once. Understands both ways of Azure: a body with
 * `status` (Azure-AsyncOperation), and 202 until it is done (Location).
 */
export async function followOperation(
  arm: ResourceManager,
  { clock, log }: AzureTools,
  request: { readonly url: string; readonly deadline: Date; readonly signal?: AbortSignal },
): Promise<OperationEnd> {
  const { url, deadline, signal } = request;
  for (let failures = 0; ; ) {
    let waitMs = pollMs;
    try {
      const limit = AbortSignal.timeout(timeoutMs);
      const answer = await arm.send({ method: "GET", path: url, limit, ...(signal ? { signal } : {}) });
      const end = endOf(answer, clock.now());
      if (end !== undefined && end.kind !== "lost") return end;
      failures = end === undefined ? 0 : failures + 1;
      if (end !== undefined && failures >= patience) return end;
      waitMs = retryAfterOf(answer, clock.now()) ?? pollMs;
    } catch (error) {
      signal?.throwIfAborted();
      failures += 1;
      log.warn("azure-operation-unreadable", {
        reason: error instanceof Error ? error.message : String(error),
      });
      if (failures >= patience) return { kind: "lost", failure: failureOfError(error, clock.now()) };
    }
    const left = deadline.getTime() - clock.now().getTime();
    if (left <= 0) return { kind: "running" };
    await clock.sleep(Math.min(waitMs, longestPollMs, left), signal);
  }
}

function endOf(answer: ArmAnswer, now: Date): OperationEnd | undefined {
  if (answer.status === 202) return undefined;
  if (answer.status === 404 || answer.status === 204) return { kind: "ended" };
  if (answer.status < 200 || answer.status >= 300)
    return { kind: "lost", failure: failureOfAnswer(answer, now) };
  const parsed = operationStatus.safeParse(answer.body);
  if (!parsed.success) return { kind: "ended" };
  switch (parsed.data.status.toLowerCase()) {
    case "succeeded":
      return { kind: "ended" };
    case "failed":
    case "canceled":
      return { kind: "failed", failure: failureOfOperation(answer, now) };
    default:
      return undefined;
  }
}

/** The operation's own error has the envelope of an answer, in a body that came with 200. */
function failureOfOperation(answer: ArmAnswer, now: Date): Failure {
  const { message, ...rest } = failureOfAnswer({ ...answer, status: 400 }, now);
  const { status: _, ...failure } = rest;
  return {
    ...failure,
    message: message.replace(/^Azure rejected the request \(400\)/, "Azure's operation failed"),
  };
}
