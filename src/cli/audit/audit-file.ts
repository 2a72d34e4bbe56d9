import { z } from "zod";
import { readSealLine } from "../../adapters/anchor/seal-line.ts";
import type { AuditRecord } from "../../domain/audit/audit-record.ts";
import type { Seal } from "../../domain/audit/seal.ts";
import { visibleJson } from "../../domain/visible-text.ts";

/**
 * The JSONL export: one record a line, oldest first. The whole audit ends with a seal, made when it was exported; a part of it
 * begins with a line that says so.
 */

const recordSchema = z.strictObject({
  seq: z.int().positive(),
  at: z.iso.datetime({ precision: 3 }),
  previous: z.string(),
  payload: z.string(),
  hash: z.string(),
});

/** What a part of the audit was chosen by, as it was typed. */
const extractSchema = z.strictObject({ extract: z.record(z.string(), z.string()) });
export type Extract = z.output<typeof extractSchema>["extract"];

export type AuditLine =
  | { readonly kind: "record"; readonly record: AuditRecord }
  | { readonly kind: "seal"; readonly seal: Seal }
  | { readonly kind: "extract"; readonly extract: Extract }
  | { readonly kind: "other" };

export function writeRecordLine({ seq, at, previous, payload, hash }: AuditRecord): string {
  return visibleJson(JSON.stringify({ seq, at: at.toISOString(), previous, payload, hash }));
}

export function writeExtractLine(extract: Extract): string {
  return JSON.stringify({ extract });
}

export function readAuditLine(line: string): AuditLine {
  const value = parseJson(line);
  const record = recordSchema.safeParse(value).data;
  if (record !== undefined) return { kind: "record", record: { ...record, at: new Date(record.at) } };
  const seal = readSealLine(line);
  if (seal !== undefined) return { kind: "seal", seal };
  const part = extractSchema.safeParse(value).data;
  return part === undefined ? { kind: "other" } : { kind: "extract", extract: part.extract };
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
