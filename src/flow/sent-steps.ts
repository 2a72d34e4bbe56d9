import type { InState } from "../domain/change/change-request.ts";
import type { Flow } from "./flow.ts";

/**
 * The steps that this process has sent and knows no end of: what it sent may still take effect, whatever a later try of the
 * same step comes to. Of what another process sent the fence tells.
 */
const sent = new WeakMap<Flow, Set<string>>();

type Applying = InState<"applying"> | InState<"verifying">;

export function mayStillTakeEffect(flow: Flow, request: Applying): boolean {
  return request.fence.count > 1 || sent.get(flow)?.has(stepOf(request)) === true;
}

/** To be called before the step is sent. */
export function rememberSent(flow: Flow, request: Applying): void {
  const steps = sent.get(flow) ?? new Set();
  sent.set(flow, steps.add(stepOf(request)));
}

/** Azure said for certain that it did nothing, or how the step ended is recorded. */
export function forgetSent(flow: Flow, request: Applying): void {
  sent.get(flow)?.delete(stepOf(request));
}

function stepOf({ id, outcomes }: Applying): string {
  return `${id} ${outcomes.length}`;
}
