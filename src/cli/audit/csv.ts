import { z } from "zod";
import { type AuditRecord, eventIn } from "../../domain/audit/audit-record.ts";
import { visibleJson } from "../../domain/visible-text.ts";
import { csvLine } from "../../reply/csv-line.ts";

const account = z.object({ platform: z.string(), tenant: z.string(), user: z.string() });
const person = z.object({ id: z.string(), name: z.string() });

/** What the columns take from an event; whatever else it has is in `payload`. */
const event = z.object({
  kind: z.string().optional(),
  request: z.string().optional(),
  person: person.optional(),
  account: account.optional(),
  surface: z.string().optional(),
  from: z.string().optional(),
  to: z.string().optional(),
  fingerprint: z.string().optional(),
  policyVersion: z.string().optional(),
  details: z.record(z.string(), z.string()).optional(),
});

const columns = [
  "seq",
  "at",
  "kind",
  "request",
  "person",
  "name",
  "account",
  "surface",
  "from",
  "to",
  "fingerprint",
  "policyVersion",
  "details",
  "hash",
  "previous",
  "payload",
] as const;

export const csvHeader = `${columns.join(",")}\r\n`;

/** A record as one row, for reading in a spreadsheet. */
export function csvRow(record: AuditRecord): string {
  const parsed = event.safeParse(eventIn(record.payload)).data ?? {};
  const who = parsed.account;
  const cells: Record<(typeof columns)[number], string> = {
    seq: String(record.seq),
    at: record.at.toISOString(),
    kind: parsed.kind ?? "",
    request: parsed.request ?? "",
    person: parsed.person?.id ?? "",
    name: parsed.person?.name ?? "",
    account: who ? `${who.platform}:${who.tenant}/${who.user}` : "",
    surface: parsed.surface ?? "",
    from: parsed.from ?? "",
    to: parsed.to ?? "",
    fingerprint: parsed.fingerprint ?? "",
    policyVersion: parsed.policyVersion ?? "",
    details: Object.entries(parsed.details ?? {})
      .map(([name, value]) => `${name}: ${value}`)
      .join("; "),
    hash: record.hash,
    previous: record.previous,
    payload: visibleJson(record.payload),
  };
  return csvLine(columns.map((column) => cells[column]));
}
