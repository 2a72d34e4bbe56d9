import { type Aftercare, extended, running } from "../domain/change/aftercare.ts";
import { termsUnder } from "../domain/change/approval-policy.ts";
import type { ChangeRequest, Extension, InState } from "../domain/change/change-request.ts";
import type { PlanEntry } from "../domain/change/plan.ts";
import { becomeStale, grantExtension } from "../domain/change/progress.ts";
import { flagsLeft, type WrittenSite } from "../domain/change/undo.ts";
import type { ExtendCommand } from "../domain/command.ts";
import type { Refusal } from "../domain/failure.ts";
import { durationMs } from "../domain/iso-duration.ts";
import { targetLabel } from "../domain/target.ts";
import type { JobResult } from "../ports/work.ts";
import { failureView, note, refusalView } from "../reply/answers.ts";
import type { View } from "../reply/view.ts";
import { duration, utcTime } from "../reply/words.ts";
import { endWith } from "./advance.ts";
import type { Answer, Message } from "./answer-message.ts";
import { planOf } from "./build-undo.ts";
import { endedRequest } from "./ended-request.ts";
import type { Flow } from "./flow.ts";
import { mayAsk } from "./may-ask.ts";
import { longestMs } from "./open-change-request.ts";
import { openRequest } from "./open-request.ts";

/**
 * "extend CR-12 by 1h": a request for more time. It writes nothing, and needs the approval that the change itself would need
 * today, for the sites as they are now.
 */
export async function extendChange(
  flow: Flow,
  { message, command, signal }: { message: Message; command: ExtendCommand; signal: AbortSignal },
): Promise<Answer> {
  const person = await flow.directory.personOf(message.actor);
  const policy = await flow.directory.policy();
  const ended = await endedRequest(flow, command.changeId, { person, policy });
  if (ended.kind === "refused") return refusalView(ended.refusal);
  const { request, written } = ended;
  const keeps = flagsLeft(written);
  const targets = written.map(({ entry }) => entry.target);
  const allowed = mayAsk(policy, { targets, set: keeps }, person);
  if (allowed.kind === "refused") return refusalView(allowed.refusal);
  const aftercare = await flow.requests.aftercareOf(request.id);
  const temporary = running(aftercare);
  if (!aftercare || !temporary) return refusalView(notRunning(request, aftercare));

  const moreMs = durationMs(command.revertAfter) ?? 0;
  // One whose end could not be made yet has been over for a while: more time begins now.
  const from = Math.max(temporary.endsAt.getTime(), flow.clock.now().getTime());
  const until = new Date(from + moreMs);
  const allowedMs = Math.min(allowed.rule.maxDurationMs ?? longestMs, longestMs);
  if (moreMs <= 0 || until.getTime() - aftercare.since.getTime() > allowedMs) {
    const text = `A temporary change may last ${duration(allowedMs)} at most here, extensions included (rule "${allowed.rule.name}"). Ask for less.`;
    return refusalView({ code: "duration-not-allowed", message: text });
  }
  const read = await readAsTheyAre(flow, written, signal);
  if (read.kind === "answer") return read.view;
  const plan = planOf(read.entries);
  if (!plan) throw new Error(`${request.id} wrote to no site`);
  const opened = await openRequest(flow, {
    plan,
    terms: termsUnder(allowed.rule, policy),
    decideWithinMs: allowed.rule.decideWithinMs,
    requester: person,
    account: message.actor.account,
    reason: command.reason,
    place: message.place,
    surface: "text",
    answers: message.id,
    under: { rule: allowed.rule, policy },
    extra: { extends: { of: request.id, from: temporary.endsAt, until, keeps } },
  });
  return opened.kind === "refused" ? refusalView(opened.refusal) : undefined;
}

/** Entries that change nothing: what is approved is to leave the sites as they are. */
async function readAsTheyAre(
  flow: Flow,
  written: readonly WrittenSite[],
  signal: AbortSignal,
): Promise<{ kind: "entries"; entries: readonly PlanEntry[] } | { kind: "answer"; view: View }> {
  const entries: PlanEntry[] = [];
  for (const { entry } of written) {
    const observed = await flow.routing.observe(entry.target, { signal });
    if (observed.kind === "failed") return { kind: "answer", view: failureView(observed.failure) };
    if (observed.kind === "gone") {
      return { kind: "answer", view: note("attention", `${targetLabel(entry.target)} is no longer there.`) };
    }
    const before = observed.observation;
    entries.push({
      target: before.target,
      before,
      changes: {},
      wanted: before.storedMap,
      settings: [],
      notes: [],
    });
  }
  return { kind: "entries", entries };
}

/** Gives a temporary change the time that was approved; out of date when it has ended, or ends at another time by now. */
export async function extendApproved(
  flow: Flow,
  request: InState<"approved">,
  { of, from, until }: Extension,
): Promise<JobResult> {
  const aftercare = await flow.requests.aftercareOf(of);
  const temporary = running(aftercare);
  const at = flow.clock.now();
  if (!aftercare || !temporary) {
    return endWith(flow, becomeStale(request, `${of} is no temporary change any more.`, at));
  }
  if (temporary.endsAt.getTime() !== from.getTime()) {
    return endWith(flow, becomeStale(request, `${of} ends at another time by now.`, at));
  }
  if (until <= at) return endWith(flow, becomeStale(request, `${utcTime(until)} is over by now.`, at));
  const to = extended(aftercare, until, at);
  return endWith(flow, grantExtension(request, at), { aftercare: { from: aftercare.revision, to } });
}

/** Why a change cannot be extended or ended. */
export function notRunning(request: ChangeRequest, aftercare: Aftercare | undefined): Refusal {
  const { id } = request;
  const refuse = (message: string): Refusal => ({ code: "not-temporary", message });
  const { temporary } = aftercare ?? {};
  switch (temporary?.state) {
    case "reverting":
      return refuse(`${id} is being turned back by ${temporary.by}.`);
    case "over":
      return refuse(`${id} is no longer temporary. ${temporary.why}`);
    default:
      return refuse(`${id} is no temporary change: it stays until somebody undoes it ("undo ${id}").`);
  }
}
