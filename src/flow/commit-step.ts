import { type ChangeRequest, isTerminal } from "../domain/change/change-request.ts";
import type { Step } from "../domain/change/step.ts";
import { targetKey } from "../domain/target.ts";
import type { Owed, TransitionResult } from "../ports/change-requests.ts";
import type { Job } from "../ports/work.ts";
import { outcomeReport } from "../reply/outcome-report.ts";
import type { Flow } from "./flow.ts";
import { slowAfterMs } from "./tell-if-slow.ts";

type Moved = Extract<Step, { kind: "moved" }>;
type Card = Extract<Owed, { kind: "card" }>;

/**
 * Makes one step of a change request: its record, the audit event, the cards that now look different, the message to the
 * thread when it has ended, and the work that follows. All of it in one transaction, or nothing on a conflict.
 */
export async function commitStep(flow: Flow, step: Moved, answers?: string): Promise<TransitionResult> {
  const owed = await owedAfter(flow, step.to);
  return flow.requests.transition({
    from: step.from.revision,
    to: step.to,
    effects: {
      events: [step.event],
      owed,
      jobs: jobsAfter(step),
      ...(answers === undefined ? {} : { answers }),
    },
  });
}

/**
 * What the chats are owed when a request comes into this state. From the approval on it usually takes a moment to the
 * confirmation, which drawing the states between would only hold up; if it takes longer, the `deadline` job that comes a
 * moment after the approval draws them, and `tellIfSlow`.
 */
async function owedAfter(flow: Flow, request: ChangeRequest): Promise<readonly Owed[]> {
  if (request.state === "approved" || request.state === "applying" || request.state === "verifying")
    return [];
  const cards = await flow.requests.cardsOf(request.id);
  const report = endReport(request, cards);
  const beside = isTerminal(request) ? await cardsBeside(flow, request) : [];
  return [...(report ? [report] : []), ...cards, ...beside];
}

/**
 * The cards of other open requests for the same site: each card names the others, so they look different when one comes
 * or goes.
 */
export async function cardsBeside(flow: Flow, request: ChangeRequest): Promise<readonly Card[]> {
  const site = targetKey(request.plan.entries[0].target);
  const others = (await flow.requests.listOpen({ site, limit: 10 })).filter(({ id }) => id !== request.id);
  const cards = await Promise.all(others.map(({ id }) => flow.requests.cardsOf(id)));
  return cards.flat();
}

function endReport(request: ChangeRequest, cards: readonly Card[]): Owed | undefined {
  const place = cards[0]?.place;
  if (!place) return undefined;
  switch (request.state) {
    case "pending":
    case "approved":
    case "applying":
    case "verifying":
      return undefined;
    default:
      return { kind: "message", key: `${request.id}:outcome`, place, view: outcomeReport(request) };
  }
}

function jobsAfter({ from, to }: Moved): readonly Job[] {
  if (to.state !== "approved" || from.state === "approved") return [];
  const soon = new Date(to.approvedAt.getTime() + slowAfterMs);
  return [
    { kind: "apply", request: to.id, site: targetKey(to.plan.entries[0].target) },
    { kind: "deadline", request: to.id, at: soon < to.applyBy ? soon : to.applyBy },
  ];
}
