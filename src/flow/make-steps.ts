import type { InState } from "../domain/change/change-request.ts";
import { isOnlyUnread } from "../domain/change/fingerprint.ts";
import type { Outcome } from "../domain/change/outcome.ts";
import { isMade, isReadyFor, siteBefore } from "../domain/change/plan-steps.ts";
import { conclude, currentStep, isPastApplyLimit, wrote } from "../domain/change/progress.ts";
import type { Failure } from "../domain/failure.ts";
import type { SiteObservation } from "../domain/routing/site-observation.ts";
import { targetLabel } from "../domain/target.ts";
import type { WriteReceipt, WriteResult } from "../ports/routing-service.ts";
import type { JobContext, JobResult } from "../ports/work.ts";
import { commit, done, pause } from "./advance.ts";
import { checkApprovals } from "./check-approvals.ts";
import type { Flow } from "./flow.ts";
import { holdNow, waitForEnd } from "./hold-request.ts";
import { isRecent } from "./read-approved.ts";
import { forgetSent, mayStillTakeEffect, rememberSent, wasRefused } from "./sent-steps.ts";
import { differenceFrom } from "./site-difference.ts";
import { redrawCards, tellIfSlow } from "./tell-if-slow.ts";
import { readOutcome } from "./verify-outcome.ts";

/** The work on the current step is over for this call, or its end was recorded and the next step is there. */
type StepResult = JobResult | { readonly kind: "next"; readonly request: InState<"applying"> };

type Making = {
  readonly context: JobContext;
  /** The site as it was just read, if it was. */
  readonly site?: SiteObservation;
  /** A worker before us held the step and may have written. */
  readonly resumed: boolean;
};

/** Makes the current step of a plan and those after it, one after the other; the first that fails is the last. */
export async function makeSteps(
  flow: Flow,
  request: InState<"applying">,
  making: Making,
): Promise<JobResult> {
  let result = await makeStep(flow, request, making);
  while (result.kind === "next") {
    result = await makeStep(flow, result.request, { context: making.context, resumed: false });
  }
  return result;
}

/** The same from a step whose write was sent: it is read back, and the next ones follow. */
export async function finishSteps(
  flow: Flow,
  request: InState<"verifying">,
  context: JobContext,
): Promise<JobResult> {
  const result = await verifyStep(flow, request, context);
  return result.kind === "next" ? makeSteps(flow, result.request, { context, resumed: false }) : result;
}

/** Looks at the site first, always: what it says decides whether the write is sent. */
async function makeStep(flow: Flow, request: InState<"applying">, making: Making): Promise<StepResult> {
  const step = currentStep(request);
  const { context, resumed } = making;
  const { site: read } = making;
  const observed =
    read && isRecent(flow, read)
      ? ({ kind: "observed", observation: read } as const)
      : await flow.routing.observe(step.entry.target, { signal: context.signal });
  switch (observed.kind) {
    case "failed": {
      const { failure } = observed;
      return isOutOfTime(flow, request)
        ? endStep(flow, request, { kind: "unknown", failure })
        : { kind: "again", afterMs: Math.min(pause(context.attempt, failure), timeLeftMs(flow, request)) };
    }
    case "gone": {
      const why = `${targetLabel(step.entry.target)} is no longer there.`;
      return endStep(
        flow,
        request,
        mayStillTakeEffect(flow, request)
          ? { kind: "unknown", failure: unclear(why) }
          : { kind: "skipped", why },
      );
    }
    case "observed": {
      const site = observed.observation;
      if (isReadyFor(step, site)) {
        return resumed && isUnderWay(flow, request, site)
          ? waitForOperation(flow, request, context)
          : writeIfApproved(flow, request, { context, site, resumed });
      }
      const sentBefore = mayStillTakeEffect(flow, request);
      if (sentBefore && isMade(step, site)) return verifyWritten(flow, request, { context });
      if (isOnlyUnread(siteBefore(step), site) && !isOutOfTime(flow, request)) {
        return { kind: "again", afterMs: pause(context.attempt) };
      }
      const difference = differenceFrom(siteBefore(step), site);
      return endStep(
        flow,
        request,
        sentBefore
          ? {
              kind: "unknown",
              failure: unclear(`While the change was under way ${difference}`),
              after: site,
            }
          : { kind: "skipped", why: difference },
      );
    }
    default:
      return observed satisfies never;
  }
}

/** Whether Azure is at work on the site: then what a worker before us sent may be what it works on. */
function isUnderWay(flow: Flow, request: InState<"applying">, site: SiteObservation): boolean {
  return site.operationInProgress !== undefined && !isOutOfTime(flow, request);
}

/**
 * The site is read again after 2, 4, 8 … seconds until the operation has ended: the write may turn out to be made, and
 * nothing is sent twice.
 */
async function waitForOperation(
  flow: Flow,
  request: InState<"applying">,
  { attempt }: JobContext,
): Promise<StepResult> {
  flow.log.info("operation-waited-for", { request: request.id });
  await redrawCards(flow, request.id);
  return { kind: "again", afterMs: 2_000 * 2 ** Math.min(attempt - 1, 4) };
}

type Writing = Making & { readonly site: SiteObservation };

async function writeIfApproved(
  flow: Flow,
  request: InState<"applying">,
  writing: Writing,
): Promise<StepResult> {
  const bar = await whyNotNow(flow, request, writing);
  if (bar?.kind === "wait") return { kind: "again", afterMs: pause(writing.context.attempt) };
  if (bar) {
    return endStep(
      flow,
      request,
      mayStillTakeEffect(flow, request)
        ? {
            kind: "unknown",
            failure: unclear(`${bar.why} The site reads as before so far.`),
            after: writing.site,
          }
        : { kind: "not-applied", failure: { code: "not-applied", message: bar.why } },
    );
  }
  const hold = await holdNow(flow, request);
  if (hold) return waitForEnd(flow, request, hold);
  const { context, site } = writing;
  // Whoever took it over from us while we were reading has written, or will: a second writer must not. Asked last, since all the
  // other readings take their time.
  const current = await flow.requests.get(request.id);
  if (current?.revision !== request.revision) return done;
  context.signal.throwIfAborted();
  rememberSent(flow, request);
  const result = await tellIfSlow(flow, request.id, send(flow, request, { context, site }));
  switch (result.kind) {
    case "accepted":
      return verifyWritten(flow, request, { context, receipt: result.receipt });
    case "unclear": {
      const { failure } = result;
      flow.log.warn("write-unclear", { request: request.id, code: failure.code });
      // It may have been done all the same: the site is looked at before the identical write is sent again.
      const again = isUnavailable(failure)
        ? await tryAgain(flow, request, { failure, attempt: context.attempt })
        : undefined;
      return again ?? verifyWritten(flow, request, { context });
    }
    case "refused":
      wasRefused(flow, request);
      return afterRefusal(flow, request, { failure: result.failure, attempt: context.attempt });
    default:
      return result satisfies never;
  }
}

/** Why the step must not be written although the site is ready for it: any more, or only now. */
async function whyNotNow(
  flow: Flow,
  request: InState<"applying">,
  { resumed }: Writing,
): Promise<{ readonly kind: "over" | "wait"; readonly why: string } | undefined> {
  const now = flow.clock.now();
  const isLate = isOutOfTime(flow, request);
  // Who approved a change at noon does not expect it at midnight, because Routebot was down in between.
  if (resumed && isLate && isPastApplyLimit(request, now)) {
    return { kind: "over", why: "The time to apply it was over before I could go on with it." };
  }
  const approvals = await checkApprovals(flow, request);
  if (approvals.kind === "count") return undefined;
  return { kind: approvals.kind === "unread" && !isLate ? "wait" : "over", why: approvals.why };
}

/** Whether the current step takes longer than a busy Azure is waited for. */
function isOutOfTime(flow: Flow, request: InState<"applying">): boolean {
  return timeLeftMs(flow, request) <= 0;
}

/** However long Azure wants to be left alone: a step is looked at when its time is over, and others for its site wait behind it. */
function timeLeftMs({ clock, limits }: Flow, { stepAt }: InState<"applying">): number {
  return stepAt.getTime() + limits.retryWithinMs - clock.now().getTime();
}

function send(
  flow: Flow,
  request: InState<"applying">,
  { site, context }: Pick<Writing, "site" | "context">,
): Promise<WriteResult> {
  const step = currentStep(request);
  const limits = { timeoutMs: flow.limits.writeTimeoutMs, signal: context.signal };
  return step.kind === "flags"
    ? flow.routing.write({ observation: site, wanted: step.entry.wanted, ...limits })
    : flow.routing.editSetting({ observation: site, edit: step.edit, ...limits });
}

type Answered = { readonly failure: Failure; readonly attempt: number };

/**
 * Azure said no: busy is asked again for a while, anything else ends the request. That nothing was changed is only said when
 * the step was not sent before: that may still take effect.
 */
async function afterRefusal(
  flow: Flow,
  request: InState<"applying">,
  refused: Answered,
): Promise<StepResult> {
  const { failure } = refused;
  const mayPass = failure.code === "azure-busy" || failure.code === "azure-throttled";
  const again = mayPass ? await tryAgain(flow, request, refused) : undefined;
  const kind = mayStillTakeEffect(flow, request) ? "unknown" : "not-applied";
  return again ?? endStep(flow, request, { kind, failure });
}

/** "Service unavailable": Azure asks to come again, without saying whether anything was done. */
function isUnavailable({ status }: Failure): boolean {
  return status === 503;
}

/** Comes back to the step after a pause, which grows unless Azure says how long; `undefined` when there is no time for that. */
async function tryAgain(
  flow: Flow,
  request: InState<"applying">,
  { failure, attempt }: Answered,
): Promise<JobResult | undefined> {
  const afterMs = pause(attempt, failure);
  const passedMs = flow.clock.now().getTime() - request.stepAt.getTime();
  if (passedMs + afterMs > flow.limits.retryWithinMs) return undefined;
  flow.log.info("write-postponed", { request: request.id, code: failure.code, afterMs });
  await redrawCards(flow, request.id);
  return { kind: "again", afterMs };
}

async function verifyWritten(
  flow: Flow,
  request: InState<"applying">,
  written: { readonly context: JobContext; readonly receipt?: WriteReceipt },
): Promise<StepResult> {
  const verifying = await commit(flow, wrote(request, written.receipt, flow.clock.now()));
  if (verifying) forgetSent(flow, request);
  return verifying?.state === "verifying" ? verifyStep(flow, verifying, written.context) : done;
}

async function verifyStep(
  flow: Flow,
  request: InState<"verifying">,
  { signal }: JobContext,
): Promise<StepResult> {
  return endStep(flow, request, await readOutcome(flow, request, signal));
}

/** Records how the step ended. When somebody else has the request now, it is looked at again from the start. */
async function endStep(
  flow: Flow,
  request: InState<"applying"> | InState<"verifying">,
  outcome: Outcome,
): Promise<StepResult> {
  const after = await commit(flow, conclude(request, outcome, flow.clock.now()));
  // Whoever has it now, perhaps this very process, has to know of what was sent.
  if (!after) return { kind: "again", afterMs: 0 };
  forgetSent(flow, request);
  return after.state === "applying" ? { kind: "next", request: after } : done;
}

function unclear(message: string): Failure {
  return { code: "outcome-unknown", message };
}
