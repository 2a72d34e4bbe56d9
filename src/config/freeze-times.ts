import type { FreezeSpan } from "../domain/change/freeze-window.ts";

/** The days as the policy file names them, from Monday. */
export const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Weekday = (typeof weekdays)[number];

export type FreezeTimes = {
  readonly days?: readonly Weekday[] | undefined;
  readonly from: string;
  readonly to: string;
};

/** Spans of a freeze, or one sentence about what is wrong with `from` or `to`. */
export type ReadTimes =
  | { readonly kind: "spans"; readonly spans: readonly FreezeSpan[] }
  | { readonly kind: "wrong"; readonly at: "from" | "to"; readonly message: string };

const dayNames: readonly string[] = weekdays;
const perHour = 60;
const perDay = 24 * perHour;
const perWeek = 7 * perDay;

/**
 * What the times of a freeze mean. With `days`: times of those days, such as 22:00; a `to` that is not later reaches into the next
 * day. Without: from a time of the week to another, such as fri 16:00 to mon 08:00, or from one date to another, such as
 * 2026-12-18 18:00 to 2027-01-04 08:00.
 */
export function readFreezeTimes({ days, from, to }: FreezeTimes): ReadTimes {
  if (days !== undefined) return daily(days, from, to);
  const weekly = { from: minuteOfWeek(from), to: minuteOfWeek(to) };
  if (weekly.from !== undefined) {
    if (weekly.to === undefined) return wrong("to", notLike(from, "a time of the week, such as mon 08:00"));
    const end = weekly.to > weekly.from ? weekly.to : weekly.to + perWeek;
    return spans([{ kind: "weekly", from: weekly.from, to: end }]);
  }
  const once = { from: dateAndTime(from), to: dateAndTime(to) };
  if (once.from === undefined) {
    return wrong(
      "from",
      "is no time; write fri 16:00 or 2026-12-18 18:00, or 22:00 together with days: [mon, tue]",
    );
  }
  if (once.to === undefined)
    return wrong("to", notLike(from, "a date with a time, such as 2027-01-04 08:00"));
  if (once.to <= once.from) return wrong("to", `is not after ${from}; give a later time`);
  return spans([{ kind: "once", from: once.from, to: once.to }]);
}

function daily(days: readonly Weekday[], from: string, to: string): ReadTimes {
  const begin = minuteOfDay(from);
  const end = minuteOfDay(to);
  if (begin === undefined || begin === perDay) return wrong("from", "is no time of day; write it as 22:00");
  if (end === undefined)
    return wrong("to", "is no time of day; write it as 06:00, or 24:00 for the end of the day");
  const length = end > begin ? end - begin : end - begin + perDay;
  return spans(
    [...new Set(days)].map((day) => {
      const start = weekdays.indexOf(day) * perDay + begin;
      return { kind: "weekly", from: start, to: start + length };
    }),
  );
}

/** `22:00`, in minutes; 24:00 is the end of the day. */
function minuteOfDay(text: string): number | undefined {
  const [, hours, minutes] = /^(\d{1,2}):(\d{2})$/.exec(text.trim()) ?? [];
  if (hours === undefined || minutes === undefined) return undefined;
  const all = Number(hours) * perHour + Number(minutes);
  return Number(minutes) < perHour && all <= perDay ? all : undefined;
}

/** `fri 16:00`, in minutes from Monday 00:00. */
function minuteOfWeek(text: string): number | undefined {
  const [, name = "", time = ""] = /^([a-z]{3})\s+(\S+)$/i.exec(text.trim()) ?? [];
  const day = dayNames.indexOf(name.toLowerCase());
  const minute = minuteOfDay(time);
  return day < 0 || minute === undefined ? undefined : day * perDay + minute;
}

/** `2026-12-18 18:00`, as milliseconds of a clock that shows UTC. */
function dateAndTime(text: string): number | undefined {
  const [, date = "", time = ""] = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2})$/.exec(text.trim()) ?? [];
  const minute = minuteOfDay(time);
  const midnight = Date.parse(`${date}T00:00:00Z`);
  // 30 February is read as a day of March.
  const isDate = !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(date);
  return minute === undefined || !isDate ? undefined : midnight + minute * 60_000;
}

function notLike(from: string, wanted: string): string {
  return `does not go with from: ${from}; give ${wanted}`;
}

function spans(found: readonly FreezeSpan[]): ReadTimes {
  return { kind: "spans", spans: found };
}

function wrong(at: "from" | "to", message: string): ReadTimes {
  return { kind: "wrong", at, message };
}
