/** Clicking: tells the platform, and shows what it shows. */
import { post } from "../control.js";
import { attempt, notify } from "../notices.js";

/** Resolves when the platform has answered; the message itself changes by an event. */
export async function clickOn(message, { as, key, inputs }) {
  const { platform, conversation, id: messageId, revision } = message;
  const body = {
    platform,
    conversation,
    messageId,
    as,
    action: key,
    inputs,
    revision: clickable(message, revision),
  };
  const answer = await attempt(() => post("/api/actions", body));
  if (answer === undefined) return;
  if (answer.problem !== null) notify(answer.problem, "problem");
  else if (answer.reply.kind === "text") notify(answer.reply.text);
}

/** The latest revision is named only where the view is everybody's: a view of one's own has no revisions. */
function clickable({ ownView }, revision) {
  return ownView ? undefined : revision;
}
