/** Records of the bot's audit: number, time, what happened, and the beginning of the hash. */
import { clockSeconds, el } from "../dom.js";
import { shortHash } from "./audit-check.js";
import { titleOf } from "./state-titles.js";

const words = new Map([
  ["opened", "Opened"],
  ["approval", "Approval"],
  ["withdrawn", "Approval taken back"],
  ["sign-in-asked", "Approval waits for a fresh sign-in"],
  ["break-glass", "Glass broken: needs no approval"],
  ["reviewed", "Looked at afterwards"],
  ["stopped", "Changes stopped"],
  ["let-go-on", "Changes let go on"],
  ["refused", "A decision refused"],
  ["interrupted", "Records were moved or restored"],
  ["parked", "Approvals do not count any more"],
  ["taken-over", "Work taken over"],
  ["tried-again", "Tried again"],
  ["sealing-key", "A new key signs from here on"],
  ["extended", "Given more time"],
  ["ended-early", "Ended before its time"],
  ["let-be", "Its time as a temporary change is over"],
  ["watched", "The watch afterwards ended"],
  ["settled", "Unclear outcome settled"],
]);

export function auditList(records, label) {
  return el("ol", { class: "audit-record", "aria-label": label }, ...records.map(drawRecord));
}

function drawRecord({ seq, at, kind, from, to, hash, otherHash }) {
  const twice = otherHash !== null;
  return el(
    "li",
    { class: twice && "problem" },
    el("span", { class: "number" }, el("span", { class: "unseen" }, "Record "), String(seq)),
    el("time", { datetime: at }, clockSeconds(at)),
    el("p", {}, kind === "moved" ? titleOf(from) : (words.get(kind) ?? kind), drawMove(from, to)),
    el(
      "code",
      { title: hash },
      el("span", { class: "unseen" }, "hash "),
      shortHash(hash),
      twice && ` or ${shortHash(otherHash)}`,
    ),
  );
}

/** The state that it came into; a record that leaves the state as it was says nothing of it. */
function drawMove(from, to) {
  if (to === null || from === to) return null;
  const arrow = el("span", { class: "arrow", "aria-hidden": "true" }, "→");
  return [arrow, el("span", { class: "unseen" }, " to "), el("span", { class: `state ${to}` }, titleOf(to))];
}
