import { isTerminal, type RequestId } from "../domain/change/change-request.ts";
import { expire, nextDeadline } from "../domain/change/progress.ts";
import type { JobResult } from "../ports/work.ts";
import { commitStep } from "./commit-step.ts";
import type { Flow } from "./flow.ts";
import { redrawCards } from "./tell-if-slow.ts";

/**
 * Looks at a request's time limit: ends the request when it is over, comes back when it is not. It comes a first time a moment
 * after the approval, and then draws the cards of a change that is not done by now.
 */
export async function endOnTime(flow: Flow, id: RequestId): Promise<JobResult> {
  const request = await flow.requests.get(id);
  if (!request) return { kind: "done" };
  const step = expire(request, flow.clock.now());
  if (step) {
    const result = await commitStep(flow, step);
    return result.kind === "done" ? { kind: "done" } : { kind: "again", afterMs: 0 };
  }
  if (request.state !== "pending" && !isTerminal(request)) await redrawCards(flow, id);
  const deadline = nextDeadline(request);
  if (!deadline) return { kind: "done" };
  return { kind: "again", afterMs: Math.max(deadline.getTime() - flow.clock.now().getTime(), 1) };
}
