import type { Delivery } from "../ports/change-requests.ts";
import type { View } from "../reply/view.ts";

const minute = 60_000;

/**
 * The pauses between sendings of one message whose ends are all unclear while the chat otherwise answers: six in an hour and a half
 * at most, each of which may have arrived. A chat that does not even answer a question is sent nothing meanwhile.
 */
const pausesMs = [5_000, minute, 5 * minute, 20 * minute, 60 * minute];

/** What is next for a message whose last sending ended unclear and that cannot be looked up. */
export type AfterUnclear =
  | { readonly kind: "send" }
  | { readonly kind: "wait"; readonly afterMs: number }
  /** So many times that it is more likely there than not, or never will be. */
  | { readonly kind: "give-up"; readonly why: string };

export function afterUnclear({ attempts, since }: Delivery, now: Date): AfterUnclear {
  const pause = pausesMs[attempts - 1];
  if (pause === undefined) {
    return { kind: "give-up", why: `sent ${attempts} times, and it is not known whether it arrived` };
  }
  // A clock that is behind the database's must not make it longer.
  const afterMs = Math.min(since.getTime() + pause - now.getTime(), pause);
  return afterMs > 0 ? { kind: "wait", afterMs } : { kind: "send" };
}

/** How long a chat that does not answer is left alone: longer each time, up to a minute. */
export function pauseWhileAway(attempt: number, atLeastMs: number): number {
  return Math.max(atLeastMs, Math.min(1_000 * 2 ** Math.min(attempt, 6), minute));
}

/** The view as it is sent again without knowing whether it is there already. */
export function perhapsTwice(view: View): View {
  const text = "This may be here twice: I could not tell whether it arrived before.";
  return { ...view, blocks: [...view.blocks, { kind: "notes", notes: [{ level: "info", text }] }] };
}
