import { sql, type UpdateObject } from "kysely";
import type { Outbox } from "../../ports/change-requests.ts";
import type { Database } from "./database.ts";
import type { JobQueues } from "./job-queues.ts";
import { owedRecord } from "./records/chat-record.ts";
import type { Tables } from "./tables.ts";

/** The outbox in the database. */
export function createOutbox(database: Database, queues: JobQueues): Outbox {
  const change = async (key: string, set: UpdateObject<Tables, "delivery">): Promise<void> => {
    const row = await database.sql
      .updateTable("delivery")
      .set({ ...set, changed_at: sql`now()` })
      .where("key", "=", key)
      .returning("key")
      .executeTakeFirst();
    if (row === undefined) throw new Error(`there is no delivery ${key}`);
  };

  /** Two have sent it at the same time. */
  const owedAgain = (key: string, { ref, count }: { readonly ref: string; readonly count: number }) =>
    database.transaction(async (unit) => {
      const row = await unit.sql
        .selectFrom("delivery")
        .select(["owed", "sent", "want"])
        .where("key", "=", key)
        .forUpdate()
        .executeTakeFirst();
      if (row === undefined) throw new Error(`there is no delivery ${key}`);
      const { kind } = owedRecord.read(row.owed);
      const isUpdated = kind === "card" || kind === "live";
      await unit.sql
        .updateTable("delivery")
        .set({
          ...{ ref, trying: false, attempts: 0 },
          sent: Math.max(row.sent, count),
          want: isUpdated ? row.want + 1 : row.want,
          changed_at: sql`now()`,
        })
        .where("key", "=", key)
        .execute();
      if (isUpdated) await queues.enqueue(unit, [{ kind: "deliver", key }]);
    });

  return {
    async get(key) {
      const row = await database.sql
        .selectFrom("delivery")
        .selectAll()
        .where("key", "=", key)
        .executeTakeFirst();
      if (row === undefined) return undefined;
      return {
        owed: owedRecord.read(row.owed),
        ...(row.ref === null ? {} : { ref: row.ref }),
        trying: row.trying,
        want: row.want,
        sent: row.sent,
        attempts: row.attempts,
        since: row.changed_at,
        dead: row.dead_why !== null,
      };
    },

    trying: (key) => change(key, { trying: true, attempts: (row) => row("attempts", "+", 1) }),

    async sent(key, { ref, count, from }) {
      const row = await database.sql
        .updateTable("delivery")
        .set({
          ...{ ref, trying: false, attempts: 0 },
          sent: Math.max(from, count),
          changed_at: sql`now()`,
        })
        .where("key", "=", key)
        .where("sent", "=", from)
        .returning("key")
        .executeTakeFirst();
      if (row === undefined) await owedAgain(key, { ref, count });
    },

    // A first post was counted when it was begun, and is none that may have arrived; an update is counted here.
    notSent: (key) =>
      change(key, {
        trying: false,
        attempts: sql<number>`CASE WHEN trying THEN attempts - 1 ELSE attempts + 1 END`,
      }),

    dead: (key, why) => change(key, { trying: false, dead_why: why }),
  };
}
