import type { InState, RequestId } from "../domain/change/change-request.ts";
import { approvalsStillCount, ruleInForce } from "../domain/change/decisions.ts";
import { fingerprintOf, sameState } from "../domain/change/fingerprint.ts";
import type { PlanEntry } from "../domain/change/plan.ts";
import { becomeStale, beginApplying, expire, takeOver } from "../domain/change/progress.ts";
import { isItsTurn } from "../domain/change/turn.ts";
import type { SiteObservation } from "../domain/routing/site-observation.ts";
import { targetLabel } from "../domain/target.ts";
import type { JobContext, JobResult } from "../ports/work.ts";
import { note } from "../reply/answers.ts";
import { utcTime } from "../reply/words.ts";
import { commit, done, endWith, noLongerCount, pause } from "./advance.ts";
import { commitStart, openBeside } from "./commit-step.ts";
import { extendApproved } from "./extend-change.ts";
import type { Flow } from "./flow.ts";
import { holdNow, waitForEnd } from "./hold-request.ts";
import { finishSteps, makeSteps } from "./make-steps.ts";
import { differenceFrom } from "./site-difference.ts";
import { takeBaseline } from "./site-health.ts";

/**
 * Brings an approved request to its end. Can be called at any time, any number of times, by any worker: it looks at what the
 * record and the sites say and goes on from there. A worker that was overtaken can record nothing more.
 */
export async function applyPlan(flow: Flow, id: RequestId, context: JobContext): Promise<JobResult> {
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
  const policy = await flow.directory.policy({ fresh: true });
  if (!approvalsStillCount(request, policy)) {
    // A directory that is away says nothing about who may approve: nothing is written, and nothing is decided.
    const unread = ruleInForce(request, policy)?.unreadable ?? [];
    if (unread.length > 0) {
      flow.log.warn("approvers-unreadable", { request: request.id, groups: unread });
      return { kind: "again", afterMs: pause(context.attempt) };
    }
    return endWith(flow, becomeStale(request, noLongerCount, flow.clock.now()));
  }
  // Only saves readings: what counts is asked again in the transaction that begins.
  const hold = await holdNow(flow, request);
  if (hold) return waitForEnd(flow, request, hold);
  if (!isItsTurn(request, await openBeside(flow, request))) return waitForTurn(flow, request, context);
  const read = await readAll(flow, request, context);
  switch (read.kind) {
    case "wait":
      return wait(flow, request, read);
    case "stale":
      return endWith(flow, becomeStale(request, read.why, flow.clock.now()));
    case "as-approved": {
      if (request.extends) return extendApproved(flow, request, request.extends);
      const { signal } = context;
      const baseline =
        request.terms.watchMs === undefined
          ? undefined
          : await takeBaseline(flow, read.all, { policy, signal });
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
      return started.request.state === "applying"
        ? makeSteps(flow, started.request, { context, site: read.first, resumed: false })
        : done;
    }
    default:
      return read satisfies never;
  }
}

type Read =
  | { readonly kind: "as-approved"; readonly first: SiteObservation; readonly all: readonly ReadSite[] }
  | { readonly kind: "stale"; readonly why: string }
  | Waiting;
type ReadSite = { readonly entry: PlanEntry; readonly site: SiteObservation };
type Waiting = { readonly kind: "wait"; readonly why: string; readonly afterMs: number };

/** Reads every site of the plan: one that is no longer as it was approved makes all of it stale. */
async function readAll(
  flow: Flow,
  { id, plan }: InState<"approved">,
  { signal, attempt }: JobContext,
): Promise<Read> {
  const read: ReadSite[] = [];
  for (const entry of plan.entries) {
    const observed = await flow.routing.observe(entry.target, { signal });
    if (observed.kind === "failed") {
      const { failure } = observed;
      flow.log.warn("observe-before-apply-failed", { request: id, code: failure.code });
      return { kind: "wait", why: failure.message, afterMs: pause(attempt, failure) };
    }
    if (observed.kind === "gone") {
      return { kind: "stale", why: `${targetLabel(entry.target)} is no longer there.` };
    }
    read.push({ entry, site: observed.observation });
  }
  // Computed anew from what would be sent and what is there: the stored fingerprint is compared, never trusted.
  const found = fingerprintOf(read.map(({ entry, site }) => ({ ...entry, before: site })));
  if (found !== plan.fingerprint) {
    const drifted = read.filter(({ entry, site }) => !sameState(entry.before, site));
    const differences = (drifted.length > 0 ? drifted : read.slice(0, 1)).map(({ entry, site }) =>
      differenceFrom(entry.before, site),
    );
    return { kind: "stale", why: differences.join(" ") };
  }
  const busy = read.find(({ site }) => site.operationInProgress !== undefined);
  if (busy) {
    const why = `Azure has another operation in progress on ${targetLabel(busy.entry.target)}.`;
    return { kind: "wait", why, afterMs: pause(attempt) };
  }
  const [first] = read;
  if (!first) throw new Error(`${id} has no site`);
  return { kind: "as-approved", first: first.site, all: read };
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
  waiting: Omit<Waiting, "kind">,
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
