/** Clicking: tells the platform, and shows what it shows. */
import { post } from "../control.js";
import { attempt, notify } from "../notices.js";

let isTwice = false;
const armed = new EventTarget();

/** The next click on a card is two clicks at once, as of somebody impatient. Asked for again, it is one. */
export function toggleTwice() {
  isTwice = !isTwice;
  armed.dispatchEvent(new Event("change"));
}

/** Calls back with whether the next click is two, now and whenever that changes. */
export function onTwice(listener) {
  listener(isTwice);
  armed.addEventListener("change", () => listener(isTwice));
}

/** Resolves when the platform has answered; the message itself changes by an event. */
export async function clickOn(message, { as, key, inputs }) {
  const { platform, conversation, id: messageId, revision } = message;
  const times = isTwice ? 2 : 1;
  if (isTwice) toggleTwice();
  const body = {
    platform,
    conversation,
    messageId,
    as,
    action: key,
    inputs,
    times,
    revision: clickable(message, revision),
  };
  const answer = await attempt(() => post("/api/actions", body));
  if (answer === undefined) return;
  if (answer.problem !== null) notify(answer.problem, "problem");
  else if (answer.reply.kind === "text") notify(answer.reply.text);
  if (times > 1) notify(`Clicked twice at once: ${twice(answer)}.`);
}

function twice({ acknowledged, others }) {
  const taken = [acknowledged, ...others.map((other) => other.acknowledged)].filter(Boolean).length;
  return taken === 2
    ? "both clicks were acknowledged, and counted once"
    : `${taken} of 2 clicks were acknowledged`;
}

/** The latest revision is named only where the view is everybody's: a view of one's own has no revisions. */
function clickable({ ownView }, revision) {
  return ownView ? undefined : revision;
}
