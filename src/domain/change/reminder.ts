import type { Reminders } from "./approval-policy.ts";
import type { RequestBase } from "./change-request.ts";

/** What is due of a request's reminders at a time. `next` is when to look again; absent when nothing more comes. */
export type RemindersDue = {
  /** How many reminders there were to be by now; the pauses between them double. */
  readonly count: number;
  readonly escalated: boolean;
  readonly next?: Date;
};

/**
 * Reminders of a request that waits for decisions: the first after `afterMs`, and each pause twice the one before. All follows
 * from the record, the policy and the time, so that whoever looks twice reminds once. None comes when the time to decide is over.
 */
export function remindersDue(
  { openedAt, decideBy }: Pick<RequestBase, "openedAt" | "decideBy">,
  { afterMs, escalate, escalateAfterMs }: Reminders,
  now: Date,
): RemindersDue {
  const passed = now.getTime() - openedAt.getTime();
  const count = passed < afterMs ? 0 : Math.floor(Math.log2(passed / afterMs + 1));
  const escalateAt = escalateAfterMs ?? timeOf(2, afterMs);
  const escalated = escalate.length > 0 && passed >= escalateAt;
  const coming = [timeOf(count + 1, afterMs), ...(escalate.length > 0 && !escalated ? [escalateAt] : [])];
  const next = new Date(openedAt.getTime() + Math.min(...coming));
  return { count, escalated, ...(next < decideBy ? { next } : {}) };
}

/** Milliseconds from the opening to a reminder: 1, 3, 7 … times the first pause. */
function timeOf(number: number, afterMs: number): number {
  return afterMs * (2 ** number - 1);
}
