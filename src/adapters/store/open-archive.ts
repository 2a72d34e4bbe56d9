import type { AuditTrail } from "../../ports/audit-trail.ts";
import { Database } from "./database.ts";
import { hasDatabase } from "./embedded/data-directory.ts";
import type { StoreSettings } from "./open-store.ts";
import { createAuditTrail } from "./sql-audit-trail.ts";
import { StoreUnusable } from "./store-unusable.ts";

/** The audit of a store, for reading it without running anything on it. */
export type AuditArchive = { readonly audit: Pick<AuditTrail, "recordsAfter">; close(): Promise<void> };

/**
 * Opens what is there: nothing is made and no table is changed, so that another version than the one that runs can read it too.
 *
 * @throws StoreUnusable, one sentence for the operator; also while a running Routebot has the embedded store.
 */
export async function openAuditArchive(settings: StoreSettings): Promise<AuditArchive> {
  const driver = await openDriver(settings);
  return { audit: createAuditTrail(new Database(driver.kysely)), close: () => driver.close() };
}

async function openDriver(settings: StoreSettings) {
  switch (settings.kind) {
    case "embedded": {
      if (!hasDatabase(settings.directory)) {
        throw new StoreUnusable(`There is no store in ${settings.directory} yet.`);
      }
      const { openEmbedded } = await import("./embedded/open-embedded.ts");
      return await openEmbedded(settings.directory, () =>
        Promise.reject(new Error(`${settings.directory} was emptied meanwhile`)),
      );
    }
    case "postgres": {
      const { openPostgres } = await import("./postgres/open-postgres.ts");
      return await openPostgres(settings, () => undefined);
    }
    default:
      return settings satisfies never;
  }
}
