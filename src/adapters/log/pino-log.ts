import { type DestinationStream, destination, pino } from "pino";
import { visibleJson } from "../../domain/visible-text.ts";
import type { Log, LogFields } from "../../ports/log.ts";
import { redactor } from "./redact.ts";

export type LogSettings = {
  readonly level: "debug" | "info" | "warn" | "error";
  /** The secrets of this deployment: masked wherever they appear. */
  readonly secrets: readonly string[];
  /** What every line has of where the code that writes it comes from; asked for each line. */
  readonly context?: () => LogFields;
  /** By default standard error: standard output belongs to answers. */
  readonly stream?: DestinationStream;
};

const causesFollowed = 5;

/**
 * One JSON object a line: `level`, `time` (ISO 8601), `event`, the fields and, for errors, `error` with name, message, stack
 * and causes. Written before the call returns, so that the last words of a dying process are there.
 */
export function createPinoLog({ level, secrets, stream, context = () => ({}) }: LogSettings): Log {
  const writer = pino(
    {
      level,
      base: null,
      messageKey: "event",
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    visible(stream ?? destination({ fd: 2, sync: true })),
  );
  const redact = redactor(secrets);

  const clean = (fields: LogFields | undefined) =>
    Object.fromEntries(
      Object.entries(fields ?? {}).map(([name, value]) => [
        // The names that a line has itself are never overwritten.
        ["level", "time", "event", "error"].includes(name) ? `${name}_` : name,
        Array.isArray(value) ? value.map((item) => redact(name, item)) : redact(name, value),
      ]),
    );

  const describe = (error: unknown, depth = 0): unknown => {
    if (!(error instanceof Error)) return { message: redact("message", String(error)) };
    return {
      name: error.name,
      message: redact("message", error.message),
      stack: redact("stack", error.stack),
      ...("code" in error && typeof error.code === "string" && { code: redact("code", error.code) }),
      ...(error.cause !== undefined && depth < causesFollowed && { cause: describe(error.cause, depth + 1) }),
    };
  };

  const make = (bound: Readonly<Record<string, unknown>>): Log => {
    const line = (fields: LogFields | undefined) => ({ ...clean(context()), ...bound, ...clean(fields) });
    return {
      debug: (event, fields) => {
        if (writer.isLevelEnabled("debug")) writer.debug(line(fields), event);
      },
      info: (event, fields) => writer.info(line(fields), event),
      warn: (event, fields) => writer.warn(line(fields), event),
      error: (event, error, fields) => writer.error({ ...line(fields), error: describe(error) }, event),
      with: (fields) => make({ ...bound, ...clean(fields) }),
    };
  };
  return make({});
}

/** A line must not command the terminal that shows it, whoever wrote what it tells. */
function visible(stream: DestinationStream): DestinationStream {
  return { write: (line) => stream.write(visibleJson(line)) };
}
