import { z } from "zod";
import type { Stop } from "../../../domain/change/stop.ts";
import { instant, type JsonText, jsonText, type SameFields } from "./json-text.ts";
import { account, person } from "./plan-record.ts";

const stop = z.strictObject({
  id: z.string(),
  scope: z.strictObject({
    site: z.string().optional(),
    slot: z.string().optional(),
    resourceGroup: z.string().optional(),
    subscription: z.string().optional(),
  }),
  by: person,
  account,
  at: instant,
  reason: z.string().optional(),
});

true satisfies SameFields<z.output<typeof stop>, Stop>;

/** A stop, as the table keeps it. */
export const stopRecord: JsonText<Stop> = jsonText(1, stop);
