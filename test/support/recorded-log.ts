import type { Log, LogFields } from "../../src/ports/log.ts";

export type LogLine = {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly event: string;
  readonly fields: LogFields;
  readonly error?: unknown;
};

/** A log that keeps its lines. */
export function createRecordedLog(): Log & { readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  function logWith(base: LogFields): Log {
    return {
      debug: (event, fields) => void lines.push({ level: "debug", event, fields: { ...base, ...fields } }),
      info: (event, fields) => void lines.push({ level: "info", event, fields: { ...base, ...fields } }),
      warn: (event, fields) => void lines.push({ level: "warn", event, fields: { ...base, ...fields } }),
      error: (event, error, fields) =>
        void lines.push({ level: "error", event, error, fields: { ...base, ...fields } }),
      with: (fields) => logWith({ ...base, ...fields }),
    };
  }
  return { ...logWith({}), lines };
}
