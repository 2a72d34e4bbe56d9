import { z } from "zod";

const form = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2}))?$/;
const notAMoment = "is not a date; write it as 2026-11-22, or with a time as 2026-11-22T14:00Z";
const dayMs = 86_400_000;

/** A date, or a date with time and offset. A date alone is the whole day in UTC: as a beginning its start, as an end its end. */
export function moment(which: "beginning" | "end") {
  return z
    .string(notAMoment)
    .transform((text, context) => {
      const at = form.test(text) ? Date.parse(text) : Number.NaN;
      // A day that the month does not have becomes another one.
      const isReal = !Number.isNaN(at) && (text.length > 10 || new Date(at).toISOString().startsWith(text));
      if (!isReal) {
        context.addIssue({ code: "custom", message: notAMoment });
        return z.NEVER;
      }
      return new Date(which === "end" && text.length === 10 ? at + dayMs : at);
    })
    .meta({ type: "string", pattern: form.source });
}
