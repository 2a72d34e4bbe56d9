import { z } from "zod";
import type { Job, JobKind, JobOf } from "../../../ports/work.ts";
import { requestId } from "./change-request-record.ts";
import { instant, type SameFields } from "./json-text.ts";

const handleMessage = z.strictObject({
  kind: z.literal("handle-message"),
  message: z.string(),
  line: z.string().exactOptional(),
});
const apply = z.strictObject({ kind: z.literal("apply"), request: requestId, site: z.string() });
const deliver = z.strictObject({ kind: z.literal("deliver"), key: z.string() });
const deadline = z.strictObject({ kind: z.literal("deadline"), request: requestId, at: instant });
const sealAudit = z.strictObject({ kind: z.literal("seal-audit"), at: instant });
const survey = z.strictObject({ kind: z.literal("survey"), survey: z.string(), person: z.string() });
const remind = z.strictObject({ kind: z.literal("remind"), request: requestId, at: instant });
const aftercare = z.strictObject({ kind: z.literal("aftercare"), request: requestId, at: instant });

const job = z.discriminatedUnion("kind", [
  handleMessage,
  apply,
  deliver,
  deadline,
  sealAudit,
  survey,
  remind,
  aftercare,
]);
true satisfies SameFields<z.output<typeof job>, Job>;

const byKind: { readonly [K in JobKind]: z.ZodType<JobOf<K>, unknown> } = {
  "handle-message": handleMessage,
  apply,
  deliver,
  deadline,
  "seal-audit": sealAudit,
  survey,
  remind,
  aftercare,
};

/** What the queues keep of a job, as JSON. */
export const jobRecord = {
  write: (value: Job): object => z.encode(job, value),
  read: <K extends JobKind>(kind: K, data: unknown): JobOf<K> => {
    const schema: z.ZodType<JobOf<K>, unknown> = byKind[kind];
    return z.decode(schema, data);
  },
};
