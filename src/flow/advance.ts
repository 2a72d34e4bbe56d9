import type { ChangeRequest } from "../domain/change/change-request.ts";
import type { Step } from "../domain/change/step.ts";
import type { Failure } from "../domain/failure.ts";
import type { Effects } from "../ports/change-requests.ts";
import type { JobResult } from "../ports/work.ts";
import { commitStep } from "./commit-step.ts";
import type { Flow } from "./flow.ts";

export const done: JobResult = { kind: "done" };

/** The request after the step, or nothing when somebody else was faster and has it now. */
export async function commit(
  flow: Flow,
  step: Extract<Step, { kind: "moved" }>,
  also: Pick<Effects, "aftercare"> = {},
): Promise<ChangeRequest | undefined> {
  const result = await commitStep(flow, step, also);
  if (result.kind === "done") return result.request;
  flow.log.warn("overtaken", { request: step.to.id, state: result.current.state });
  return undefined;
}

/**
 * Ends the request. When it moved in between it is looked at again from the start: a cancellation that was faster has
 * ended it, and there is nothing left to do.
 */
export async function endWith(
  flow: Flow,
  step: Extract<Step, { kind: "moved" }>,
  also: Pick<Effects, "aftercare"> = {},
): Promise<JobResult> {
  const ended = await commit(flow, step, also);
  return ended ? done : { kind: "again", afterMs: 0 };
}

/** 10, 20, 40 … seconds, at most a minute; longer when Azure asks for it. Source: retries of azure-verified-modules on 409. */
export function pause(attempt: number, failure?: Failure): number {
  const growing = Math.min(10_000 * 2 ** Math.min(attempt - 1, 3), 60_000);
  return Math.max(failure?.retryAfterMs ?? growing, 1_000);
}
