import { aftercareDueAt, beginAftercare } from "../domain/change/aftercare.ts";
import {
  type ChangeRequest,
  type InState,
  isTerminal,
  type RequestId,
} from "../domain/change/change-request.ts";
import { stopOn } from "../domain/change/hold.ts";
import type { Step } from "../domain/change/step.ts";
import { isItsTurn, lineOf } from "../domain/change/turn.ts";
import { targetKey } from "../domain/target.ts";
import type { Effects, Owed, Transition, TransitionResult } from "../ports/change-requests.ts";
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
export async function commitStep(flow: Flow, step: Moved, more: More = {}): Promise<TransitionResult> {
  const result = await flow.requests.transition(await transitionOf(flow, step, more));
  if (result.kind === "done") logEnd(flow, step.to);
  return result;
}

/** One line for each request that has ended, for alerts; what it was about is in the audit. */
function logEnd(flow: Flow, request: ChangeRequest): void {
  if (!isTerminal(request)) return;
  const outcomes = request.state === "failed" ? request.outcomes.map(({ kind }) => kind) : [];
  flow.log.info("change-ended", { request: request.id, state: request.state, outcomes });
}

/**
 * What a step does besides what every step does: the message, the click or the question that it answers, the aftercare that it
 * changes, and what else is owed.
 */
type More = Pick<Effects, "answers" | "click" | "takes" | "review" | "aftercare"> & {
  readonly owed?: readonly Owed[];
};

/** Begins the work on an approved request when its turn has come, see `isItsTurn`, and no stop holds it. */
export async function commitStart(flow: Flow, request: InState<"approved">, step: Moved) {
  return flow.requests.startInTurn({
    ...(await transitionOf(flow, step)),
    mayStart: (others, stops) => isItsTurn(request, others) && !stopOn(request, stops),
  });
}

async function transitionOf(flow: Flow, step: Moved, more: More = {}): Promise<Transition> {
  const { owed = [], ...others } = more;
  const begun = isTerminal(step.to) ? beginAftercare(step.to) : undefined;
  const aftercare = begun ? { from: 0, to: begun } : more.aftercare;
  return {
    from: step.from.revision,
    to: step.to,
    effects: {
      events: [step.event],
      owed: [...(await owedAfter(flow, step)), ...(await cardsCaredFor(flow, step.to, aftercare)), ...owed],
      jobs: [...jobsAfter(step), ...jobsOfAftercare(step.to, aftercare, step.event.at)],
      ...others,
      ...(aftercare ? { aftercare } : {}),
    },
  };
}

/** The cards of another request whose aftercare is changed with this step. */
async function cardsCaredFor(flow: Flow, { id }: ChangeRequest, aftercare: Effects["aftercare"]) {
  return aftercare && aftercare.to.of !== id ? flow.requests.cardsOf(aftercare.to.of) : [];
}

/** A look at what is to come of a change: of this one, or of the temporary one that this one has turned back. */
function jobsOfAftercare(request: ChangeRequest, aftercare: Effects["aftercare"], at: Date): readonly Job[] {
  const due = aftercare && aftercareDueAt(aftercare.to);
  const { follows } = request;
  return [
    ...(aftercare && due ? [{ kind: "aftercare", request: aftercare.to.of, at: due } as const] : []),
    ...(follows?.kind === "revert" && isTerminal(request)
      ? [{ kind: "aftercare", request: follows.of, at } as const]
      : []),
  ];
}

/**
 * What the chats are owed when a request comes into this state. From the approval on it usually takes a moment to the
 * confirmation, which drawing the states between would only hold up; if it takes longer, the `deadline` job that comes a
 * moment after the approval draws them, and `tellIfSlow`. Of several steps, the end of each is shown.
 */
async function owedAfter(flow: Flow, { from, to: request }: Moved): Promise<readonly Owed[]> {
  const onToNextStep = from.state === "verifying" && request.state === "applying";
  if (request.state === "approved" || request.state === "applying" || request.state === "verifying")
    return onToNextStep ? flow.requests.cardsOf(request.id) : [];
  const cards = await flow.requests.cardsOf(request.id);
  const report = endReport(request, cards);
  const beside = isTerminal(request) ? await cardsBeside(flow, request) : [];
  return [...(report ? [report] : []), ...cards, ...beside];
}

/** Other open requests that share a site with this one, oldest first; not more than a card can name. */
export async function openBeside(flow: Flow, request: ChangeRequest): Promise<readonly ChangeRequest[]> {
  const found = new Map<RequestId, ChangeRequest>();
  for (const { target } of request.plan.entries) {
    const open = await flow.requests.listOpen({ site: targetKey(target), limit: besideLimit });
    for (const other of open) if (other.id !== request.id) found.set(other.id, other);
  }
  return [...found.values()].toSorted((a, b) => a.number - b.number).slice(0, besideLimit);
}

const besideLimit = 10;

/**
 * The cards of other open requests for the same sites: each card names the others, so they look different when one comes
 * or goes.
 */
export async function cardsBeside(flow: Flow, request: ChangeRequest): Promise<readonly Card[]> {
  const others = await openBeside(flow, request);
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
      return {
        kind: "message",
        key: `${request.id}:outcome`,
        place,
        view: outcomeReport(request),
        orElse: { account: request.requesterAccount, name: request.requester.name },
      };
  }
}

function jobsAfter({ from, to }: Moved): readonly Job[] {
  return to.state === "approved" && from.state !== "approved" ? jobsOnApproval(to) : [];
}

/** The work that an approval starts, and a look at it a moment later. */
export function jobsOnApproval(request: InState<"approved">): readonly Job[] {
  const { id, approvedAt, applyBy } = request;
  const soon = new Date(approvedAt.getTime() + slowAfterMs);
  return [
    { kind: "apply", request: id, site: lineOf(request) },
    { kind: "deadline", request: id, at: soon < applyBy ? soon : applyBy },
  ];
}
