import { type Kysely, sql } from "kysely";
import type { Stop } from "../../domain/change/stop.ts";
import type { Stops } from "../../ports/stops.ts";
import type { Database, Unit } from "./database.ts";
import { areTooLate, carryOut } from "./effects.ts";
import type { JobQueues } from "./job-queues.ts";
import { stopRecord } from "./records/stop-record.ts";
import type { Tables } from "./tables.ts";

/** The stops in the database. */
export function createStops(database: Database, queues: JobQueues): Stops {
  return {
    active: () => readStops(database.sql),

    begin: (stop, effects) =>
      database.transaction(async (unit) => {
        // Whoever is about to begin a write holds the shared lock: they are done, or see the stop.
        await sql`SELECT pg_advisory_xact_lock(hashtextextended(${lockName}, 0))`.execute(unit.sql);
        const stored = await unit.sql
          .insertInto("stop")
          .values({ id: stop.id, record: stopRecord.write(stop), on: true })
          .onConflict((conflict) => conflict.column("id").doNothing())
          .returning("id")
          .executeTakeFirst();
        if (stored === undefined) return "known";
        await carryOut(unit, queues, effects);
        return "begun";
      }),

    end: (ids, effects) =>
      database.transaction(async (unit) => {
        if (await areTooLate(unit, effects)) return "handled";
        const rows = await unit.sql
          .selectFrom("stop")
          .select("id")
          .where("id", "in", [...ids])
          .where("on", "=", true)
          .orderBy("id")
          .forUpdate()
          .execute();
        if (rows.length < new Set(ids).size) return "handled";
        await unit.sql
          .updateTable("stop")
          .set({ on: false })
          .where("id", "in", [...ids])
          .execute();
        await carryOut(unit, queues, effects);
        return "done";
      }),
  };
}

/** The stops that are on, in a transaction that begins a write: none can be begun before it ends. */
export async function stopsForStart({ sql: transaction }: Unit): Promise<readonly Stop[]> {
  await sql`SELECT pg_advisory_xact_lock_shared(hashtextextended(${lockName}, 0))`.execute(transaction);
  return readStops(transaction);
}

const lockName = "routebot stop";

async function readStops(from: Kysely<Tables>): Promise<readonly Stop[]> {
  const rows = await from
    .selectFrom("stop")
    .select("record")
    .where("on", "=", true)
    .orderBy("number")
    .execute();
  return rows.map(({ record }) => stopRecord.read(record));
}
