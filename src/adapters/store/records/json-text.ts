import { z } from "zod";

/** A point in time, kept as ISO 8601 text in UTC with milliseconds. */
export const instant = z.codec(z.iso.datetime({ precision: 3 }), z.date(), {
  decode: (text) => new Date(text),
  encode: (date) => date.toISOString(),
});

/** How one kind of value is kept as text. */
export type JsonText<T> = { write(value: T): string; read(text: string): T };

/**
 * Keeps values of a schema as JSON text, with the number of its format. What is read is parsed; a number that is not ours, or
 * a field that we do not know, was written by a newer version and is refused, not dropped. `upgrade` brings a value of an
 * older format to the current one, before it is parsed.
 */
export function jsonText<T>(
  version: number,
  schema: z.ZodType<T, unknown>,
  upgrade: (older: Older) => unknown = ({ value }) => value,
): JsonText<T> {
  const envelope = z.strictObject({ version: z.literal(version), value: schema });
  const olderEnvelope = z.strictObject({ version: z.int().positive().lt(version), value: z.unknown() });
  return {
    write: (value) => JSON.stringify(z.encode(envelope, { version, value })),
    read: (text) => {
      const kept: unknown = JSON.parse(text);
      const older = olderEnvelope.safeParse(kept);
      const current = older.success ? { version, value: upgrade(older.data) } : kept;
      return envelope.parse(current).value;
    },
  };
}

/** A value as an older version of its format has it, not checked yet. */
export type Older = { readonly version: number; readonly value: unknown };

/**
 * `true` if two types have the same fields, optional ones included, whatever is readonly in them. A schema here states with
 * it that it keeps everything that the core's type has: a field that is added there and forgotten here does not compile.
 */
export type SameFields<A, B> = [Plain<A>] extends [Plain<B>]
  ? [Plain<B>] extends [Plain<A>]
    ? true
    : false
  : false;

/** Fields of every depth made writable, and optional ones required but possibly absent. */
type Plain<T> = T extends Date
  ? T
  : T extends object
    ? {
        -readonly [K in keyof T]-?: undefined extends T[K]
          ? { optional: Plain<Exclude<T[K], undefined>> }
          : Plain<T[K]>;
      }
    : T;
