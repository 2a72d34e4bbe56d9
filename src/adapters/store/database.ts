import { AsyncLocalStorage } from "node:async_hooks";
import type { Kysely, Transaction } from "kysely";
import { z } from "zod";
import { type Log, noLog } from "../../ports/log.ts";
import { ownSchema, type Tables } from "./tables.ts";

/** No transaction takes longer; one that does is stuck, and on the embedded store it keeps everybody waiting. */
const longestTransactionMs = 20_000;

/** PostgreSQL gave this transaction up for another one: running it again is right. */
const worthAnotherTry = z.object({ code: z.enum(["40001", "40P01"]) });

/** One transaction in progress. */
export type Unit = {
  readonly sql: Transaction<Tables>;
  /** Runs `step` once it is committed. */
  afterCommit(step: () => void): void;
  /** For what is told once it is committed. */
  readonly log: Log;
};

/**
 * The database, for reading and for transactions. Inside a transaction only its `Unit` may be used: on the embedded store
 * anything else would wait for the transaction to end, and the transaction for it. It is refused, on both stores.
 */
export class Database {
  readonly #kysely: Kysely<Tables>;
  readonly #log: Log;
  readonly #limitMs: number;
  readonly #inTransaction = new AsyncLocalStorage<true>();

  constructor(kysely: Kysely<Tables>, log: Log = noLog, limitMs = longestTransactionMs) {
    this.#log = log;
    this.#limitMs = limitMs;
    this.#kysely = kysely.withSchema(ownSchema);
  }

  /** @throws if it is called from inside a transaction. */
  refuseInTransaction(): void {
    if (this.#inTransaction.getStore() === true) {
      throw new Error("the database was used beside a transaction from inside it");
    }
  }

  /** For queries that need no transaction. */
  get sql(): Kysely<Tables> {
    this.refuseInTransaction();
    return this.#kysely;
  }

  /**
   * Runs `steps` in one transaction: all of it is durable when this resolves, nothing of it is there when it rejects because
   * of what `steps` threw. `steps` may run more than once and changes nothing outside.
   */
  async transaction<T>(steps: (unit: Unit) => Promise<T>): Promise<T> {
    this.refuseInTransaction();
    for (let tries = 1; ; tries++) {
      try {
        return await this.#once(steps);
      } catch (error) {
        if (tries === 3 || !worthAnotherTry.safeParse(error).success) throw error;
      }
    }
  }

  async #once<T>(steps: (unit: Unit) => Promise<T>): Promise<T> {
    const afterwards: (() => void)[] = [];
    const result = await this.#kysely
      .transaction()
      .execute((sql) =>
        this.#inTransaction.run(true, () =>
          inTime(steps({ sql, log: this.#log, afterCommit: (step) => afterwards.push(step) }), this.#limitMs),
        ),
      );
    for (const step of afterwards) step();
    return result;
  }
}

async function inTime<T>(work: Promise<T>, limitMs: number): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`a transaction took longer than ${limitMs} ms`)), limitMs);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
