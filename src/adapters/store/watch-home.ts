import type { AuditHead } from "../../domain/audit/audit-record.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import { readAuditHead } from "./audit-chain.ts";
import type { Database } from "./database.ts";
import type { Driver } from "./driver.ts";
import { interrupt } from "./sql-continuity.ts";

type Tools = {
  readonly database: Database;
  readonly driver: Pick<Driver, "home">;
  readonly clock: Clock;
  readonly log: Log;
};

/** Looks, while the store is in use, whether the database is still the same one. */
export class HomeWatch {
  readonly #tools: Tools;
  #home: string | undefined;
  #head: AuditHead | undefined;

  constructor(tools: Tools) {
    this.#tools = tools;
  }

  /**
   * `lost`: the records that this process has seen are not there any more, so that no work may go on in it. A server that was
   * replaced by its standby, with all that was seen, is the same one.
   */
  async look(): Promise<"same" | "lost"> {
    const { database, driver, clock, log } = this.#tools;
    const home = await driver.home();
    const seen = this.#head;
    if (this.#home !== undefined && seen !== undefined && home !== this.#home) {
      if (!(await this.#isThere(seen))) {
        const evidence = `record ${seen.seq} of the audit was there before the database went from ${this.#home} to ${home}`;
        await database.transaction((unit) =>
          interrupt(unit, { kind: "restored", at: clock.now(), evidence }),
        );
        return "lost";
      }
      const from = this.#home;
      await database.sql.updateTable("continuity").set({ home }).where("home", "=", from).execute();
      log.info("database-failed-over", { from, to: home });
    }
    this.#home = home;
    this.#head = await readAuditHead(database);
    return "same";
  }

  async #isThere({ seq, hash }: AuditHead): Promise<boolean> {
    if (seq === 0) return true;
    const row = await this.#tools.database.sql
      .selectFrom("audit_event")
      .select("hash")
      .where("seq", "=", seq)
      .executeTakeFirst();
    return row?.hash === hash;
  }
}
