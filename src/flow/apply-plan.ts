import type { ChangeRequest, InState, RequestId } from "../domain/change/change-request.ts";
import { approvalsStillCount } from "../domain/change/decisions.ts";
import { fingerprintOf, sameState } from "../domain/change/fingerprint.ts";
import {
  becomeStale,
  beginApplying,
  conclude,
  expire,
  isPastApplyLimit,
  takeOver,
  wrote,
} from "../domain/change/progress.ts";
import type { Step } from "../domain/change/step.ts";
import type { Failure } from "../domain/failure.ts";
import { mapSays } from "../domain/routing/routing-map.ts";
import type { SiteObservation } from "../domain/routing/site-observation.ts";
import { targetLabel } from "../domain/target.ts";
import type { WriteResult } from "../ports/routing-service.ts";
import type { JobContext, JobResult } from "../ports/work.ts";
import { note } from "../reply/answers.ts";
import { utcTime } from "../reply/words.ts";
import { commitStep } from "./commit-step.ts";
import type { Flow } from "./flow.ts";
import { differenceFrom } from "./site-difference.ts";
import { redrawCards, tellIfSlow } from "./tell-if-slow.ts";
import { verifyOutcome } from "./verify-outcome.ts";

const done: JobResult = { kind: "done" };

const noLongerCount = "The approvals no longer count under the policy now in force.";

/**
 * Brings an approved request to its end. Can be called at any time, any number of times, by any worker: it looks at what the
 * record and the site say and goes on from there. A worker that was overtaken can record nothing more.
 */
export async function applyPlan(flow: Flow, id: RequestId, context: JobContext): Promise<JobResult> {
  const request = await flow.requests.get(id);
  switch (request?.state) {
    case "approved":
      return begin(flow, request, context);
    case "applying":
      return resume(flow, request, context);
    case "verifying": {
      const taken = await commit(flow, takeOver(request, flow.holder, flow.clock.now()));
      return taken?.state === "verifying" ? verifyOutcome(flow, taken, context.signal) : done;
    }
    default:
      // Pending again is not possible, and a terminal request needs nothing.
      return done;
  }
}

/** The first worker: everything that was approved is checked again, then the write is sent. */
async function begin(flow: Flow, request: InState<"approved">, context: JobContext): Promise<JobResult> {
  const late = expire(request, flow.clock.now());
  if (late) return endWith(flow, late);
  const entry = request.plan.entries[0];
  const policy = await flow.directory.policy();
  if (!approvalsStillCount(request, policy)) {
    return endWith(flow, becomeStale(request, noLongerCount, flow.clock.now()));
  }
  const observed = await flow.routing.observe(entry.target, { signal: context.signal });
  if (observed.kind === "failed") {
    flow.log.warn("observe-before-apply-failed", { request: request.id, code: observed.failure.code });
    return wait(flow, request, {
      why: observed.failure.message,
      afterMs: pause(context.attempt, observed.failure),
    });
  }
  if (observed.kind === "gone") {
    return endWith(
      flow,
      becomeStale(request, `${targetLabel(entry.target)} is no longer there.`, flow.clock.now()),
    );
  }
  const site = observed.observation;
  // Computed anew from what would be sent and what is there: the stored fingerprint is compared, never trusted.
  if (fingerprintOf([{ before: site, wanted: entry.wanted }]) !== request.plan.fingerprint) {
    return endWith(flow, becomeStale(request, differenceFrom(entry.before, site), flow.clock.now()));
  }
  if (site.operationInProgress !== undefined) {
    const why = `Azure has another operation in progress on ${targetLabel(entry.target)}.`;
    return wait(flow, request, { why, afterMs: pause(context.attempt) });
  }
  const now = flow.clock.now();
  // Reading takes its time, too.
  const lateByNow = expire(request, now);
  if (lateByNow) return endWith(flow, lateByNow);
  const applying = await commit(flow, beginApplying(request, flow.holder, now));
  return applying?.state === "applying" ? write(flow, applying, { site, context }) : done;
}

/** Nothing was sent yet: comes back while the approval lasts, and tells the thread once what it waits for. */
async function wait(
  flow: Flow,
  request: InState<"approved">,
  waiting: { readonly why: string; readonly afterMs: number },
): Promise<JobResult> {
  const place = await flow.requests.originOf(request.id);
  if (place) {
    const text = `${request.id} is approved and waits: ${waiting.why} I try again until ${utcTime(request.applyBy)}; nothing was changed so far.`;
    await flow.requests.record({
      events: [],
      owed: [{ kind: "message", key: `${request.id}:waiting`, place, view: note("attention", text) }],
      jobs: [],
    });
  }
  return { kind: "again", afterMs: waiting.afterMs };
}

/** A worker before us held the request and may have written: the site tells. */
async function resume(flow: Flow, request: InState<"applying">, context: JobContext): Promise<JobResult> {
  const now = flow.clock.now();
  const taken = await commit(flow, takeOver(request, flow.holder, now));
  if (taken?.state !== "applying") return done;
  const entry = taken.plan.entries[0];
  const observed = await flow.routing.observe(entry.target, { signal: context.signal });
  const outOfTime = now.getTime() - taken.startedAt.getTime() > flow.limits.retryWithinMs;
  if (observed.kind === "failed") {
    if (!outOfTime) return { kind: "again", afterMs: pause(context.attempt, observed.failure) };
    return endWith(flow, conclude(taken, { kind: "unknown", failure: observed.failure }, flow.clock.now()));
  }
  if (observed.kind === "gone") {
    const failure = unclear(`${targetLabel(entry.target)} is no longer there.`);
    return endWith(flow, conclude(taken, { kind: "unknown", failure }, flow.clock.now()));
  }
  const site = observed.observation;
  if (mapSays(site.storedMap, entry.wanted)) return verifyWritten(flow, taken, { context });
  if (sameState(site, entry.before)) {
    // Whoever took it over from us while we were reading has written, or will: a second writer must not.
    const current = await flow.requests.get(taken.id);
    if (current?.revision !== taken.revision) return done;
    // Who approved a change at noon does not expect it at midnight, because Routebot was down in between.
    const tooLate = outOfTime && isPastApplyLimit(taken, flow.clock.now());
    if (!tooLate && approvalsStillCount(taken, await flow.directory.policy())) {
      return write(flow, taken, { site, context });
    }
    const why = tooLate ? "The time to apply it was over before I could go on with it." : noLongerCount;
    const failure = unclear(`${why} The site reads as before so far.`);
    return endWith(flow, conclude(taken, { kind: "unknown", failure, after: site }, flow.clock.now()));
  }
  const failure = unclear(`While the change was under way ${differenceFrom(entry.before, site)}`);
  return endWith(flow, conclude(taken, { kind: "unknown", failure, after: site }, flow.clock.now()));
}

type Writing = { readonly site: SiteObservation; readonly context: JobContext };

async function write(flow: Flow, request: InState<"applying">, writing: Writing): Promise<JobResult> {
  const { site, context } = writing;
  // The lease may have been lost while the site was read: then somebody else is at it.
  context.signal.throwIfAborted();
  const sent = flow.routing.write({
    observation: site,
    wanted: request.plan.entries[0].wanted,
    timeoutMs: flow.limits.writeTimeoutMs,
    signal: context.signal,
  });
  const result = await tellIfSlow(flow, request.id, sent);
  switch (result.kind) {
    case "accepted":
      return verifyWritten(flow, request, { context, result });
    case "unclear":
      flow.log.warn("write-unclear", { request: request.id, code: result.failure.code });
      return verifyWritten(flow, request, { context });
    case "refused":
      return afterRefusal(flow, request, { failure: result.failure, attempt: context.attempt });
    default:
      return result satisfies never;
  }
}

/**
 * Azure said no: busy is asked again for a while, anything else ends the request. That nothing was changed is only said when
 * nobody else had the request before: what a predecessor sent may still take effect.
 */
async function afterRefusal(
  flow: Flow,
  request: InState<"applying">,
  refused: { readonly failure: Failure; readonly attempt: number },
): Promise<JobResult> {
  const { failure, attempt } = refused;
  const now = flow.clock.now();
  const mayPass = failure.code === "azure-busy" || failure.code === "azure-throttled";
  const afterMs = pause(attempt, failure);
  if (mayPass && now.getTime() + afterMs - request.startedAt.getTime() <= flow.limits.retryWithinMs) {
    flow.log.info("write-postponed", { request: request.id, code: failure.code, afterMs });
    await redrawCards(flow, request.id);
    return { kind: "again", afterMs };
  }
  const kind = request.fence.count > 1 ? "unknown" : "not-applied";
  return endWith(flow, conclude(request, { kind, failure }, now));
}

async function verifyWritten(
  flow: Flow,
  request: InState<"applying">,
  written: { readonly context: JobContext; readonly result?: Extract<WriteResult, { kind: "accepted" }> },
): Promise<JobResult> {
  const verifying = await commit(flow, wrote(request, written.result?.receipt, flow.clock.now()));
  return verifying?.state === "verifying" ? verifyOutcome(flow, verifying, written.context.signal) : done;
}

/** The request after the step, or nothing when somebody else was faster and has it now. */
async function commit(
  flow: Flow,
  step: Extract<Step, { kind: "moved" }>,
): Promise<ChangeRequest | undefined> {
  const result = await commitStep(flow, step);
  if (result.kind === "done") return result.request;
  flow.log.warn("overtaken", { request: step.to.id, state: result.current.state });
  return undefined;
}

/**
 * Ends the request. When it moved in between it is looked at again from the start: a cancellation that was faster has
 * ended it, and there is nothing left to do.
 */
async function endWith(flow: Flow, step: Extract<Step, { kind: "moved" }>): Promise<JobResult> {
  const ended = await commit(flow, step);
  return ended ? done : { kind: "again", afterMs: 0 };
}

/** 10, 20, 40 … seconds, at most a minute; longer when Azure asks for it. Source: retries of azure-verified-modules on 409. */
function pause(attempt: number, failure?: Failure): number {
  const growing = Math.min(10_000 * 2 ** Math.min(attempt - 1, 3), 60_000);
  return Math.max(failure?.retryAfterMs ?? growing, 1_000);
}

function unclear(message: string): Failure {
  return { code: "outcome-unknown", message };
}
