import type { Log, LogFields } from "../../src/ports/log.ts";

export type LogLine = {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly event: string;
  readonly fields: LogFields;
  readonly error?: unknown;
};

/** A log that keeps its lines, for tests to look at. */
export type MemoryLog = Log & {
  readonly lines: readonly LogLine[];
  /** The lines with this event. */
  named(event: string): readonly LogLine[];
};

export function createMemoryLog(): MemoryLog {
  const lines: LogLine[] = [];
  const make = (bound: LogFields): MemoryLog => ({
    lines,
    named: (event) => lines.filter((line) => line.event === event),
    debug: (event, fields) => lines.push({ level: "debug", event, fields: { ...bound, ...fields } }),
    info: (event, fields) => lines.push({ level: "info", event, fields: { ...bound, ...fields } }),
    warn: (event, fields) => lines.push({ level: "warn", event, fields: { ...bound, ...fields } }),
    error: (event, error, fields) =>
      lines.push({ level: "error", event, fields: { ...bound, ...fields }, error }),
    with: (fields) => make({ ...bound, ...fields }),
  });
  return make({});
}
