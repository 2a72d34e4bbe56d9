import type { Clock } from "../../ports/clock.ts";

export type Settled<T> =
  | { readonly kind: "done"; readonly value: T }
  | { readonly kind: "failed"; readonly error: unknown }
  /** Still going on; it is not stopped. */
  | { readonly kind: "late" };

/** Nobody reads it; made once, since an error of its own for each would be the dearest thing here. */
const overtaken = new Error("the work was settled before its time was over");

/** What became of `work` within `ms` milliseconds. Never rejects. */
export async function settleWithin<T>(work: Promise<T>, ms: number, clock: Clock): Promise<Settled<T>> {
  const timer = new AbortController();
  const settled = work.then(
    (value): Settled<T> => ({ kind: "done", value }),
    (error: unknown): Settled<T> => ({ kind: "failed", error }),
  );
  const late = clock.sleep(ms, timer.signal).then(
    (): Settled<T> => ({ kind: "late" }),
    () => settled,
  );
  const first = await Promise.race([settled, late]);
  timer.abort(overtaken);
  return first;
}
