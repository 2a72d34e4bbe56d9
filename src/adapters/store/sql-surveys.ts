import { sql } from "kysely";
import type { Surveys } from "../../ports/surveys.ts";
import type { Database } from "./database.ts";
import { areTooLate, carryOut } from "./effects.ts";
import type { JobQueues } from "./job-queues.ts";
import { fleetRowsRecord, surveyRecord } from "./records/survey-record.ts";

/** Surveys of many sites in the database. */
export function createSurveys(database: Database, queues: JobQueues): Surveys {
  return {
    begin: (survey, effects) =>
      database.transaction(async (unit) => {
        if (await areTooLate(unit, effects)) return "handled";
        const { id, revision } = survey;
        await unit.sql
          .insertInto("survey")
          .values({ id, revision, record: surveyRecord.write(survey) })
          .execute();
        await carryOut(unit, queues, effects);
        return "begun";
      }),

    async get(id) {
      const row = await database.sql
        .selectFrom("survey")
        .select("record")
        .where("id", "=", id)
        .executeTakeFirst();
      return row && surveyRecord.read(row.record);
    },

    step: ({ from, to, rows, anew, effects }) =>
      database.transaction(async (unit) => {
        if (to.revision !== from + 1) throw new Error(`revision ${to.revision} does not follow ${from}`);
        const taken = await unit.sql
          .updateTable("survey")
          .set({ revision: to.revision, record: surveyRecord.write(to), changed_at: sql`now()` })
          .where("id", "=", to.id)
          .where("revision", "=", from)
          .returning("id")
          .executeTakeFirst();
        if (taken === undefined) return "conflict";
        if (anew) await unit.sql.deleteFrom("survey_part").where("survey", "=", to.id).execute();
        if (rows !== undefined) {
          await unit.sql
            .insertInto("survey_part")
            .values({ survey: to.id, number: to.parts - 1, rows: fleetRowsRecord.write(rows) })
            .execute();
        }
        await carryOut(unit, queues, effects);
        return "done";
      }),

    async *rows(id) {
      for (let number = 0; ; number += 1) {
        const part = await database.sql
          .selectFrom("survey_part")
          .select("rows")
          .where("survey", "=", id)
          .where("number", "=", number)
          .executeTakeFirst();
        if (part === undefined) return;
        yield fleetRowsRecord.read(part.rows);
      }
    },
  };
}
