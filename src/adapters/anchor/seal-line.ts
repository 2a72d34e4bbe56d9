import { z } from "zod";
import type { Seal } from "../../domain/audit/seal.ts";

/** A seal as one line of JSON: in the anchor file, and at the end of an export. */
const sealSchema = z.strictObject({
  seq: z.int().positive(),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  at: z.codec(z.iso.datetime({ precision: 3 }), z.date(), {
    decode: (text) => new Date(text),
    encode: (date) => date.toISOString(),
  }),
  keyId: z.string(),
  signature: z.base64(),
});

const sealLine = z.strictObject({ seal: sealSchema });

export function writeSealLine(seal: Seal): string {
  return JSON.stringify(z.encode(sealLine, { seal }));
}

/** The seal of a line, or nothing when it is none. */
export function readSealLine(line: string): Seal | undefined {
  try {
    return sealLine.safeParse(JSON.parse(line)).data?.seal;
  } catch {
    return undefined;
  }
}
