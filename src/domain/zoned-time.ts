/** Time of day and date as a clock on the wall of some place shows them. Node's own time zone data (ICU) decides, with Intl. */

/** Milliseconds since 1970 of what the clock on the wall shows, counted as if it were UTC. */
export type WallTime = number;

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      calendar: "iso8601",
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    formats.set(zone, format);
  }
  return format;
}

/** Whether a name is a time zone that is known here, such as `Europe/Berlin`. */
export function isTimeZone(name: string): boolean {
  try {
    return formatOf(name).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

/** What the clock shows at an instant. */
export function wallTimeAt(instant: Date, zone: string): WallTime {
  const seconds = Math.floor(instant.getTime() / 1000);
  const parts = new Map(
    formatOf(zone)
      .formatToParts(seconds * 1000)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0;
  const shown = Date.UTC(
    part("year"),
    part("month") - 1,
    part("day"),
    part("hour"),
    part("minute"),
    part("second"),
  );
  return shown + (instant.getTime() - seconds * 1000);
}

const day = 86_400_000;

/**
 * When the clock shows a time. When clocks are set back it shows some times twice, and when they are set forward it leaves
 * some out: then the `earlier` or the `later` of the two instants that are meant is given (RFC 5545 and Temporal say the same of
 * the two).
 */
export function instantOf(wall: WallTime, zone: string, which: "earlier" | "later"): Date {
  const offsetNear = (around: number) => wallTimeAt(new Date(around), zone) - around;
  // No zone changes its clocks twice within two days.
  const offsets = [offsetNear(wall - day), offsetNear(wall + day)];
  const shows = offsets.map((offset) => wall - offset).filter((at) => at + offsetNear(at) === wall);
  const instants = shows.length > 0 ? shows : offsets.map((offset) => wall - offset);
  return new Date(which === "earlier" ? Math.min(...instants) : Math.max(...instants));
}
