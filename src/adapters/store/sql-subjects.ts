import type { Subjects } from "../../ports/subjects.ts";
import type { Database } from "./database.ts";
import { siteCommandRecord } from "./records/command-record.ts";

/** What conversations are about, in the database. */
export function createSubjects(database: Database): Subjects {
  return {
    async remember({ message, conversation, at, command }) {
      await database.sql
        .insertInto("subject")
        .values({ message, conversation, at, record: siteCommandRecord.write(command) })
        .onConflict((conflict) => conflict.column("message").doNothing())
        .execute();
    },

    async recall({ conversation, since, limit }) {
      const rows = await database.sql
        .selectFrom("subject")
        .selectAll()
        .where("conversation", "=", conversation)
        .$if(since !== undefined, (query) => query.where("at", ">=", since ?? new Date(0)))
        .orderBy("at", "desc")
        .orderBy("number", "desc")
        .limit(limit)
        .execute();
      return rows.map(({ message, at, record }) => ({
        message,
        conversation,
        at,
        command: siteCommandRecord.read(record),
      }));
    },
  };
}
