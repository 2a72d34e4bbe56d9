import { z } from "zod";
import { type AuditRecord, eventIn } from "../../domain/audit/audit-record.ts";

/** Which part of the audit is wanted; all of it when nothing is given. */
export type Choice = {
  /** From this moment on. */
  readonly from?: Date;
  /** Before this moment. */
  readonly to?: Date;
  /** Name of a site, `SITE/SLOT`, or an ARM id, in any case: all about the requests that name it. */
  readonly site?: string;
  /** `CR-12` */
  readonly request?: string;
};

const event = z.object({
  kind: z.string(),
  request: z.string().optional(),
  details: z.record(z.string(), z.string()),
});

/** Passes on the records that are wanted. Reads all of them: what a request is about is said where it was opened. */
export async function* chooseRecords(
  records: AsyncIterable<AuditRecord>,
  { from, to, site, request }: Choice,
): AsyncIterable<AuditRecord> {
  const ofSite = new Set<string>();
  for await (const record of records) {
    if (to !== undefined && record.at >= to && site === undefined) continue;
    const read =
      site === undefined && request === undefined ? undefined : event.safeParse(eventIn(record.payload)).data;
    if (site !== undefined) {
      const id = read?.request;
      if (read?.kind === "opened" && id !== undefined && names(read.details, site)) ofSite.add(id);
      if (id === undefined || !ofSite.has(id)) continue;
    }
    if (request !== undefined && read?.request !== request) continue;
    if (from !== undefined && record.at < from) continue;
    if (to !== undefined && record.at >= to) continue;
    yield record;
  }
}

/** Whether an opened request is about the site: its details name each site with its ARM id, as `site` or `site 2`. */
function names(details: Readonly<Record<string, string>>, site: string): boolean {
  const wanted = site.toLowerCase().replace("/slots/", "/");
  return Object.entries(details).some(([key, id]) => {
    if (!/^site( \d+)?$/.test(key)) return false;
    const known = id.toLowerCase().replace("/slots/", "/");
    return known === wanted || known.endsWith(`/sites/${wanted}`);
  });
}
