/** What can be said of the audit that the bot's log tells: whether a number is missing, and whether cards say the same. */
import { isOpen } from "../change-requests.js";
import { titleOf } from "./state-titles.js";

/** Lines and cards come one after the other; for so long that is no news. */
const outOfStepMs = { numbers: 3_000, states: 10_000 };

/**
 * `{text, problem, ripe}`: how many records there are, and whether one is missing or told in two ways. `ripe` is when the
 * words may become others by themselves.
 */
export function checkNumbers(audit, now) {
  if (audit.length === 0) return { text: "no record yet", problem: false };
  const told = audit.find(({ otherHash }) => otherHash !== null);
  if (told !== undefined) {
    const [one, other] = [shortHash(told.hash), shortHash(told.otherHash)];
    return { text: `record ${told.seq} is told in two ways: ${one} and ${other}`, problem: true };
  }
  const after = audit.find(({ seq }, index) => index > 0 && seq !== audit[index - 1].seq + 1);
  const ripe = after === undefined ? undefined : Date.parse(after.at) + outOfStepMs.numbers;
  if (ripe <= now) {
    const [from, to] = [audit[audit.indexOf(after) - 1].seq + 1, after.seq - 1];
    const which = from === to ? `record ${from} is` : `records ${from} to ${to} are`;
    return { text: `${which} missing in the log`, problem: true };
  }
  const many = audit.length === 1 ? "1 record" : `${audit.length} records`;
  if (after !== undefined) return { text: many, problem: false, ripe };
  const [first, last] = [audit[0].seq, audit.at(-1).seq];
  const range = first === 1 ? "" : `, ${first} to ${last}`;
  return { text: `${many}${range}, none missing`, problem: false };
}

/**
 * `{text, tone, ripe}`: whether the last card and the audit say the same of a request that has ended; no text as long as
 * there is nothing to say. `tone` is `good`, `waiting` or `problem`.
 */
export function checkEnd({ card, records }, now) {
  const last = records.findLast(({ to }) => to !== null);
  const ended = [card, last && { state: last.to, at: last.at }].filter((one) => one && !isOpen(one));
  if (ended.length === 0) return {};
  const title = titleOf(ended[0].state).toLowerCase();
  if (ended.length === 2) {
    if (card.state === last.to) return { text: `Audit and card agree: ${title}`, tone: "good" };
    return {
      text: `The card says ${title}, the audit says ${titleOf(last.to).toLowerCase()}`,
      tone: "problem",
    };
  }
  const ripe = Date.parse(ended[0].at) + outOfStepMs.states;
  if (ripe > now) return { ripe };
  if (ended[0] !== card)
    return { text: `The audit says ${title}; the card does not show it yet`, tone: "waiting" };
  if (last === undefined) return { text: "The log has no record of this request", tone: "waiting" };
  return { text: `The card says ${title}; the audit does not`, tone: "problem" };
}

export const shortHash = (hash) => hash.slice(0, 8);
