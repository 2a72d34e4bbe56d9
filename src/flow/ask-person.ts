import type { Person } from "../domain/actor.ts";
import type { Asks, Prompt } from "../ports/change-requests.ts";
import type { View } from "../reply/view.ts";
import type { Message } from "./answer-message.ts";
import type { Flow } from "./flow.ts";

/**
 * Asks the sender of a message something that waits for their click, and records that as the message's answer. The question can
 * be answered once, by this person, until its time is over.
 */
export async function askPerson(
  flow: Flow,
  message: Message,
  question: { readonly asks: Asks; readonly view: (prompt: Prompt) => View },
): Promise<undefined> {
  const person: Person = await flow.directory.personOf(message.actor);
  const prompt: Prompt = {
    id: flow.newId(),
    person,
    expiresAt: new Date(flow.clock.now().getTime() + flow.limits.promptWithinMs),
    asks: question.asks,
  };
  const { id, place } = message;
  await flow.requests.record({
    events: [],
    owed: [{ kind: "message", key: `${id}:answer`, place, view: question.view(prompt) }],
    jobs: [],
    prompts: [prompt],
    answers: id,
  });
  return undefined;
}
