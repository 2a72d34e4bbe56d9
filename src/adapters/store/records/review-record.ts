import { z } from "zod";
import { type Review, verdicts } from "../../../domain/change/review.ts";
import { requestId } from "./change-request-record.ts";
import { instant, type JsonText, jsonText, type SameFields } from "./json-text.ts";
import { account, person } from "./plan-record.ts";

const review = z.strictObject({
  request: requestId,
  person,
  account,
  why: z.string(),
  at: instant,
  finding: z
    .strictObject({
      verdict: z.enum(verdicts),
      by: person,
      account,
      at: instant,
      note: z.string().optional(),
    })
    .optional(),
});

true satisfies SameFields<z.output<typeof review>, Review>;

/** A review, as the table keeps it. */
export const reviewRecord: JsonText<Review> = jsonText(1, review);
