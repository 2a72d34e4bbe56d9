import { type Kysely, sql } from "kysely";
import { z } from "zod";
import type { Interruption } from "../../domain/change/interruption.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Continuity } from "../../ports/continuity.ts";
import { appendAudit } from "./audit-chain.ts";
import type { Database, Unit } from "./database.ts";
import { requestId } from "./records/change-request-record.ts";
import type { Tables } from "./tables.ts";

/**
 * More requests than are made between a backup and its restore. Old cards in the chats carry numbers that the restored database has
 * never given; they must not come to name other requests.
 */
const numbersSkipped = 1_000;

const kinds = z.enum(["moved", "restored"]);

export function createContinuity(database: Database, clock: Clock): Continuity {
  return {
    async interruption() {
      const row = await database.sql.selectFrom("continuity").selectAll().executeTakeFirst();
      const { kind, at, evidence } = row ?? {};
      if (!kind || !at) return undefined;
      return { kind: kinds.parse(kind), at, evidence: evidence ?? "" };
    },

    foundRestored: (evidence) =>
      database.transaction((unit) => interrupt(unit, { kind: "restored", at: clock.now(), evidence })),

    async settle({ at, evidence }) {
      await database.sql
        .updateTable("continuity")
        .set({ kind: null, at: null, evidence: null, settled: evidence })
        .where("at", "=", at)
        .execute();
    },

    async caredFor() {
      const rows = await database.sql
        .selectFrom("aftercare")
        .innerJoin("change_request", "change_request.number", "aftercare.number")
        .select("change_request.id")
        .where("aftercare.due_at", "is not", null)
        .orderBy("aftercare.number")
        .execute();
      return rows.map(({ id }) => requestId.parse(id));
    },
  };
}

/**
 * Compares the place where the database is with the one where it was left. A database that has none yet begins here.
 */
export async function recogniseHome(database: Database, home: string, clock: Clock): Promise<void> {
  await database.transaction(async (unit) => {
    await unit.sql
      .insertInto("continuity")
      .values({ home })
      .onConflict((conflict) => conflict.column("single").doNothing())
      .execute();
    const known = await unit.sql
      .selectFrom("continuity")
      .select("home")
      .forUpdate()
      .executeTakeFirstOrThrow();
    if (known.home === home) return;
    await unit.sql.updateTable("continuity").set({ home }).execute();
    const evidence = `the database was left at ${known.home} and is at ${home}`;
    await interrupt(unit, { kind: "restored", at: clock.now(), evidence });
  });
}

/** Writes an interruption down, in the audit as well, and drops what has no business in older records. */
export async function interrupt(unit: Unit, { kind, at, evidence }: Interruption): Promise<void> {
  const known = await unit.sql
    .selectFrom("continuity")
    .select(["evidence", "settled"])
    .forUpdate()
    .executeTakeFirstOrThrow();
  if (known.evidence === evidence || known.settled === evidence) return;
  // An approval whose sign-in was still to come was begun before.
  await unit.sql.deleteFrom("step_up").execute();
  if (kind === "restored") await dropOldBusiness(unit);
  await unit.sql.updateTable("continuity").set({ kind, at, evidence }).execute();
  await appendAudit(unit, [{ kind: "interrupted", at, details: { why: kind, evidence } }]);
}

async function dropOldBusiness({ sql: transaction }: Unit): Promise<void> {
  await transaction.deleteFrom("prompt").execute();
  await transaction
    .updateTable("inbox")
    .set({ handled_at: sql`now()` })
    .where("handled_at", "is", null)
    .execute();
  // Cards are drawn as things stand; messages tell what was.
  await transaction
    .updateTable("delivery")
    .set({ dead_why: "owed when a backup was made that was restored" })
    .where("request", "is", null)
    .whereRef("sent", "<", "want")
    .where("dead_why", "is", null)
    .execute();
  await sql`
    WITH next AS (
      SELECT setval('routebot.request_number', greatest(
        (SELECT last_value FROM routebot.request_number),
        (SELECT coalesce(max(number), 0) FROM routebot.change_request)) + ${sql.lit(numbersSkipped)}) AS number)
    UPDATE routebot.continuity SET number_floor = next.number FROM next`.execute(transaction);
}

/**
 * Goes on counting after the last request. PostgreSQL writes a sequence down 32 values ahead, so that a crash would leave
 * people wondering where CR-3 to CR-34 are. Only where no other process may have taken a number it has not used yet.
 */
export async function closeGapOfNumbers(kysely: Kysely<Tables>): Promise<void> {
  await sql`
    SELECT setval('routebot.request_number', greatest(max(number), (SELECT number_floor FROM routebot.continuity)))
    FROM routebot.change_request HAVING max(number) IS NOT NULL`.execute(kysely);
}
