import { sql } from "kysely";
import type { TokenBuckets } from "../../ports/token-buckets.ts";
import type { Database } from "./database.ts";

/** Token buckets in the database: all replicas draw from the same ones. One statement each time. */
export function createTokenBuckets(database: Database): TokenBuckets {
  return {
    async take({ bucket: { name, size, perSecond, start }, tokens, keep }) {
      const { rows } = await sql<{ granted: number; wait_ms: number }>`
        SELECT granted, wait_ms FROM routebot.token_bucket_take(
          ${name}, ${size}::float8, ${perSecond}::float8, ${start}::float8, ${tokens}::integer, ${keep}::float8
        )`.execute(database.sql);
      const [row] = rows;
      if (row === undefined) throw new Error(`the bucket ${name} said nothing`);
      return { granted: row.granted, waitMs: row.wait_ms };
    },
  };
}
