/** The records of the bot's audit, out of its ordinary log: what any log collector gets, and nothing that is only here. */
import { z } from "zod";
import type { ToldRecord } from "../world/world-model.ts";

const word = z.string().regex(/^[a-z][a-z-]{0,39}$/);

const lineSchema = z.object({
  event: z.literal("recorded"),
  time: z.iso.datetime(),
  seq: z.int().positive(),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  kind: word,
  request: z
    .string()
    .regex(/^CR-\d{1,12}$/)
    .nullable()
    .default(null),
  from: word.nullable().default(null),
  to: word.nullable().default(null),
});

/** The record that a line of the log tells; undefined for every other line. */
export function readAuditLine(line: string): ToldRecord | undefined {
  // Most lines are others.
  if (!line.includes('"recorded"')) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return undefined;
  }
  const { data } = lineSchema.safeParse(parsed);
  if (data === undefined) return undefined;
  const { seq, hash, time: at, kind, request, from, to } = data;
  return { seq, hash, at, kind, request, from, to };
}
