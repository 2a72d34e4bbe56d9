import { sql } from "kysely";
import { z } from "zod";
import type { Clock } from "../../../ports/clock.ts";
import type { Log } from "../../../ports/log.ts";
import { Database, type Unit } from "../database.ts";
import type { Driver } from "../driver.ts";
import { hasDatabase } from "../embedded/data-directory.ts";
import { readMovedMark, removeMovedMark, writeMovedMark } from "../embedded/moved-mark.ts";
import { openEmbedded } from "../embedded/open-embedded.ts";
import { type JobQueues, jobKinds, queueSchema } from "../job-queues.ts";
import { migrate } from "../migrate.ts";
import { openStoreParts } from "../open-store.ts";
import { openPostgres, type PostgresServer } from "../postgres/open-postgres.ts";
import { jobRecord } from "../records/job-record.ts";
import { interrupt, recogniseHome } from "../sql-continuity.ts";
import { StoreUnusable } from "../store-unusable.ts";
import { ownSchema } from "../tables.ts";
import { copyAudit } from "./copy-audit.ts";
import { copyTable, countRows, tablesInOrder } from "./copy-tables.ts";

export type Move = {
  /** The data directory of the embedded store. */
  readonly from: string;
  readonly to: PostgresServer;
  /** What the database is called in messages: no secret is in it. */
  readonly name: string;
};
type Tools = { readonly clock: Clock; readonly log: Log };

export type Moved = {
  /** `before`: an earlier run had done it, and was broken off before it could say so. */
  readonly kind: "now" | "before";
  readonly rows: Readonly<Record<string, number>>;
  readonly auditRecords: number;
  readonly jobs: number;
};

/** No limit but that of each statement: a store with years of audit takes minutes. */
const wholeMoveMs = 3600_000;

/**
 * Moves an embedded store to an empty PostgreSQL database: everything in one transaction there, compared before it is committed. The
 * directory is marked first as being moved and last as moved, so that at no moment both could be used; broken off anywhere, it can be
 * run again.
 *
 * @throws StoreUnusable, one sentence for the operator, with nothing moved.
 */
export async function moveStore({ from, to, name }: Move, tools: Tools): Promise<Moved> {
  return await withEmbedded(from, async (source) => {
    const marked = readMovedMark(from);
    if (marked?.state === "done") {
      throw new StoreUnusable(`The store in ${from} was moved to PostgreSQL (${marked.to}) already.`);
    }
    const begun = marked ?? { state: "begun", at: tools.clock.now().toISOString(), to: name };
    await migrate(source.kysely);
    const database = new Database(source.kysely, tools.log);
    await recogniseHome(database, await source.home(), tools.clock);
    await refuseWhileUsed(to, tools.clock);
    const target = await openStoreParts({ kind: "postgres", ...to }, tools);
    const connection = await openPostgres(to, () => undefined);
    try {
      writeMovedMark(from, { ...begun, state: "begun" });
      const moved = await new Database(connection.kysely, tools.log, wholeMoveMs).transaction((unit) =>
        copyAll({ database, source }, { unit, queues: target.queues }, tools.clock),
      );
      writeMovedMark(from, { ...begun, state: "done" });
      return moved;
    } finally {
      await connection.close();
      await target.close();
    }
  });
}

/**
 * Takes back that a move was begun: the embedded store is used again.
 *
 * @throws StoreUnusable if it got to its end, as far as the database knows.
 */
export async function giveUpMove({ from, to, name }: Move): Promise<void> {
  await withEmbedded(from, async (source) => {
    const mark = readMovedMark(from);
    if (mark?.state !== "begun") {
      throw new StoreUnusable(
        mark ? `The store in ${from} was moved to PostgreSQL (${mark.to}).` : `No move of ${from} was begun.`,
      );
    }
    const connection = await openPostgres(to, () => undefined);
    try {
      if ((await movedFrom(connection)) === (await identityOf(source))) {
        throw new StoreUnusable(
          `The store is in PostgreSQL (${name}) already; run "routebot move --from ${from}" again to finish.`,
        );
      }
    } finally {
      await connection.close();
    }
    removeMovedMark(from);
  });
}

async function withEmbedded<T>(directory: string, step: (source: Driver) => Promise<T>): Promise<T> {
  if (!hasDatabase(directory)) throw new StoreUnusable(`There is no store in ${directory}.`);
  const source = await openEmbedded(directory, () =>
    Promise.reject(new Error(`${directory} was emptied meanwhile`)),
  );
  try {
    return await step(source);
  } finally {
    await source.close();
  }
}

type Source = { readonly database: Database; readonly source: Driver };
type Target = { readonly unit: Unit; readonly queues: JobQueues };

async function copyAll({ database, source }: Source, { unit, queues }: Target, clock: Clock): Promise<Moved> {
  const tables = await tablesInOrder(unit.sql);
  const id = await identityOf(source);
  // Nobody writes anything in between that would be overlooked.
  await sql`LOCK TABLE ${sql.join([...tables, "audit_head", "continuity"].map((table) => sql.table(`${ownSchema}.${table}`)))} IN EXCLUSIVE MODE`.execute(
    unit.sql,
  );
  const there = await unit.sql.selectFrom("continuity").selectAll().executeTakeFirstOrThrow();
  if (there.moved_from === id) return { kind: "before", ...(await contentsOf(unit, tables)), jobs: 0 };
  await refuseUnlessEmpty(unit, tables);

  for (const table of tables) await copyTable(source.kysely, unit.sql, table);
  const head = await copyAudit(database, unit);
  for (const table of tables) {
    const [before, after] = [await countRows(source.kysely, table), await countRows(unit.sql, table)];
    if (before !== after) throw new Error(`${table} has ${before} rows, and its copy ${after}`);
  }
  const jobs = await copyJobs(source, { unit, queues });

  const old = await database.sql.selectFrom("continuity").selectAll().executeTakeFirstOrThrow();
  await sql`
    SELECT setval('routebot.request_number', greatest(1, ${old.number_floor},
      (SELECT coalesce(max(number), 0) FROM routebot.change_request)))`.execute(unit.sql);
  await unit.sql
    .updateTable("continuity")
    .set({ moved_from: id, number_floor: old.number_floor, settled: old.settled })
    .execute();
  const { rows } = await contentsOf(unit, tables);
  await interrupt(unit, { kind: "moved", at: clock.now(), evidence: `moved from ${id}` });
  return { kind: "now", rows, auditRecords: head.seq, jobs };
}

/** Names the store and how far it had got: it cannot be used between two runs of a move. */
async function identityOf(source: Driver): Promise<string> {
  const head = await sql`SELECT seq, hash FROM routebot.audit_head`.execute(source.kysely);
  const [{ seq, hash }] = z.tuple([z.object({ seq: z.number(), hash: z.string() })]).parse(head.rows);
  return `${await source.home()}, record ${seq} (${hash.slice(0, 16)})`;
}

async function movedFrom({ kysely }: Driver): Promise<string | undefined> {
  const known = await sql<{ there: boolean }>`
    SELECT to_regclass('routebot.continuity') IS NOT NULL AS there`.execute(kysely);
  if (known.rows[0]?.there !== true) return undefined;
  const row = await kysely
    .withSchema(ownSchema)
    .selectFrom("continuity")
    .select("moved_from")
    .executeTakeFirst();
  return row?.moved_from ?? undefined;
}

async function contentsOf({ sql: transaction }: Unit, tables: readonly string[]) {
  const rows: Record<string, number> = {};
  for (const table of tables) rows[table] = await countRows(transaction, table);
  return { rows, auditRecords: await countRows(transaction, "audit_event") };
}

async function refuseUnlessEmpty(unit: Unit, tables: readonly string[]): Promise<void> {
  const { rows, auditRecords } = await contentsOf(unit, tables);
  const used = Object.entries({ ...rows, audit_event: auditRecords }).find(([, count]) => count > 0);
  if (!used) return;
  throw new StoreUnusable(
    `The database is not empty (${used[0]} has ${used[1]} rows); nothing was moved. Give DATABASE_URL a new database.`,
  );
}

/** Replicas that run on the database already would act on what is being moved. */
async function refuseWhileUsed(to: PostgresServer, clock: Clock): Promise<void> {
  const connection = await openPostgres(to, () => undefined);
  try {
    // A process that was just killed is noticed by the server in a moment.
    for (let looks = 1; (await countOthers(connection)) > 0; looks++) {
      if (looks === 10) {
        throw new StoreUnusable("Routebot runs on that database already; stop it, and run the move again.");
      }
      await clock.sleep(500);
    }
  } finally {
    await connection.close();
  }
}

async function countOthers({ kysely }: Driver): Promise<number> {
  const { rows } = await sql`
    SELECT count(*)::int AS others FROM pg_stat_activity
    WHERE datname = current_database() AND application_name LIKE 'routebot%' AND pid <> pg_backend_pid()`.execute(
    kysely,
  );
  return z.tuple([z.object({ others: z.number() })]).parse(rows)[0].others;
}

/**
 * What is still to be done, each as old as it was: that is the order within a line. What was approved is parked, so that its job has
 * nothing to do.
 */
async function copyJobs({ kysely }: Driver, { unit, queues }: Target): Promise<number> {
  const table = sql.table(`${queueSchema}.job`);
  const { rows } = await sql`
    SELECT name, data, created_on::text AS made FROM ${table}
    WHERE state IN ('created', 'retry', 'active') ORDER BY created_on, id`.execute(kysely);
  const jobs = z
    .array(z.object({ name: z.enum(jobKinds), data: z.unknown(), made: z.string() }))
    .parse(rows)
    .filter(({ name }) => name !== "apply");
  for (const { name, data, made } of jobs) {
    await queues.enqueue(unit, [jobRecord.read(name, data)]);
    // What was started just now has the time of this transaction.
    await sql`
      UPDATE ${table} SET created_on = ${made}::timestamptz
      WHERE name = ${name} AND created_on = transaction_timestamp()`.execute(unit.sql);
  }
  return jobs.length;
}
