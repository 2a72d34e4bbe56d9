import {
  type Aftercare,
  aftercareDueAt,
  nextRevertAt,
  over,
  reminded,
  runningAgain,
  stillReverting,
} from "../domain/change/aftercare.ts";
import type { ChangeRequest, RequestId } from "../domain/change/change-request.ts";
import type { JobContext, JobResult } from "../ports/work.ts";
import { notTurnedBack, reminder } from "../reply/aftercare-views.ts";
import { done } from "./advance.ts";
import type { Flow } from "./flow.ts";
import { settleOutcome } from "./settle-outcome.ts";
import { endOfRevert, turnBack, turnBackLater, turnBackRest } from "./turn-back.ts";
import { watchSites } from "./watch-sites.ts";

/**
 * Sees to what is still to come of a change that was written: looks at its sites, reminds of its end, turns it back, settles what was not clear. Can be
 * called at any time and any number of times: the record says what is due, and each step of it is recorded once.
 */
export async function lookAfter(flow: Flow, id: RequestId, { signal }: JobContext): Promise<JobResult> {
  const request = await flow.requests.get(id);
  const aftercare = await flow.requests.aftercareOf(id);
  if (!request || !aftercare) return done;
  const now = flow.clock.now();
  const { watch, temporary, settling } = aftercare;
  if (temporary && temporary.state !== "over" && temporary.lookAt <= now) {
    if (temporary.state === "reverting") await followRevert(flow, { request, aftercare }, signal);
    else if (temporary.endsAt <= now) await turnBack(flow, { request, aftercare }, signal);
    else await remind(flow, request, aftercare);
  } else if (watch?.state === "watching" && watch.nextAt <= now) {
    await watchSites(flow, { request, aftercare }, signal);
  } else if (settling?.state === "looking" && settling.nextAt <= now) {
    await settleOutcome(flow, { request, aftercare }, signal);
  } else if (temporary?.state === "reverting") {
    await followRevert(flow, { request, aftercare }, signal);
  }
  const next = await flow.requests.aftercareOf(id);
  const due = next && aftercareDueAt(next);
  if (!due) return done;
  return { kind: "again", afterMs: Math.max(due.getTime() - flow.clock.now().getTime(), 1) };
}

type Kept = { readonly request: ChangeRequest; readonly aftercare: Aftercare };

async function remind(flow: Flow, request: ChangeRequest, aftercare: Aftercare): Promise<void> {
  const place = await flow.requests.originOf(request.id);
  const endsAt = aftercare.temporary?.endsAt;
  if (!place || !endsAt) return;
  const key = `${request.id}:reminder:${endsAt.getTime()}`;
  await flow.requests.record({
    events: [],
    owed: [{ kind: "message", key, place, view: reminder(request, endsAt) }],
    jobs: [],
    aftercare: { from: aftercare.revision, to: reminded(aftercare) },
  });
}

/** Whether the request that turns it back has got on, and what that means. */
async function followRevert(flow: Flow, { request, aftercare }: Kept, signal: AbortSignal): Promise<void> {
  const { temporary } = aftercare;
  const by = temporary?.state === "reverting" ? await flow.requests.get(temporary.by) : undefined;
  if (!by) return;
  const at = flow.clock.now();
  const from = aftercare.revision;
  const end = endOfRevert(by);
  const later = end.kind === "later" ? nextRevertAt(aftercare, at) : undefined;
  if (end.kind === "later" && later) {
    await turnBackLater(
      flow,
      { request, aftercare },
      { at: later, why: `${by.id} changed nothing. ${end.why}` },
    );
    return;
  }
  switch (end.kind) {
    case "under-way": {
      const due = temporary?.state === "reverting" && temporary.lookAt <= at;
      if (due)
        await flow.requests.record({
          events: [],
          owed: [],
          jobs: [],
          aftercare: { from, to: stillReverting(aftercare, at) },
        });
      return;
    }
    case "again":
      await flow.requests.record({
        events: [],
        owed: [],
        jobs: [],
        aftercare: { from, to: runningAgain(aftercare, at) },
      });
      return;
    case "later":
    case "gave-up": {
      const why = `${by.id} was to turn it back and ended as ${by.state}.`;
      const place = await flow.requests.originOf(request.id);
      await flow.requests.record({
        events: [{ kind: "let-be", at, request: request.id, details: { why } }],
        owed: [
          ...(place
            ? [
                {
                  kind: "message",
                  key: `${request.id}:not-turned-back`,
                  place,
                  view: notTurnedBack(request, by.id),
                } as const,
              ]
            : []),
          ...(await flow.requests.cardsOf(request.id)),
        ],
        jobs: [],
        aftercare: { from, to: over(aftercare, why) },
      });
      return;
    }
    case "done":
      await turnBackRest(flow, { request, aftercare, by }, signal);
      return;
    default:
      end satisfies never;
  }
}
