import { z } from "zod";
import type { Aftercare } from "../../../domain/change/aftercare.ts";
import { requestId } from "./change-request-record.ts";
import { instant, type JsonText, jsonText, type SameFields } from "./json-text.ts";

const watchBase = {
  until: instant,
  nextAt: instant,
  looks: z.int(),
  suspicion: z.string().optional(),
};
const watch = z.discriminatedUnion("state", [
  z.strictObject({ ...watchBase, state: z.enum(["watching", "well", "unseen", "stopped"]) }),
  z.strictObject({ ...watchBase, state: z.literal("worse"), what: z.string() }),
]);

const temporaryBase = { endsAt: instant, reminded: z.boolean() };
const temporary = z.discriminatedUnion("state", [
  z.strictObject({ ...temporaryBase, state: z.literal("running"), lookAt: instant }),
  z.strictObject({ ...temporaryBase, state: z.literal("reverting"), lookAt: instant, by: requestId }),
  z.strictObject({ ...temporaryBase, state: z.literal("over"), why: z.string() }),
]);

const settlingBase = { until: instant, nextAt: instant };
const settling = z.discriminatedUnion("state", [
  z.strictObject({ ...settlingBase, state: z.literal("looking") }),
  z.strictObject({ ...settlingBase, state: z.literal("settled"), what: z.string() }),
]);

const aftercare = z.strictObject({
  of: requestId,
  number: z.int(),
  revision: z.int(),
  since: instant,
  watch: watch.optional(),
  temporary: temporary.optional(),
  settling: settling.optional(),
});

true satisfies SameFields<z.output<typeof aftercare>, Aftercare>;

/** What the table keeps of the aftercare of a change. */
export const aftercareRecord: JsonText<Aftercare> = jsonText(1, aftercare);
