import type { Inbox } from "../../ports/change-requests.ts";
import type { Database } from "./database.ts";
import type { JobQueues } from "./job-queues.ts";
import { inboundRecord } from "./records/chat-record.ts";

/** The inbox in the database. Handled messages stay for a while, so that a late repetition is known as one. */
export function createInbox(database: Database, queues: JobQueues): Inbox {
  return {
    receive: (message, line) =>
      database.transaction(async (unit) => {
        const stored = await unit.sql
          .insertInto("inbox")
          .values({ id: message.id, message: inboundRecord.write(message) })
          .onConflict((conflict) => conflict.column("id").doNothing())
          .returning("id")
          .executeTakeFirst();
        if (stored === undefined) return "seen";
        const job = { kind: "handle-message", message: message.id } as const;
        await queues.enqueue(unit, [line === undefined ? job : { ...job, line }]);
        return "stored";
      }),

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
