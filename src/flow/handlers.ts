import type { Handlers } from "../ports/work.ts";
import { answerMessage } from "./answer-message.ts";
import { applyPlan } from "./apply-plan.ts";
import { deliverOwed } from "./deliver-owed.ts";
import { endOnTime } from "./end-on-time.ts";
import type { Flow } from "./flow.ts";

/** The step that each kind of job runs. */
export function handlers(flow: Flow): Handlers {
  return {
    "handle-message": async (job, context) => {
      await answerMessage(flow, job.message, context.signal);
      return { kind: "done" };
    },
    apply: (job, context) => applyPlan(flow, job.request, context),
    deliver: (job, context) => deliverOwed(flow, job.key, context),
    deadline: (job, context) => endOnTime(flow, job.request, context),
  };
}
