import { setImmediate as turn } from "node:timers/promises";
import type { Clock } from "../../ports/clock.ts";

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => new Date(),
  sleep: (ms, signal) => (ms <= 0 ? whenDueHaveRun(signal) : sleep(ms, signal)),
};

/** Node runs timers between two turns of its loop: microseconds, where a timer of its own would take a millisecond. */
async function whenDueHaveRun(signal?: AbortSignal): Promise<void> {
  await turn();
  await turn();
  signal?.throwIfAborted();
}

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  // `node:timers/promises` makes an error of its own, with its stack, for each sleep that is broken off: most are.
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const wake = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", wake);
      resolve();
    }, ms);
    signal?.addEventListener("abort", wake, { once: true });
  });
}
