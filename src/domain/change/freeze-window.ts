import { instantOf, type WallTime, wallTimeAt } from "../zoned-time.ts";

/** A time in which approved changes wait, said by the policy. */
export type FreezeWindow = {
  readonly name: string;
  /** IANA name of the zone whose clocks count, e.g. `Europe/Berlin`. */
  readonly zone: string;
  /** Whether it holds up a break-glass change, too. */
  readonly stopsBreakGlass: boolean;
  readonly spans: readonly FreezeSpan[];
};

/**
 * - `weekly`: minutes from Monday 00:00 of the local week; `to` is after `from`, and may reach into the next week.
 * - `once`: local times, counted as if they were UTC; `to` is after `from`.
 */
export type FreezeSpan =
  | { readonly kind: "weekly"; readonly from: number; readonly to: number }
  | { readonly kind: "once"; readonly from: WallTime; readonly to: WallTime };

/** A freeze that is on: `until` is when none of the windows is on any more; absent when that is more than a year away. */
export type InFreeze = { readonly window: FreezeWindow; readonly until?: Date };

const minute = 60_000;
const day = 24 * 60 * minute;
const week = 7 * day;
const longest = 366 * day;

/**
 * The freeze that is on at an instant, if one is. Where clocks are set back or forward within a window, or at its edge, it
 * lasts the longer way: from the first time that the clock could show its start until the last that it could show its end.
 */
export function freezeAt(windows: readonly FreezeWindow[], at: Date): InFreeze | undefined {
  const on = endOf(windows, at);
  if (!on) return undefined;
  // One may begin before another one ends: people want to know when they can go on.
  let { until } = on;
  for (let next = endOf(windows, until); next; next = endOf(windows, until)) {
    until = next.until;
    if (until.getTime() - at.getTime() > longest) return { window: on.window };
  }
  return { window: on.window, until };
}

/** The window that is on, and when it ends by itself; of several, the one that ends last. */
function endOf(
  windows: readonly FreezeWindow[],
  at: Date,
): { readonly window: FreezeWindow; readonly until: Date } | undefined {
  let latest: { readonly window: FreezeWindow; readonly until: Date } | undefined;
  for (const window of windows) {
    for (const span of window.spans) {
      for (const [from, to] of occurrences(span, at, window.zone)) {
        const until = instantOf(to, window.zone, "later");
        const isOn = instantOf(from, window.zone, "earlier") <= at && at < until;
        if (isOn && (!latest || until > latest.until)) latest = { window, until };
      }
    }
  }
  return latest;
}

/** The occurrences of a span that can be on at an instant, by what the clock shows. */
function occurrences(span: FreezeSpan, at: Date, zone: string): readonly (readonly [WallTime, WallTime])[] {
  if (span.kind === "once") return [[span.from, span.to]];
  const wall = wallTimeAt(at, zone);
  const monday = Math.floor((wall - firstMonday) / week) * week + firstMonday;
  // At the turn of a week the clocks may change, too.
  return [-1, 0, 1].map((weeks) => {
    const start = monday + weeks * week;
    return [start + span.from * minute, start + span.to * minute] as const;
  });
}

/** Monday, 5 January 1970, 00:00. */
const firstMonday = 4 * day;
