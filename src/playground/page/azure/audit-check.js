/** What can be said of the audit that the bot's log tells: whether a number is missing, and whether cards say the same. */
import { isOpen } from "../change-requests.js";
import { titleOf } from "./state-titles.js";

/** Lines and cards come one after the other; for so long that is no news. */
const outOfStepMs = { numbers: 3_000, states: 10_000 };

/**
 * `{text, problem, ripe}`: how many records there are, and whether one is missing or told in two ways. `ripe` is when the
 * words may become others by themselves. `deaths` are the times at which the bot ended: a record that was stored in that moment
 * has no line, and a number that is missing there is none to worry about.
 */
export function checkNumbers(audit, deaths, now) {
  if (audit.length === 0) return { text: "no record yet", problem: false };
  const told = audit.find(({ otherHash }) => otherHash !== null);
  if (told !== undefined) {
    const [one, other] = [shortHash(told.hash), shortHash(told.otherHash)];
    return { text: `record ${told.seq} is told in two ways: ${one} and ${other}`, problem: true };
  }
  const gaps = gapsIn(audit);
  const isOfDeath = ({ since, until }) => deaths.some((at) => since <= at && at <= until);
  const unexplained = gaps.find((gap) => !isOfDeath(gap));
  const ripe = unexplained && Date.parse(unexplained.until) + outOfStepMs.numbers;
  if (ripe <= now) return { text: `${recordsOf(unexplained)} missing in the log`, problem: true };
  const many = audit.length === 1 ? "1 record" : `${audit.length} records`;
  if (unexplained) return { text: many, problem: false, ripe };
  if (gaps.length > 0) {
    const which = gaps.map(numbersOf).join(", ");
    return { text: `${many}; the bot was killed before its log told ${which}`, problem: false };
  }
  const [first, last] = [audit[0].seq, audit.at(-1).seq];
  const range = first === 1 ? "" : `, ${first} to ${last}`;
  return { text: `${many}${range}, none missing`, problem: false };
}

/** Numbers that no line told, with the times of the lines before and behind them. */
function gapsIn(audit) {
  return audit.flatMap(({ seq, at }, index) => {
    const before = audit[index - 1];
    return before === undefined || seq === before.seq + 1
      ? []
      : [{ from: before.seq + 1, to: seq - 1, since: before.at, until: at }];
  });
}

const numbersOf = ({ from, to }) => (from === to ? String(from) : `${from} to ${to}`);
const recordsOf = (gap) => (gap.from === gap.to ? `record ${gap.from} is` : `records ${numbersOf(gap)} are`);

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
