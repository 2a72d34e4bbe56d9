import { sql } from "kysely";
import { z } from "zod";
import type { Inbox, StoredInbound } from "../../ports/change-requests.ts";
import type { JobOf } from "../../ports/work.ts";
import type { Database } from "./database.ts";
import { GroupCommit } from "./group-commit.ts";
import type { JobQueues } from "./job-queues.ts";
import { inboundRecord } from "./records/chat-record.ts";

/** A message as it is stored, and the job that will answer it. */
type Arrival = { readonly id: string; readonly record: string; readonly job: JobOf<"handle-message"> };

/** PostgreSQL does not take a value (class 22), or not where it is to go (23, 54): a message's own fault. */
const ownFault = z.object({ code: z.string().regex(/^(22|23|54)/) });

/** The inbox in the database. Handled messages stay for a while, so that a late repetition is known as one. */
export function createInbox(database: Database, queues: JobQueues): Inbox {
  const arrivals = new GroupCommit<Arrival, "stored" | "seen">({
    commit: (group) => store(database, queues, group),
    mayBeOnes: (error) => ownFault.safeParse(error).success,
    // Jobs that are made in one transaction have no order among each other: a line gets one at a time.
    keysOf: ({ id, job }) => [`id ${id}`, ...(job.line === undefined ? [] : [`line ${job.line}`])],
    most: 64,
    atOnce: 2,
  });
  return {
    receive: async (message, line) => arrivals.add(arrivalOf(message, line)),

    async get(id) {
      const row = await database.sql
        .selectFrom("inbox")
        .select("message")
        .where("id", "=", id)
        .where("handled_at", "is", null)
        .executeTakeFirst();
      return row && inboundRecord.read(row.message);
    },
  };
}

function arrivalOf(message: StoredInbound, line: string | undefined): Arrival {
  const job = { kind: "handle-message", message: message.id } as const;
  return {
    id: message.id,
    record: inboundRecord.write(message),
    job: line === undefined ? job : { ...job, line },
  };
}

/** All of them in one transaction. */
async function store(
  database: Database,
  queues: JobQueues,
  group: readonly Arrival[],
): Promise<readonly ("stored" | "seen")[]> {
  // Two replicas that get the same messages wait for each other in the same order.
  const rows = group.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const stored = await database.transaction(async (unit) => {
    // One text for groups of every size, which the embedded database prepares once.
    const inserted = await sql<{ id: string }>`
      INSERT INTO routebot.inbox (id, message)
      SELECT * FROM unnest(${rows.map(({ id }) => id)}::text[], ${rows.map(({ record }) => record)}::text[])
      ON CONFLICT (id) DO NOTHING RETURNING id`.execute(unit.sql);
    const ids = new Set(inserted.rows.map(({ id }) => id));
    const jobs = group.filter(({ id }) => ids.has(id)).map(({ job }) => job);
    await queues.enqueue(unit, jobs);
    return ids;
  });
  return group.map(({ id }) => (stored.has(id) ? "stored" : "seen"));
}
