import type { Kysely } from "kysely";
import type { ConstructorOptions } from "pg-boss";
import type { Tables } from "./tables.ts";

/** What differs between the embedded database and a PostgreSQL server. */
export type Driver = {
  readonly kysely: Kysely<Tables>;
  /** Settings of the job queues: how they reach the database, and how often they look after it. */
  readonly queues: ConstructorOptions;
  /** No other process works on this database: every job in work when we start is left over from a dead one. */
  readonly alone: boolean;
  /** Where the database is: the same for as long as it is not copied, restored or moved elsewhere. */
  home(): Promise<string>;
  /** Cleans up what deleted and replaced rows leave behind; for now and then. */
  tidy(): Promise<void>;
  /** Closes everything that was opened; to be called last, once. */
  close(): Promise<void>;
};
