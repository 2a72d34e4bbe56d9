import { z } from "zod";
import type { PastEvent } from "../../../ports/request-lists.ts";
import { account, person } from "./plan-record.ts";

/** Of an event in the audit, what is told about it. What a newer version adds is left out, not refused. */
const pastEvent = z.object({
  kind: z.string(),
  at: z.iso.datetime({ precision: 3 }).transform((text) => new Date(text)),
  person: person.optional(),
  account: account.optional(),
  surface: z.string().optional(),
  from: z.string().optional(),
  to: z.string().optional(),
  details: z.record(z.string(), z.string()),
});

export function readPastEvent(payload: string): PastEvent {
  return pastEvent.parse(JSON.parse(payload));
}
