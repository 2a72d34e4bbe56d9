/** What a card of a change request says, read as a person would read it: the playground has no other way to know. */
import { plainText } from "../world/plain-text.ts";
import type { Message } from "../world/world-model.ts";

/** Words that a card's second line begins with, and the state that they tell. */
const beginnings = [
  ["Waiting for approval.", "pending"],
  ["Approved.", "approved"],
  ["Applying.", "applying"],
  ["Verifying.", "verifying"],
  ["Done.", "confirmed"],
  ["Rejected", "rejected"],
  ["Cancelled", "cancelled"],
  ["Expired.", "expired"],
  ["Out of date.", "stale"],
  ["Not applied.", "failed"],
  ["Accepted but not applied.", "failed"],
  ["Partly applied.", "failed"],
  ["Outcome unknown.", "failed"],
] as const;

export type CardState = (typeof beginnings)[number][1] | "other";

const underWay: ReadonlySet<string> = new Set(["pending", "approved", "applying", "verifying", "other"]);

/** Whether more can be expected to happen to a request in this state. */
export function isOpen(state: string): boolean {
  return underWay.has(state);
}

export interface CardReading {
  /** Such as `CR-12`. */
  readonly request: string;
  /** What it is about: `Application traffic (Route All) on for app-x`. */
  readonly title: string;
  readonly state: CardState;
  /** The sentences that say how it stands. */
  readonly words: string;
}

const heading = /^\W*(CR-\d+): (.+ for .+)$/u;

/** The reading of a message that is a change request's card; undefined for every other message. */
export function readCard({ platform, text, cards, blocks, deletedAt }: Message): CardReading | undefined {
  if (deletedAt !== null) return undefined;
  const parts = platform === "teams" ? cards : blocks;
  const [first = "", words = ""] = plainText(parts.length > 0 ? "" : text, parts).split("\n");
  const [, request, title] = heading.exec(first) ?? [];
  if (request === undefined || title === undefined) return undefined;
  const state = beginnings.find(([beginning]) => words.startsWith(beginning))?.[1] ?? "other";
  return { request, title, state, words };
}

/** The request that a message or form is about, if it names one. */
export function requestNamedIn(words: string): string | undefined {
  return /\bCR-\d+\b/.exec(words)?.[0];
}
