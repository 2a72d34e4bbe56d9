import { sql } from "kysely";
import type { Review } from "../../domain/change/review.ts";
import type { Reviews } from "../../ports/reviews.ts";
import type { Database, Unit } from "./database.ts";
import { carryOut } from "./effects.ts";
import type { JobQueues } from "./job-queues.ts";
import { reviewRecord } from "./records/review-record.ts";

/** The reviews in the database. */
export function createReviews(database: Database, queues: JobQueues): Reviews {
  return {
    async due({ person, limit }) {
      const rows = await database.sql
        .selectFrom("review")
        .select("record")
        .where("due", "=", true)
        .$if(person !== undefined, (query) => query.where("person", "=", person ?? ""))
        .orderBy("number")
        .limit(limit)
        .execute();
      return rows.map(({ record }) => reviewRecord.read(record));
    },

    async get(request) {
      const row = await database.sql
        .selectFrom("review")
        .select("record")
        .where("request", "=", request)
        .executeTakeFirst();
      return row && reviewRecord.read(row.record);
    },

    complete: (review, effects) =>
      database.transaction(async (unit) => {
        const row = await unit.sql
          .updateTable("review")
          .set({ record: reviewRecord.write(review), due: false })
          .where("request", "=", review.request)
          .where("due", "=", true)
          .returning("request")
          .executeTakeFirst();
        if (row === undefined) return "conflict";
        await carryOut(unit, queues, effects);
        return "done";
      }),
  };
}

/** Whether somebody has a review due. Nobody else can begin one for that person before the transaction ends. */
export async function hasReviewDue(unit: Unit, { person }: Review): Promise<boolean> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`review ${person.id}`}, 0))`.execute(unit.sql);
  const row = await unit.sql
    .selectFrom("review")
    .select("request")
    .where("person", "=", person.id)
    .where("due", "=", true)
    .executeTakeFirst();
  return row !== undefined;
}
