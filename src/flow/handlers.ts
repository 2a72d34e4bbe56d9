import type { Handlers } from "../ports/work.ts";
import { answerMessage } from "./answer-message.ts";
import { applyPlan } from "./apply-plan.ts";
import { deliverOwed } from "./deliver-owed.ts";
import { endOnTime } from "./end-on-time.ts";
import type { Flow } from "./flow.ts";
import { giveUpMessage } from "./give-up-message.ts";
import { lookAfter } from "./look-after.ts";
import { remindPeople } from "./remind-people.ts";
import { runSurvey } from "./run-survey.ts";
import { lookAfterAudit } from "./seal-audit.ts";

/** After so many tries, some seconds, people hear that their message cannot be handled, rather than nothing. */
const triesForMessage = 3;

/** The step that each kind of job runs. */
export function handlers(flow: Flow): Handlers {
  return {
    "handle-message": async (job, { attempt, signal }) => {
      try {
        await answerMessage(flow, job.message, signal);
      } catch (error) {
        if (signal.aborted || attempt < triesForMessage) throw error;
        await giveUpMessage(flow, job.message, error);
      }
      return { kind: "done" };
    },
    apply: (job, context) => applyPlan(flow, job.request, context),
    deliver: (job, context) => deliverOwed(flow, job.key, context),
    survey: (job, context) => runSurvey(flow, job.survey, context),
    remind: (job) => remindPeople(flow, job.request),
    aftercare: (job, context) => lookAfter(flow, job.request, context),
    deadline: (job) => endOnTime(flow, job.request),
    "seal-audit": async () => (flow.sealing ? lookAfterAudit(flow, flow.sealing) : { kind: "done" }),
  };
}
