import type { ChangeRequest } from "../domain/change/change-request.ts";
import { type Stop, scopeWords } from "../domain/change/stop.ts";
import { note } from "./answers.ts";
import { sentence, stopWords } from "./hold-words.ts";
import type { Block, View } from "./view.ts";
import { listed } from "./words.ts";

/** Changes are stopped from now on: what waits, and what could not be stopped any more. */
export function stoppedView(stops: readonly Stop[], open: readonly ChangeRequest[]): View {
  const ids = (states: readonly ChangeRequest["state"][]) =>
    open.filter(({ state }) => states.includes(state)).map(({ id }) => id);
  const inWork = ids(["applying", "verifying"]);
  const approved = ids(["approved"]);
  const text = [
    `Stopped: ${listed(stops.map(({ scope }) => scopeWords(scope)))}. Nothing more is written until somebody who may do so writes "unfreeze".`,
    ...(inWork.length > 0
      ? [
          `Already with Azure when it was stopped: ${few(inWork)}. What was sent cannot be called back; its outcome is told, and no further step is begun.`,
        ]
      : []),
    ...(approved.length > 0
      ? [`Approved and waiting, each within its time to apply: ${few(approved)}.`]
      : []),
    "Requests can still be made and decided.",
  ].join(" ");
  return { ...note("attention", text), title: "Changes are stopped" };
}

/** Changes go on: which stops have ended, and which are still on. */
export function goOnView(ended: readonly Stop[], left: readonly Stop[]): View {
  const still = left.map((stop) => `${sentence(stopWords(stop))}.`);
  if (ended.length === 0) {
    const text =
      left.length === 0
        ? "No freeze is on, so there is nothing to lift. Freeze windows of the policy end by themselves."
        : `No freeze of exactly that is on, so nothing was lifted. ${still.join(" ")} Write "unfreeze" to lift all of it.`;
    return note("attention", text);
  }
  const text = [
    `No longer stopped: ${listed(ended.map(({ scope }) => scopeWords(scope)))}. What was approved in time goes on by itself.`,
    ...(still.length > 0 ? [`Still on: ${still.join(" ")}`] : []),
  ].join(" ");
  return { ...note("good", text), title: "Changes go on" };
}

/** For answers that are about something else: that changes are stopped now. */
export function stopNotes(stops: readonly Stop[]): readonly Block[] {
  if (stops.length === 0) return [];
  return [
    {
      kind: "notes",
      notes: stops.map((stop) => ({ level: "warning", text: `${sentence(stopWords(stop))}.` })),
    },
  ];
}

/** Which freezes are on, for whoever asks: windows of the policy differ from site to site, and are told on the cards. */
export function freezesNow(stops: readonly Stop[]): string {
  const now =
    stops.length === 0
      ? ["No freeze is on that you may see."]
      : stops.map((stop) => `${sentence(stopWords(stop))}.`);
  return `${now.join(" ")} Freeze windows of the policy are told on the card of each request.`;
}

function few(ids: readonly string[]): string {
  return ids.length <= 10 ? listed(ids) : `${ids.slice(0, 10).join(", ")} and ${ids.length - 10} more`;
}
