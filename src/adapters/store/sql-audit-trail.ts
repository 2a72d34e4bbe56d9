import type { AuditTrail } from "../../ports/audit-trail.ts";
import { readAudit, readAuditHead } from "./audit-chain.ts";
import type { Database } from "./database.ts";

/** The audit in the database, with the seals that were made of it. */
export function createAuditTrail(database: Database): AuditTrail {
  return {
    head: () => readAuditHead(database),
    recordsAfter: (seq) => readAudit(database, seq),

    async lastSeal() {
      const row = await database.sql
        .selectFrom("audit_seal")
        .selectAll()
        .orderBy("seq", "desc")
        .limit(1)
        .executeTakeFirst();
      if (row === undefined) return undefined;
      const { seq, hash, at, key_id: keyId, signature } = row;
      return { seq, hash, at, keyId, signature };
    },

    async keep({ seq, hash, at, keyId, signature }) {
      await database.sql
        .insertInto("audit_seal")
        .values({ seq, hash, at, key_id: keyId, signature })
        .onConflict((conflict) => conflict.column("seq").doNothing())
        .execute();
    },
  };
}
