import type { Person } from "../domain/actor.ts";
import type { RefusalCode } from "../domain/failure.ts";
import type { Asks, Prompt } from "../ports/change-requests.ts";
import type { Inbound, Reply } from "../ports/chat.ts";
import { note } from "../reply/answers.ts";
import { signInText, signInView } from "../reply/sign-in-words.ts";
import type { View } from "../reply/view.ts";
import { readChoiceId } from "./ask-to-choose.ts";
import type { Flow } from "./flow.ts";
import { recordDecision } from "./record-decision.ts";
import { takeIn } from "./take-in.ts";

type Click = Extract<Inbound, { kind: "click" }>;
type Answered = { readonly click: Click; readonly person: Person; readonly prompt: Prompt };

const gone: Reply = {
  kind: "notice",
  text: "This question is no longer open: it was answered or its time ran out. Write again what you want, if it is still wanted.",
};

/**
 * The answer to a question that the bot asked: "do you want to approve CR-3?", "which of these is meant?". Only the person
 * who was asked can give it, once, while it is open.
 */
export async function answerPrompt(flow: Flow, click: Click): Promise<Reply> {
  const picked = click.verb === "pick" ? readChoiceId(click.target) : undefined;
  const person = await flow.directory.personOf(click.actor);
  const prompt = await flow.requests.getPrompt(picked?.prompt ?? click.target);
  if (!prompt || prompt.expiresAt <= flow.clock.now()) return gone;
  if (prompt.person.id !== person.id) return refuse(flow, { click, person, prompt });
  if (picked) return pick(flow, { click, person, prompt }, picked.index);
  const { asks } = prompt;
  if (click.verb === "dismiss") {
    if (!(await flow.requests.takePrompt(prompt.id))) return gone;
    return settled(note("neutral", dismissed(asks)));
  }
  return click.verb === "confirm" && asks.kind === "decision"
    ? confirm(flow, { click, person, prompt }, asks)
    : gone;
}

/** Somebody else clicked: for the record, where it would have decided something. */
async function refuse(flow: Flow, { click, person, prompt }: Answered): Promise<Reply> {
  const { asks } = prompt;
  if (asks.kind === "decision" && click.verb === "confirm") {
    const details = { wanted: asks.decision, code: "prompt-not-yours" } satisfies {
      code: RefusalCode;
      wanted: string;
    };
    const { request, fingerprint } = asks;
    const { account } = click.actor;
    const at = flow.clock.now();
    await flow.requests.record({
      events: [{ kind: "refused", at, request, person, account, surface: "button", fingerprint, details }],
      owed: [],
      jobs: [],
    });
  }
  return { kind: "notice", text: `This question is for ${prompt.person.name}.` };
}

function dismissed(asks: Asks): string {
  return asks.kind === "decision" ? `${asks.request} was left as it is.` : "Nothing was done.";
}

const didWords = {
  approve: "approved",
  reject: "rejected",
  withdraw: "withdrew the approval of",
  "break-glass": "broke the glass for",
} as const;

/**
 * What it then does is what the button on the card does, for exactly the plan that was shown. The question is taken together
 * with the decision: after a crash before that, it can still be answered.
 */
async function confirm(
  flow: Flow,
  { click, person, prompt }: Answered,
  { request, decision, why, fingerprint }: Extract<Asks, { kind: "decision" }>,
): Promise<Reply> {
  const decided = await recordDecision(flow, {
    request,
    verb: decision,
    person,
    account: click.actor.account,
    surface: "text",
    fingerprint,
    takes: prompt.id,
    ...(why === undefined ? {} : { why }),
  });
  if (decided.kind === "question-gone") return gone;
  if (decided.kind === "sign-in") {
    const { link, until } = decided;
    const text = signInText(request, until);
    return { kind: "notice", text, link, view: signInView(link) };
  }
  return settled(
    decided.kind === "recorded"
      ? note("good", `${person.name} ${didWords[decision]} ${request}.`)
      : note("attention", decided.refusal.message),
  );
}

/**
 * The chosen command goes the way of a message from here on. It is stored under the question's own id before the question
 * is closed: two choices at once, or a crash in between, still carry out one.
 */
async function pick(flow: Flow, { click, person, prompt }: Answered, index: number): Promise<Reply> {
  const { asks } = prompt;
  const choice = asks.kind === "choice" ? asks.choices[index] : undefined;
  if (asks.kind !== "choice" || choice === undefined) return gone;
  const stored = await takeIn(flow, {
    kind: "picked",
    id: `${prompt.id}:picked`,
    actor: click.actor,
    place: asks.place,
    command: choice.command,
  });
  if (stored === "seen") return gone;
  await flow.requests.takePrompt(prompt.id);
  return settled(note("neutral", `${person.name} chose ${choice.label}.`));
}

function settled(view: View): Reply {
  return { kind: "card", view, forEverybody: true };
}
