import type { InState, RequestId } from "../domain/change/change-request.ts";
import { ruleInForce } from "../domain/change/decisions.ts";
import { remindersDue } from "../domain/change/reminder.ts";
import type { Owed } from "../ports/change-requests.ts";
import type { JobResult } from "../ports/work.ts";
import { note } from "../reply/answers.ts";
import { waitingWords } from "../reply/change-request-card.ts";
import { changeWords, sitesWords } from "../reply/plan-words.ts";
import type { View } from "../reply/view.ts";
import type { Flow } from "./flow.ts";
import { tellPeople } from "./tell-people.ts";

/**
 * Reminds the thread of a request that waits for decisions, and tells those to whom the rule escalates, once. Each reminder has
 * a key of its own: after a crash, or a time in which nothing ran, the latest one is said once and no other.
 */
export async function remindPeople(flow: Flow, id: RequestId): Promise<JobResult> {
  const request = await flow.requests.get(id);
  if (request?.state !== "pending") return { kind: "done" };
  const policy = await flow.directory.policy();
  const remind = ruleInForce(request, policy)?.remind;
  const now = flow.clock.now();
  if (!remind || now >= request.decideBy) return { kind: "done" };
  const { count, escalated, next } = remindersDue(request, remind, now);
  const place = await flow.requests.originOf(id);
  if (place) {
    const owed: Owed[] = [];
    if (count > 0) {
      owed.push({ kind: "message", key: `${id}:reminder:${count}`, place, view: reminder(request, count) });
    }
    if (escalated) {
      const persons = policy.people.filter((one) => remind.escalate.includes(one.id));
      const names = persons.map(({ name }) => name);
      const key = `${id}:escalation`;
      const view = escalation(request, names);
      owed.push({ kind: "message", key, place, view });
      owed.push(...(await tellPeople(flow, { key, about: place, persons, view })));
    }
    if (owed.length > 0) await flow.requests.record({ events: [], owed, jobs: [] });
  }
  return next ? { kind: "again", afterMs: Math.max(next.getTime() - now.getTime(), 1) } : { kind: "done" };
}

function reminder(request: InState<"pending">, count: number): View {
  const nth = count === 1 ? "" : ` This is reminder ${count}.`;
  return note("waiting", `${about(request)} still waits: ${waitingWords(request)}${nth}`);
}

function escalation(request: InState<"pending">, names: readonly string[]): View {
  return note(
    "attention",
    `${about(request)}, asked by ${request.requester.name}, is not decided yet. To ${names.join(", ")}: it needs ${waitingWords(request)}`,
  );
}

function about({ id, plan }: InState<"pending">): string {
  return `${id} (${changeWords(plan)} for ${sitesWords(plan)})`;
}
