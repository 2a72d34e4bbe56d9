import { note } from "../reply/answers.ts";
import type { Flow } from "./flow.ts";

/**
 * Ends a message that could not be handled in several tries, for instance because the policy cannot be read: silence would leave
 * people waiting, and an answer hours later would surprise them. Rejects when not even that can be stored; then it is tried on.
 */
export async function giveUpMessage(flow: Flow, id: string, error: unknown): Promise<void> {
  flow.log.error("message-given-up", error, { message: id });
  const message = await flow.inbox.get(id);
  if (!message) return;
  await flow.requests.record({
    events: [],
    owed: [{ kind: "message", key: `${id}:answer`, place: message.place, view: sorry }],
    jobs: [],
    answers: id,
  });
}

const sorry = note(
  "bad",
  'Something on my side does not work, so I could not deal with your message. Write "pending" to see what is open, and try again later; an operator finds the reason in the log.',
);
