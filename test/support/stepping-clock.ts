import type { Clock } from "../../src/ports/clock.ts";

/** A clock that only a test moves. `sleep` moves it as well, so that nothing waits. */
export type SteppingClock = Clock & { advance(ms: number): void };

export function createSteppingClock(start = "2026-11-22T12:00:00Z"): SteppingClock {
  let now = Date.parse(start);
  return {
    now: () => new Date(now),
    advance: (ms) => {
      now += ms;
    },
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      now += ms;
    },
  };
}
