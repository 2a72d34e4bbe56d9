import { setImmediate } from "node:timers/promises";
import type { PGlite, QueryOptions, Results, Transaction } from "@electric-sql/pglite";

/** Something that runs statements on the one session: the database itself, or a transaction on it. */
type Session = Pick<PGlite, "query" | "exec"> | Pick<Transaction, "query" | "exec">;

/** What is known of a statement's text. */
type State =
  | { readonly kind: "seen" }
  | { readonly kind: "preparing" }
  | { readonly kind: "prepared"; readonly name: string };

/** More different texts than the store has; should there ever be more, they run unprepared. */
const mostStatements = 300;

const longestTurnMs = 2;

/**
 * PGlite, with statements prepared from their second use on. Parsing and planning are slow in WebAssembly: the statements of
 * the job queues take 2 ms without and 0.3 ms with this. It has what Kysely and pg-boss use of PGlite.
 *
 * PGlite has no call for prepared statements, so SQL's own PREPARE and EXECUTE are used, with the values as quoted literals.
 * They belong to the session, and the session lasts as long as the database is open.
 */
export class PreparedStatements {
  readonly #pglite: PGlite;
  readonly #states = new Map<string, State>();
  #count = 0;
  /** When the event loop last had a turn for others, on the monotonic clock. */
  #turnBegan = 0;

  constructor(pglite: PGlite) {
    this.#pglite = pglite;
  }

  get closed(): boolean {
    return this.#pglite.closed;
  }

  get ready(): boolean {
    return this.#pglite.ready;
  }

  get waitReady(): Promise<void> {
    return this.#pglite.waitReady;
  }

  close(): Promise<void> {
    return this.#pglite.close();
  }

  query<T>(text: string, values: unknown[] = [], options?: QueryOptions): Promise<Results<T>> {
    return this.#run<T>(this.#pglite, { text, values, options });
  }

  async exec(text: string): Promise<Results[]> {
    if (!isOneStatement(text)) return await this.#pglite.exec(text);
    return [await this.#run(this.#pglite, { text, values: [] })];
  }

  transaction<T>(steps: (transaction: Pick<Transaction, "query" | "rollback">) => Promise<T>): Promise<T> {
    return this.#pglite.transaction((transaction) =>
      steps({
        query: <R>(text: string, values: unknown[] = [], options?: QueryOptions) =>
          this.#run<R>(transaction, { text, values, options }),
        rollback: () => transaction.rollback(),
      }),
    );
  }

  async #run<T>(
    session: Session,
    { text, values, options }: { text: string; values: unknown[]; options?: QueryOptions | undefined },
  ): Promise<Results<T>> {
    await this.#letOthersIn();
    const literals = values.map(literalOf);
    if (!isOneStatement(text) || literals.includes(undefined))
      return await session.query<T>(text, values, options);
    const state = this.#states.get(text);
    if (state?.kind === "prepared") {
      const list = literals.length === 0 ? "" : `(${literals.join(", ")})`;
      return await execute<T>(session, `EXECUTE ${state.name}${list}`, options);
    }
    if (state?.kind === "seen") await this.#prepare(session, text);
    else if (state === undefined && this.#states.size < mostStatements)
      this.#states.set(text, { kind: "seen" });
    return await session.query<T>(text, values, options);
  }

  /**
   * The database runs in this thread, and what awaits it goes on in the same turn of the event loop: jobs that use nothing else would
   * follow each other for ever, while requests and answers of the network wait at the door.
   */
  async #letOthersIn(): Promise<void> {
    if (performance.now() - this.#turnBegan < longestTurnMs) return;
    await setImmediate();
    this.#turnBegan = performance.now();
  }

  /** Meanwhile others run the statement unprepared: waiting for a transaction from inside another one would never end. */
  async #prepare(session: Session, text: string): Promise<void> {
    const name = `routebot_${++this.#count}`;
    this.#states.set(text, { kind: "preparing" });
    try {
      await session.query(`PREPARE ${name} AS ${text}`);
      this.#states.set(text, { kind: "prepared", name });
    } catch (error) {
      this.#states.delete(text);
      throw error;
    }
  }
}

/**
 * A statement without parameters, in one message to the database. `query` takes five messages, and a quarter more time. Edge:
 * `exec` does not say what its rows look like, and `query` takes the caller's word.
 */
async function execute<T>(session: Session, text: string, options?: QueryOptions): Promise<Results<T>> {
  const [result] = await session.exec(text, options);
  if (result === undefined) throw new Error("a statement of the embedded database gave no result");
  return result as Results<T>;
}

function isOneStatement(text: string): boolean {
  return /^\s*(select|insert|update|delete|with)\b/i.test(text) && !text.includes(";");
}

/**
 * A value as a literal of no type, which takes the type of its parameter. `undefined` for values that are better left to the
 * driver. Quoting relies on `standard_conforming_strings`, which open-embedded.ts sets.
 */
function literalOf(value: unknown): string | undefined {
  if (value === null) return "NULL";
  if (typeof value === "number" || typeof value === "boolean") return `'${value}'`;
  if (value instanceof Date) return `'${value.toISOString()}'`;
  if (typeof value === "string") return quoted(value);
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) {
    return quoted(`{${value.map((item) => `"${item.replace(/["\\]/g, "\\$&")}"`).join(",")}}`);
  }
  return undefined;
}

/** A text that cannot be a text in PostgreSQL is left to the driver, which refuses it. */
function quoted(text: string): string | undefined {
  return text.includes("\0") ? undefined : `'${text.replaceAll("'", "''")}'`;
}
