import { helpEntries } from "../command/help.ts";
import { parseCommand } from "../command/parse.ts";
import type { Command } from "../domain/command.ts";
import type { StoredInbound } from "../ports/change-requests.ts";
import { helpView, note, pendingView, questionView } from "../reply/answers.ts";
import type { View } from "../reply/view.ts";
import { answerStatus } from "./answer-status.ts";
import { askToConfirm, cancelByText } from "./decide-by-text.ts";
import type { Flow } from "./flow.ts";
import { openChangeRequest } from "./open-change-request.ts";

/**
 * What a command leads to: one view that answers it, or everything already recorded (`undefined`), when the answer is part
 * of a transaction of its own.
 */
export type Answer = View | undefined;

/** A message that was addressed to the bot and is being answered. */
export type Message = Extract<StoredInbound, { kind: "message" }>;

const pendingLimit = 20;

/**
 * Answers a stored message, exactly once: the answer and the mark that it is handled are one transaction. Runs again after
 * a crash; a message that is handled is not answered again.
 */
export async function answerMessage(flow: Flow, id: string, signal: AbortSignal): Promise<void> {
  const message = await flow.inbox.get(id);
  if (!message) return;
  const view =
    message.kind === "installed"
      ? helpView(offered(undefined), welcome)
      : await answerCommand(flow, message, parseCommand(message.text).command, signal);
  if (!view) return;
  await flow.requests.record({
    events: [],
    owed: [{ kind: "message", key: `${id}:answer`, place: message.place, view }],
    jobs: [],
    answers: id,
  });
}

const welcome =
  "I change how App Service sites route their outbound traffic, after somebody else has approved it. Mention me and say what you need.";

async function answerCommand(
  flow: Flow,
  message: Message,
  command: Command,
  signal: AbortSignal,
): Promise<Answer> {
  switch (command.kind) {
    case "change":
      return openChangeRequest(flow, { message, command, signal });
    case "status":
      return answerStatus(flow, command, signal);
    case "pending":
      return answerPending(flow, message, command.mine === true);
    case "decision":
      return askToConfirm(flow, message, command);
    case "cancel":
      return cancelByText(flow, message, command.changeId);
    case "help":
      return helpView(offered(command.topic), "Write in your own words; for example:");
    case "clarify":
      return questionView(command.question, command.suggestions);
    case "unknown":
      return questionView("I did not understand that, so I did nothing.", command.suggestions);
    case "audit":
    case "history":
    case "undo":
    case "extend":
    case "end":
    case "explain":
    case "freeze":
    case "unfreeze":
      return note("attention", `${notYet[command.kind]} Nothing was done.`);
    default:
      return command satisfies never;
  }
}

/** Understood, and not offered by this version: said as it is, never half done. */
const notYet = {
  audit: "I cannot list sites by their routing yet; ask for the status of one site at a time.",
  history: "I cannot show the history yet.",
  undo: "I cannot undo a change by myself yet; ask for the opposite change.",
  extend: "Temporary changes are not available yet, so there is none to extend.",
  end: "Temporary changes are not available yet, so there is none to end.",
  explain: "I cannot explain the policy yet; a request's card names who can approve it.",
  freeze: "I cannot freeze changes yet.",
  unfreeze: "I cannot freeze changes yet, so there is nothing to unfreeze.",
} as const;

/** What can be asked for of this version, about one topic or at all. */
function offered(topic: string | undefined) {
  const isOffered = ({ kind }: { readonly kind: string }) => !(kind in notYet);
  const entries = helpEntries(topic).filter(isOffered);
  return entries.length > 0 ? entries : helpEntries(undefined).filter(isOffered);
}

async function answerPending(flow: Flow, message: Message, mine: boolean): Promise<View> {
  const requester = mine ? await flow.directory.personOf(message.actor) : undefined;
  const found = await flow.requests.listOpen({
    limit: pendingLimit + 1,
    ...(requester ? { requester } : {}),
  });
  return pendingView(found.slice(0, pendingLimit), found.length > pendingLimit);
}
