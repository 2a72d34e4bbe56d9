import type { RequestId } from "../domain/change/change-request.ts";
import { expire, nextDeadline } from "../domain/change/progress.ts";
import type { JobResult } from "../ports/work.ts";
import { commitStep } from "./commit-step.ts";
import type { Flow } from "./flow.ts";

/** Looks at a request's time limit: ends the request when it is over, comes back when it is not. */
export async function endOnTime(flow: Flow, id: RequestId): Promise<JobResult> {
  const request = await flow.requests.get(id);
  if (!request) return { kind: "done" };
  const step = expire(request, flow.clock.now());
  if (step) {
    const result = await commitStep(flow, step);
    return result.kind === "done" ? { kind: "done" } : { kind: "again", afterMs: 0 };
  }
  const deadline = nextDeadline(request);
  if (!deadline) return { kind: "done" };
  return { kind: "again", afterMs: Math.max(deadline.getTime() - flow.clock.now().getTime(), 1) };
}
