import type { Inbound, Reply } from "../ports/chat.ts";
import { note } from "../reply/answers.ts";
import type { View } from "../reply/view.ts";
import type { Flow } from "./flow.ts";
import { recordDecision } from "./record-decision.ts";

type Click = Extract<Inbound, { kind: "click" }>;

const gone: Reply = {
  kind: "notice",
  text: "This question is no longer open: it was answered or its time ran out. Write your decision again if it is still wanted.",
};

/**
 * The answer to "do you want to approve CR-3?". Only the person who was asked can give it, once. What it then does is what
 * the button on the card does, for exactly the plan that was shown.
 */
export async function answerPrompt(flow: Flow, click: Click): Promise<Reply> {
  const person = await flow.directory.personOf(click.actor);
  const asked = await flow.requests.getPrompt(click.target);
  if (!asked || asked.expiresAt <= flow.clock.now()) return gone;
  if (asked.person.id !== person.id) {
    return { kind: "notice", text: `This question is for ${asked.person.name}.` };
  }
  const prompt = await flow.requests.takePrompt(click.target);
  if (!prompt) return gone;
  if (click.verb === "dismiss") {
    return settled(note("neutral", `${prompt.asks.request} was left as it is.`));
  }
  const { request, decision, why, fingerprint } = prompt.asks;
  const decided = await recordDecision(flow, {
    request,
    verb: decision,
    person,
    account: click.actor.account,
    surface: "text",
    fingerprint,
    ...(why === undefined ? {} : { why }),
  });
  return settled(
    decided.kind === "recorded"
      ? note("good", `${person.name} ${decision === "approve" ? "approved" : "rejected"} ${request}.`)
      : note("attention", decided.refusal.message),
  );
}

function settled(view: View): Reply {
  return { kind: "card", view, forEverybody: true };
}
