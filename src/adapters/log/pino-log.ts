import { type DestinationStream, destination, pino } from "pino";
import type { Log, LogFields } from "../../ports/log.ts";
import { redactor } from "./redact.ts";

export type LogSettings = {
  readonly level: "debug" | "info" | "warn" | "error";
  /** The secrets of this deployment: masked wherever they appear. */
  readonly secrets: readonly string[];
  /** By default standard error: standard output belongs to answers. */
  readonly stream?: DestinationStream;
};

const causesFollowed = 5;

/**
 * What a terminal obeys or an editor reorders, and JSON leaves as it is: DEL and the C1 controls, line separators, marks of writing
 * direction. Written as escapes, the line says the same to a program.
 */
const obeyed = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

function inert(stream: DestinationStream): DestinationStream {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return { write: (line) => stream.write(line.replace(obeyed, escaped)) };
}

/**
 * One JSON object a line: `level`, `time` (ISO 8601), `event`, the fields and, for errors, `error` with name, message, stack
 * and causes. Written before the call returns, so that the last words of a dying process are there.
 */
export function createPinoLog({ level, secrets, stream }: LogSettings): Log {
  const writer = pino(
    {
      level,
      base: null,
      messageKey: "event",
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    inert(stream ?? destination({ fd: 2, sync: true })),
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

  const make = (bound: Readonly<Record<string, unknown>>): Log => ({
    debug: (event, fields) => writer.debug({ ...bound, ...clean(fields) }, event),
    info: (event, fields) => writer.info({ ...bound, ...clean(fields) }, event),
    warn: (event, fields) => writer.warn({ ...bound, ...clean(fields) }, event),
    error: (event, error, fields) =>
      writer.error({ ...bound, ...clean(fields), error: describe(error) }, event),
    with: (fields) => make({ ...bound, ...clean(fields) }),
  });
  return make({});
}
