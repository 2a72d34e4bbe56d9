import { parseCommand } from "../command/parse.ts";
import { targetText, wishText } from "../command/suggest.ts";
import type { RequestId } from "../domain/change/change-request.ts";
import type { Command, UndoCommand } from "../domain/command.ts";
import type { StoredInbound } from "../ports/change-requests.ts";
import type { SiteCommand } from "../ports/subjects.ts";
import { questionView, refusalView } from "../reply/answers.ts";
import type { View } from "../reply/view.ts";
import { answerAudit } from "./answer-audit.ts";
import { answerHelp } from "./answer-help.ts";
import { answerHistory } from "./answer-history.ts";
import { answerPending } from "./answer-pending.ts";
import { answerStatus } from "./answer-status.ts";
import { askToChoose, choiceLimit } from "./ask-to-choose.ts";
import { askToConfirm, cancelByText } from "./decide-by-text.ts";
import { endChange } from "./end-change.ts";
import { explainPolicy } from "./explain-policy.ts";
import { extendChange } from "./extend-change.ts";
import type { Flow } from "./flow.ts";
import { openChangeRequest } from "./open-change-request.ts";
import { askerOf } from "./sight.ts";
import { letGoOn, stopChanges } from "./stop-changes.ts";
import { suggestHere } from "./suggest-here.ts";
import { completions } from "./thread-context.ts";
import { undoChange, undoOnSite } from "./undo-change.ts";

/**
 * What a command leads to: one view that answers it, or everything already recorded (`undefined`), when the answer is part
 * of a transaction of its own.
 */
export type Answer = View | undefined;

/** Something that was said to the bot and is being answered: a message, or a choice that completes one. */
export type Message = Extract<StoredInbound, { kind: "message" | "picked" }>;

type Typed = Extract<StoredInbound, { kind: "message" }>;

/**
 * Answers a stored message, exactly once: the answer and the mark that it is handled are one transaction. Runs again after
 * a crash; a message that is handled is not answered again.
 */
export async function answerMessage(flow: Flow, id: string, signal: AbortSignal): Promise<void> {
  const message = await flow.inbox.get(id);
  if (!message) return;
  const view = await answerTo(flow, message, signal);
  if (!view) return;
  await flow.requests.record({
    events: [],
    owed: [{ kind: "message", key: `${id}:answer`, place: message.place, view }],
    jobs: [],
    answers: id,
  });
}

async function answerTo(flow: Flow, message: StoredInbound, signal: AbortSignal): Promise<Answer> {
  switch (message.kind) {
    case "installed":
      return answerHelp(flow, message, { isWelcome: true, signal });
    case "undo":
      return undoChange(flow, { message, request: message.request, signal });
    case "picked":
      return answerSiteCommand(flow, message, { command: message.command, signal });
    case "message":
      return answerText(flow, message, signal);
    default:
      return message satisfies never;
  }
}

/** The text as it stands, or completed by what the conversation is about. */
async function answerText(flow: Flow, message: Typed, signal: AbortSignal): Promise<Answer> {
  const { command } = parseCommand(message.text);
  const meant = await completions(flow, message, command);
  const [only, ...others] = meant;
  if (only === undefined) return answerCommand(flow, message, { command, signal });
  if (others.length === 0) return answerSiteCommand(flow, message, { command: only, signal });
  return askToChoose(flow, message, {
    question: `${Math.min(meant.length, choiceLimit)} things were spoken of here. Which one do you mean?`,
    choices: meant.map((one) => ({ label: spoken(one), command: one })),
    hint: "It may be yet another one: write what should be done, with the name of the site.",
  });
}

/** The command in the words of the language, without the places of its sites where they are all one. */
function spoken(command: SiteCommand): string {
  const targets = command.targets.map(({ name, slot, resourceGroup }) => ({
    ...(name === undefined ? {} : { name }),
    ...(slot === undefined ? {} : { slot }),
    ...(resourceGroup === undefined ? {} : { resourceGroup }),
  }));
  if (command.kind === "change") return wishText({ set: command.set, targets });
  const sites = targets.map(targetText).join(" and ");
  return command.kind === "status" ? `status of ${sites}` : `undo ${sites}`;
}

async function answerSiteCommand(
  flow: Flow,
  message: Message,
  { command, signal }: { readonly command: SiteCommand; readonly signal: AbortSignal },
): Promise<Answer> {
  switch (command.kind) {
    case "change":
      return openChangeRequest(flow, { message, command, signal });
    case "status":
      return answerStatus(flow, { message, command, signal });
    case "undo-on-site":
      return undoOnSite(flow, { message, command, signal });
    default:
      return command satisfies never;
  }
}

async function answerCommand(
  flow: Flow,
  message: Typed,
  { command, signal }: { readonly command: Command; readonly signal: AbortSignal },
): Promise<Answer> {
  switch (command.kind) {
    case "change":
    case "status":
      return answerSiteCommand(flow, message, { command, signal });
    case "undo":
      return answerUndo(flow, message, { command, signal });
    case "extend":
      return extendChange(flow, { message, command, signal });
    case "end":
      return endByText(flow, message, command.changeId);
    case "pending":
      return answerPending(flow, message, command);
    case "history":
      return answerHistory(flow, message, command);
    case "decision":
    case "withdraw":
      return askToConfirm(flow, message, command);
    case "explain":
      return explainPolicy(flow, { message, command, signal });
    case "cancel":
      return cancelByText(flow, message, command.changeId);
    case "freeze":
      return stopChanges(flow, { message, command, signal });
    case "unfreeze":
      return letGoOn(flow, { message, command, signal });
    case "help":
      return answerHelp(flow, message, { ...(command.topic && { topic: command.topic }), signal });
    case "clarify":
    case "unknown": {
      const asked = { text: message.text, asker: await askerOf(flow, message), signal };
      const question =
        command.kind === "clarify" ? command.question : "I did not understand that, so I did nothing.";
      return questionView(question, await suggestHere(flow, command.suggestions, asked));
    }
    case "audit":
      return answerAudit(flow, message, { command, signal });
    default:
      return command satisfies never;
  }
}

/** "undo CR-12", or "undo app-x". */
async function answerUndo(
  flow: Flow,
  message: Typed,
  { command, signal }: { readonly command: UndoCommand; readonly signal: AbortSignal },
): Promise<Answer> {
  const { changeId, targets, reason } = command;
  if (changeId !== undefined) return undoChange(flow, { message, request: changeId, reason, signal });
  if (targets === undefined) return questionView("Undo what?", ["undo CR-12", "undo app-x"]);
  const onSite = { kind: "undo-on-site", targets, ...(reason === undefined ? {} : { reason }) } as const;
  return answerSiteCommand(flow, message, { command: onSite, signal });
}

async function endByText(flow: Flow, message: Typed, request: RequestId): Promise<Answer> {
  const person = await flow.directory.personOf(message.actor);
  const { id, place } = message;
  const { account } = message.actor;
  const ended = await endChange(flow, {
    request,
    person,
    account,
    surface: "text",
    answers: { id, place },
  });
  return ended.kind === "refused" ? refusalView(ended.refusal) : undefined;
}
