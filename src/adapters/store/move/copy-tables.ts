import { type Kysely, type RawBuilder, sql } from "kysely";
import { z } from "zod";
import { ownSchema, type Tables } from "../tables.ts";

/** Either database; inside a transaction, the transaction. */
type Connection = Kysely<Tables>;

/** Tables that are not copied as they are: each has its own way, see move-store.ts, or is of the database itself. */
const otherwise = [
  "schema_step",
  "schema_step_lock",
  "oldest_program",
  "continuity",
  "audit_event",
  "audit_head",
];
const pageSize = 500;

/** The tables that are copied, each after those that it refers to. */
export async function tablesInOrder(db: Connection): Promise<readonly string[]> {
  const { rows } = await sql`
    SELECT t.relname AS name, array_remove(array_agg(DISTINCT of.relname::text), NULL)::text[] AS refers
    FROM pg_class t
    LEFT JOIN pg_constraint c ON c.conrelid = t.oid AND c.contype = 'f' AND c.confrelid <> t.oid
    LEFT JOIN pg_class of ON of.oid = c.confrelid
    WHERE t.relnamespace = ${ownSchema}::regnamespace AND t.relkind = 'r'
    GROUP BY t.relname ORDER BY t.relname`.execute(db);
  const waiting = z
    .array(z.object({ name: z.string(), refers: z.array(z.string()) }))
    .parse(rows)
    .filter(({ name }) => !otherwise.includes(name));
  const ordered: string[] = [];
  while (waiting.length > 0) {
    const at = waiting.findIndex(({ refers }) => refers.every((name) => ordered.includes(name)));
    const [next] = waiting.splice(at, 1);
    if (at === -1 || !next) throw new Error("tables refer to each other in a circle");
    ordered.push(next.name);
  }
  return ordered;
}

/** How many rows a table has. */
export async function countRows(db: Connection, table: string): Promise<number> {
  const { rows } = await sql`SELECT count(*)::int AS rows FROM ${nameOf(table)}`.execute(db);
  return z.tuple([z.object({ rows: z.number() })]).parse(rows)[0].rows;
}

/**
 * Copies all rows of a table. Values go as the text that PostgreSQL gives and takes for them, so that nothing of them is lost
 * between two drivers; numbers that the database counts go on from there.
 */
export async function copyTable(from: Connection, to: Connection, table: string): Promise<void> {
  const columns = await columnsOf(to, table);
  const names = columns.map(({ name }) => sql.id(name));
  const asText = sql.join(names.map((name) => sql`${name}::text`));
  const typed = sql.join(columns.map(({ name, type }) => sql`v.${sql.id(name)}::${sql.raw(type)}`));
  for (let after = "(0,0)"; ; ) {
    const { rows } = await sql`
      SELECT ctid::text AS place, array[${asText}] AS row FROM ${nameOf(table)}
      WHERE ctid > ${after}::tid ORDER BY ctid LIMIT ${sql.lit(pageSize)}`.execute(from);
    const page = z.array(z.object({ place: z.string(), row: z.array(z.string().nullable()) })).parse(rows);
    const last = page.at(-1);
    if (!last) break;
    after = last.place;
    const lists = columns.map((_, index) => sql`${page.map(({ row }) => row[index] ?? null)}::text[]`);
    await sql`
      INSERT INTO ${nameOf(table)} (${sql.join(names)}) OVERRIDING SYSTEM VALUE
      SELECT ${typed} FROM unnest(${sql.join(lists)}) AS v(${sql.join(names)})`.execute(to);
  }
  for (const { name, counted } of columns) if (counted) await goOnCounting(to, table, name);
}

async function columnsOf(db: Connection, table: string) {
  const { rows } = await sql`
    SELECT attname AS name, format_type(atttypid, atttypmod) AS type, attidentity <> '' AS counted
    FROM pg_attribute
    WHERE attrelid = ${`${ownSchema}.${table}`}::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
    ORDER BY attnum`.execute(db);
  return z.array(z.object({ name: z.string(), type: z.string(), counted: z.boolean() })).parse(rows);
}

async function goOnCounting(db: Connection, table: string, column: string): Promise<void> {
  await sql`
    SELECT setval(pg_get_serial_sequence(${`${ownSchema}.${table}`}, ${column}), max(${sql.id(column)}))
    FROM ${nameOf(table)} HAVING max(${sql.id(column)}) IS NOT NULL`.execute(db);
}

function nameOf(table: string): RawBuilder<unknown> {
  return sql`${sql.id(ownSchema, table)}`;
}
