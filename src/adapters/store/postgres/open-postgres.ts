import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { parseIntoClientConfig } from "pg-connection-string";
import { z } from "zod";
import type { Driver } from "../driver.ts";
import { StoreUnusable } from "../store-unusable.ts";
import type { Tables } from "../tables.ts";
import { socketThatGivesUp } from "./silent-connection.ts";

const oldestServer = 15;
/** PostgreSQL's type number of int8: our values are small enough to be numbers. */
const int8 = 20;

const types: pg.CustomTypesConfig = {
  getTypeParser: (type, format) => (type === int8 ? Number : pg.types.getTypeParser(type, format)),
};

/** Longer than any statement and any pause in a transaction may take, and than an idle connection is kept. */
const longestSilenceMs = 30_000;

/** `password`: asked for each new connection, in place of one in the address; tokens of Entra ID live for about an hour. */
export type PostgresServer = { readonly url: string; readonly password?: () => Promise<string> };

/**
 * Connects to a PostgreSQL server, version 15 or later, which any number of processes may share.
 *
 * @throws StoreUnusable if the server is too old; errors of the connection as they come.
 */
export async function openPostgres(
  server: PostgresServer,
  lost: (error: Error) => void,
  silentMs = longestSilenceMs,
): Promise<Driver> {
  // Not as one address: pg would take the password that is not in it for an empty one.
  const address = {
    ...parseIntoClientConfig(server.url),
    ...(server.password && { password: server.password }),
    stream: () => socketThatGivesUp(silentMs),
  };
  const pool = new pg.Pool({
    ...address,
    max: 10,
    types,
    application_name: "routebot",
    connectionTimeoutMillis: 10_000,
    // Whoever waits for a lock of a replica that stands still in a transaction outlasts it.
    statement_timeout: 15_000,
    idle_in_transaction_session_timeout: 10_000,
  });
  // An idle connection that breaks is replaced at the next use; without a listener it would end the process.
  pool.on("error", lost);
  // So would one that breaks in the middle of a transaction, between two statements; the next statement then fails.
  pool.on("connect", (client) => client.on("error", lost));
  try {
    const major = await serverVersion(pool);
    if (major < oldestServer) {
      throw new StoreUnusable(
        `PostgreSQL ${major} is too old for Routebot; it needs ${oldestServer} or later.`,
      );
    }
  } catch (error) {
    await pool.end();
    throw error;
  }
  return {
    kysely: new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }),
    // A worker that died is noticed after its heartbeat (10 s) plus these.
    queues: {
      ...address,
      max: 4,
      application_name: "routebot-jobs",
      superviseIntervalSeconds: 2,
      monitorIntervalSeconds: 2,
    },
    alone: false,
    // A dump that is read in elsewhere has another system or database; a restore to a point in time, and a standby that was
    // promoted, another timeline.
    home: () => homeOf(pool),
    // The server does this by itself.
    tidy: async () => {},
    close: () => pool.end(),
  };
}

async function serverVersion(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query("SELECT current_setting('server_version_num')::int / 10000 AS major");
  return Number(rows[0]?.major);
}

const home = z.object({ home: z.string() });
const denied = z.object({ code: z.literal("42501") });

/** Where a service hides what its server is, the database alone is compared. */
async function homeOf(pool: pg.Pool): Promise<string> {
  const database = "(SELECT oid FROM pg_database WHERE datname = current_database())";
  try {
    const { rows } = await pool.query(`
      SELECT 'server ' || system_identifier || ', database ' || ${database} || ', timeline ' || timeline_id AS home
      FROM pg_control_system(), pg_control_checkpoint()`);
    return home.parse(rows[0]).home;
  } catch (error) {
    if (!denied.safeParse(error).success) throw error;
    const { rows } = await pool.query(`SELECT 'database ' || ${database} AS home`);
    return home.parse(rows[0]).home;
  }
}
