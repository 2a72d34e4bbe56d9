import { withSignIn } from "../../adapters/azure/database-token.ts";
import type { Config } from "../../config/config.ts";
import type { Log } from "../../ports/log.ts";
import { azureChecks } from "./azure-checks.ts";
import { type Check, type Finding, ok, problem, warning } from "./finding.ts";
import { checkSlack } from "./slack-check.ts";
import { checkTeams } from "./teams-check.ts";

/**
 * What a configuration names, each tried once and nothing changed: the database is opened but not migrated, Azure is only
 * read, and nobody is written to. To be run one after the other: the SDKs cannot be loaded side by side.
 */
export function checksOf(config: Config, log: Log): readonly Check[] {
  const { teams, slack } = config;
  return [
    { name: "store", run: async () => [await checkStore(config)] },
    ...azureChecks(config.azure, log),
    { name: "Teams", run: async () => (teams === "off" ? [ok("off")] : checkTeams(teams)) },
    { name: "Slack", run: async () => (slack === "off" ? [ok("off")] : checkSlack(slack)) },
  ];
}

async function checkStore({ store: settings, azure }: Config): Promise<Finding> {
  switch (settings.kind) {
    case "embedded": {
      const { probeEmbedded } = await import("../../adapters/store/embedded/open-embedded.ts");
      const { StoreInUse } = await import("../../adapters/store/store-unusable.ts");
      const { refuseMoved } = await import("../../adapters/store/embedded/moved-mark.ts");
      try {
        refuseMoved(settings.directory);
        return (await probeEmbedded(settings.directory))
          ? ok(`embedded, in ${settings.directory}`)
          : ok(`embedded; ${settings.directory} is made at the first start`);
      } catch (error) {
        if (error instanceof StoreInUse) {
          return warning(
            `embedded, in ${settings.directory}: a running Routebot has it, so it was not opened.`,
            "Nothing, if that is the one that you mean; else stop it.",
          );
        }
        return problem(
          wordsOf(error),
          "Make sure that ROUTEBOT_DATA_DIR is on a local disk that Routebot may write to, or set DATABASE_URL where the store was moved.",
        );
      }
    }
    case "postgres": {
      const { openPostgres } = await import("../../adapters/store/postgres/open-postgres.ts");
      try {
        await (await openPostgres(withSignIn(settings, azure), () => undefined)).close();
        return ok("PostgreSQL answers");
      } catch (error) {
        return problem(
          wordsOf(error),
          "Check DATABASE_URL, and that this machine may reach the server; it has to be PostgreSQL 15 or later.",
        );
      }
    }
    default:
      return settings satisfies never;
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
