import type { ChangeRequest, InState, RequestId } from "../domain/change/change-request.ts";
import { becomeStale, beginApplying, expire, takeOver } from "../domain/change/progress.ts";
import { isItsTurn } from "../domain/change/turn.ts";
import { targetKey } from "../domain/target.ts";
import type { JobContext, JobResult } from "../ports/work.ts";
import { note } from "../reply/answers.ts";
import { utcTime } from "../reply/words.ts";
import { commit, done, endWith, pause } from "./advance.ts";
import { checkApprovals } from "./check-approvals.ts";
import { commitStart, openBeside } from "./commit-step.ts";
import { extendApproved } from "./extend-change.ts";
import type { Flow } from "./flow.ts";
import { holdNow, waitForEnd } from "./hold-request.ts";
import { finishSteps, makeSteps } from "./make-steps.ts";
import { type NotAsApproved, readApproved, readFirstAgain } from "./read-approved.ts";
import { takeBaseline } from "./site-health.ts";

/**
 * Brings an approved request to its end. Can be called at any time, any number of times, by any worker: it looks at what the
 * record and the sites say and goes on from there. A worker that was overtaken can record nothing more.
 */
export async function applyPlan(flow: Flow, id: RequestId, context: JobContext): Promise<JobResult> {
  const result = await goOn(flow, id, context);
  if (result.kind !== "done") return result;
  // Whoever was faster may be a worker that had lost this job before and stops there: the work ends with the request only.
  const now = await flow.requests.get(id);
  return now && isInWork(now) ? { kind: "again", afterMs: afterOvertakenMs } : done;
}

const afterOvertakenMs = 2_000;

function isInWork({ state }: ChangeRequest): boolean {
  return state === "approved" || state === "applying" || state === "verifying";
}

async function goOn(flow: Flow, id: RequestId, context: JobContext): Promise<JobResult> {
  const request = await flow.requests.get(id);
  switch (request?.state) {
    case "approved":
      return begin(flow, request, context);
    case "applying": {
      const taken = await commit(flow, takeOver(request, flow.holder, flow.clock.now()));
      return taken?.state === "applying" ? makeSteps(flow, taken, { context, resumed: true }) : done;
    }
    case "verifying": {
      const taken = await commit(flow, takeOver(request, flow.holder, flow.clock.now()));
      return taken?.state === "verifying" ? finishSteps(flow, taken, context) : done;
    }
    default:
      // Pending again is not possible, and a terminal request needs nothing.
      return done;
  }
}

/** The first worker: everything that was approved is checked again, for all sites, then the first write is sent. */
async function begin(flow: Flow, request: InState<"approved">, context: JobContext): Promise<JobResult> {
  const late = expire(request, flow.clock.now());
  if (late) return endWith(flow, late);
  const approvals = await checkApprovals(flow, request);
  if (approvals.kind === "gone") {
    return endWith(flow, becomeStale(request, approvals.why, flow.clock.now()));
  }
  if (approvals.kind === "unread") {
    return wait(flow, request, { why: approvals.why, afterMs: pause(context.attempt) });
  }
  const { policy } = approvals;
  // Only saves readings: what counts is asked again in the transaction that begins.
  const hold = await holdNow(flow, request);
  if (hold) return waitForEnd(flow, request, hold);
  const isTurn = request.extends !== undefined || isItsTurn(request, await openBeside(flow, request));
  if (!isTurn) return waitForTurn(flow, request, context);
  const first = targetKey(request.plan.entries[0].target);
  const writtenBefore = await flow.requests.countApplied(first);
  const read = await readApproved(flow, request, context);
  if (read.kind !== "as-approved") return notNow(flow, request, read);
  if (request.extends) return extendApproved(flow, request, request.extends);
  const { signal } = context;
  const baseline =
    request.terms.watchMs === undefined ? undefined : await takeBaseline(flow, read.all, { policy, signal });
  const last = await readFirstAgain(flow, request, { read, context });
  if (last.kind !== "as-approved") return notNow(flow, request, last);
  const now = flow.clock.now();
  // Reading takes its time, too.
  const lateByNow = expire(request, now);
  if (lateByNow) return endWith(flow, lateByNow);
  const begun = beginApplying(request, { holder: flow.holder, at: now, baseline });
  // Under which policy the approvals were found to count is part of why it was written.
  const event = { ...begun.event, policyVersion: policy.version };
  const started = await commitStart(flow, request, { ...begun, event });
  if (started.kind === "not-its-turn") {
    const stopped = await holdNow(flow, request);
    return stopped ? waitForEnd(flow, request, stopped) : waitForTurn(flow, request, context);
  }
  if (started.kind === "conflict") {
    flow.log.warn("overtaken", { request: request.id, state: started.current.state });
    return done;
  }
  if (started.request.state !== "applying") return done;
  // From here on nobody else writes for us. Another request that had its turn between our look and ours is what the look missed.
  const isCurrent = (await flow.requests.countApplied(first)) === writtenBefore;
  return makeSteps(flow, started.request, {
    context,
    ...(isCurrent && { site: last.first }),
    resumed: false,
  });
}

/** What was read is not what was approved, or could not be read: ends the request, or comes back. */
function notNow(flow: Flow, request: InState<"approved">, read: NotAsApproved): Promise<JobResult> {
  return read.kind === "wait"
    ? wait(flow, request, read)
    : endWith(flow, becomeStale(request, read.why, flow.clock.now()));
}

const lookAgainAfterMs = 1_000;
/** Looks after which the thread is told why nothing happens. */
const tellAfterLooks = 15;

async function waitForTurn(
  flow: Flow,
  request: InState<"approved">,
  { attempt }: JobContext,
): Promise<JobResult> {
  if (attempt < tellAfterLooks) return { kind: "again", afterMs: lookAgainAfterMs };
  const why = "another request for one of its sites comes first.";
  return wait(flow, request, { why, afterMs: lookAgainAfterMs });
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
  // Others for its sites wait behind it, and not for longer than it does.
  const leftMs = request.applyBy.getTime() - flow.clock.now().getTime();
  return { kind: "again", afterMs: Math.max(Math.min(waiting.afterMs, leftMs), 1) };
}
