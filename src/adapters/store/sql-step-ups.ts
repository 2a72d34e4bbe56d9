import type { StepUps } from "../../ports/step-ups.ts";
import type { Database } from "./database.ts";
import { signInRecord, stepUpRecord } from "./records/step-up-record.ts";

/** The approvals that wait for a sign-in, in the database. */
export function createStepUps(database: Database): StepUps {
  return {
    async get(id) {
      const row = await database.sql
        .selectFrom("step_up")
        .select("record")
        .where("id", "=", id)
        .executeTakeFirst();
      return row && stepUpRecord.read(row.record);
    },

    async waiting(request) {
      const rows = await database.sql
        .selectFrom("step_up")
        .select("record")
        .where("request", "=", request)
        .orderBy("number")
        .execute();
      return rows.map(({ record }) => stepUpRecord.read(record));
    },

    async beginSignIn(id, secrets) {
      const row = await database.sql
        .updateTable("step_up")
        .set({ state: secrets.state, sign_in: signInRecord.write(secrets) })
        .where("id", "=", id)
        .returning("id")
        .executeTakeFirst();
      return row !== undefined;
    },

    takeSignIn: (state) =>
      database.transaction(async (unit) => {
        const row = await unit.sql
          .selectFrom("step_up")
          .select(["id", "sign_in", "record"])
          .where("state", "=", state)
          .forUpdate()
          .executeTakeFirst();
        if (row === undefined || row.sign_in === null) return undefined;
        await unit.sql
          .updateTable("step_up")
          .set({ state: null, sign_in: null })
          .where("id", "=", row.id)
          .execute();
        return { stepUp: stepUpRecord.read(row.record), secrets: signInRecord.read(row.sign_in) };
      }),
  };
}
