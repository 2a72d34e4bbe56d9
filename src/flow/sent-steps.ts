import type { InState } from "../domain/change/change-request.ts";
import type { Flow } from "./flow.ts";

/**
 * How many times this process has sent a step whose end it does not know: what it sent may still take effect, whatever a later try of
 * the same step comes to. Of what another process sent the fence tells.
 */
const sent = new WeakMap<Flow, Map<string, number>>();

type Applying = InState<"applying"> | InState<"verifying">;

export function mayStillTakeEffect(flow: Flow, request: Applying): boolean {
  return request.fence.count > 1 || timesSent(flow, request) > 0;
}

/** To be called before the step is sent. */
export function rememberSent(flow: Flow, request: Applying): void {
  const steps = sent.get(flow) ?? new Map<string, number>();
  sent.set(flow, steps.set(stepOf(request), timesSent(flow, request) + 1));
}

/** Azure said for certain that it did nothing, of one sending; others of the same step are as open as before. */
export function wasRefused(flow: Flow, request: Applying): void {
  const left = timesSent(flow, request) - 1;
  if (left > 0) sent.get(flow)?.set(stepOf(request), left);
  else forgetSent(flow, request);
}

/** How the step ended is recorded. */
export function forgetSent(flow: Flow, request: Applying): void {
  sent.get(flow)?.delete(stepOf(request));
}

function timesSent(flow: Flow, request: Applying): number {
  return sent.get(flow)?.get(stepOf(request)) ?? 0;
}

function stepOf({ id, outcomes }: Applying): string {
  return `${id} ${outcomes.length}`;
}
