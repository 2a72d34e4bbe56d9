import type { ChangeRequest, RequestId } from "../domain/change/change-request.ts";
import { closedFor } from "../domain/change/closed.ts";
import type { DecisionCommand, WithdrawCommand } from "../domain/command.ts";
import type { Refusal } from "../domain/failure.ts";
import type { Place } from "../ports/chat.ts";
import { conversationKey } from "../ports/request-lists.ts";
import { confirmationPrompt, note, refusalView } from "../reply/answers.ts";
import { maxReasonLength } from "../reply/change-request-card.ts";
import type { View } from "../reply/view.ts";
import type { Answer, Message } from "./answer-message.ts";
import { askPerson } from "./ask-person.ts";
import type { Flow } from "./flow.ts";
import { recordDecision, unknownRequest } from "./record-decision.ts";
import { askerOf } from "./sight.ts";
import { maySeeAll } from "./visible-requests.ts";

/**
 * "approve CR-3", "withdraw my approval of CR-3": shows the plan and asks this person whether they mean it, unless it is decided
 * already. Nothing is decided by the words alone. The
 * question is bound to the plan that is shown, and only asked where the request was made or in a direct chat.
 */
export async function askToConfirm(
  flow: Flow,
  message: Message,
  command: DecisionCommand | WithdrawCommand,
): Promise<Answer> {
  const id = command.changeId;
  const found = await findRequest(flow, message, id);
  if (found.kind === "refused") return refusalView(found.refusal);
  const { request } = found;
  const why = command.reason?.slice(0, maxReasonLength);
  const decision = command.kind === "withdraw" ? command.kind : command.decision;
  if (decision === "reject" && !why) {
    return note(
      "attention",
      `Say why, for example "reject ${id} because of the freeze". Nothing was decided.`,
    );
  }
  const person = await flow.directory.personOf(message.actor);
  const closed = closedFor(request, { person, at: flow.clock.now() }, decision);
  if (closed?.kind === "refused") return refusalView(closed.refusal);
  const reason = why === undefined ? {} : { why };
  return askPerson(flow, message, {
    asks: { kind: "decision", request: id, decision, fingerprint: request.plan.fingerprint, ...reason },
    view: ({ id: promptId, person }) =>
      confirmationPrompt(request, { decision, promptId, name: person.name, ...reason }),
  });
}

/** "cancel CR-3": at once, since it only ever prevents something. */
export async function cancelByText(flow: Flow, message: Message, id: RequestId): Promise<View | undefined> {
  const found = await findRequest(flow, message, id);
  if (found.kind === "refused") return refusalView(found.refusal);
  const person = await flow.directory.personOf(message.actor);
  // Where the request was made, its end is told anyway: that is the answer.
  const toldAnyway = await isOrigin(flow, id, message.place);
  const decided = await recordDecision(flow, {
    request: id,
    verb: "cancel",
    person,
    account: message.actor.account,
    surface: "text",
    ...(toldAnyway ? { answers: message.id } : {}),
  });
  if (decided.kind === "sign-in") throw new Error("nothing but an approval waits for a sign-in");
  if (decided.kind === "question-gone") throw new Error("a message answers no question");
  if (decided.kind === "refused") return refusalView(decided.refusal);
  if (toldAnyway) return undefined;
  return note("neutral", `${id} is cancelled. Nothing was changed.`);
}

type Found =
  | { readonly kind: "found"; readonly request: ChangeRequest }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/**
 * The request that somebody wants to decide by text: where it was made, or in a direct chat with the bot. Elsewhere it is
 * known to those alone who see its sites.
 */
async function findRequest(flow: Flow, message: Message, id: RequestId): Promise<Found> {
  const refused = (refusal: Refusal): Found => ({ kind: "refused", refusal });
  const request = await flow.requests.get(id);
  if (!request) return refused(unknownRequest(id));
  if (await isOrigin(flow, id, message.place)) return { kind: "found", request };
  if (!maySeeAll(await askerOf(flow, message), request)) return refused(unknownRequest(id));
  return message.place.kind === "direct" ? { kind: "found", request } : refused(wrongPlace(id));
}

async function isOrigin(flow: Flow, id: RequestId, place: Place): Promise<boolean> {
  const origin = await flow.requests.originOf(id);
  return origin !== undefined && conversationKey(origin) === conversationKey(place);
}

function wrongPlace(id: RequestId): Refusal {
  return {
    code: "wrong-place",
    message: `${id} was asked for in another conversation. Decide it there, or write to me in a direct chat.`,
  };
}
