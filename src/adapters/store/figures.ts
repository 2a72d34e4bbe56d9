import { sql } from "kysely";
import { z } from "zod";
import type { Database } from "./database.ts";
import { jobKinds, queueSchema } from "./job-queues.ts";

/** What is in the store that operators watch. Ages in seconds; all replicas on one database say the same. */
export type StoreFigures = {
  readonly jobs: readonly JobFigures[];
  /** Messages and cards that were not sent yet, those given up within the time that they are kept, and the oldest owed one. */
  readonly outbox: { readonly owed: number; readonly dead: number; readonly oldestSeconds: number };
  /** Change requests that have not ended, by state. */
  readonly open: readonly { readonly state: string; readonly count: number }[];
  /** Audit records after the last seal, and the age of the oldest of them. */
  readonly audit: { readonly unsealed: number; readonly oldestSeconds: number };
};

export type JobFigures = {
  readonly kind: string;
  /** Could be taken now; `oldestSeconds`: for so long. */
  readonly waiting: number;
  readonly oldestSeconds: number;
  readonly active: number;
  /** Lines that a failed job blocks: none, unless somebody failed one by hand. */
  readonly blocked: number;
};

const jobRow = z.object({
  name: z.string(),
  waiting: z.number(),
  oldest: z.number(),
  active: z.number(),
  blocked: z.number(),
});
const owedRow = z.object({ owed: z.number(), oldest: z.number() });
const auditRow = z.object({ unsealed: z.number(), oldest: z.number() });

/** Reads the figures: five queries, each along an index that holds little besides what it counts. */
export async function readFigures(database: Database): Promise<StoreFigures> {
  const jobs = await rowsOf(
    jobRow,
    // A job behind another one of its line waits for that one, and is not counted.
    sql`SELECT name,
          (count(DISTINCT singleton_key) FILTER (WHERE state < 'active' AND start_after <= now()))::int AS waiting,
          COALESCE(EXTRACT(EPOCH FROM now() - min(GREATEST(start_after, created_on))
            FILTER (WHERE state < 'active' AND start_after <= now())), 0)::float8 AS oldest,
          (count(*) FILTER (WHERE state = 'active'))::int AS active,
          (count(DISTINCT singleton_key) FILTER (WHERE state = 'failed'))::int AS blocked
        FROM ${sql.raw(queueSchema)}.job
        WHERE state IN ('created', 'retry', 'active', 'failed') GROUP BY name`,
    database,
  );
  // A message that was found in the chat after an unclear sending has a ref, and only a card is owed again.
  const [outbox] = await rowsOf(
    owedRow,
    sql`SELECT count(*)::int AS owed, COALESCE(EXTRACT(EPOCH FROM now() - min(changed_at)), 0)::float8 AS oldest
        FROM routebot.delivery
        WHERE dead_why IS NULL AND sent < want AND (ref IS NULL OR request IS NOT NULL)`,
    database,
  );
  const [dead] = await rowsOf(
    z.object({ dead: z.number() }),
    sql`SELECT count(*)::int AS dead FROM routebot.delivery WHERE dead_why IS NOT NULL`,
    database,
  );
  const open = await database.sql
    .selectFrom("change_request")
    .where("open", "=", true)
    .groupBy("state")
    .select((select) => ["state", select.fn.countAll<number>().as("count")])
    .execute();
  const [audit] = await rowsOf(
    auditRow,
    sql`SELECT (head.seq - sealed.seq)::int AS unsealed,
          COALESCE(EXTRACT(EPOCH FROM now() - next.at), 0)::float8 AS oldest
        FROM routebot.audit_head AS head
        CROSS JOIN (SELECT COALESCE(max(seq), 0) AS seq FROM routebot.audit_seal) AS sealed
        LEFT JOIN routebot.audit_event AS next ON next.seq = sealed.seq + 1`,
    database,
  );
  const found = new Map(jobs.map((row) => [row.name, row]));
  return {
    jobs: jobKinds.map((kind) => {
      const { waiting = 0, oldest = 0, active = 0, blocked = 0 } = found.get(kind) ?? {};
      return { kind, waiting, oldestSeconds: Math.max(0, oldest), active, blocked };
    }),
    outbox: {
      owed: outbox?.owed ?? 0,
      dead: dead?.dead ?? 0,
      oldestSeconds: Math.max(0, outbox?.oldest ?? 0),
    },
    open: open.map(({ state, count }) => ({ state, count: Number(count) })),
    audit: { unsealed: audit?.unsealed ?? 0, oldestSeconds: Math.max(0, audit?.oldest ?? 0) },
  };
}

async function rowsOf<T>(
  schema: z.ZodType<T>,
  query: ReturnType<typeof sql>,
  database: Database,
): Promise<readonly T[]> {
  const { rows } = await query.execute(database.sql);
  return z.array(schema).parse(rows);
}
