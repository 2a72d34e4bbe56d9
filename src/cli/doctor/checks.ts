import { z } from "zod";
import { systemClock } from "../../adapters/clock/system-clock.ts";
import type { AzureSettings, Config, SlackSettings, TeamsSettings } from "../../config/config.ts";
import type { Log } from "../../ports/log.ts";

/** One thing that is tried out. `run` resolves to what was found, or rejects with what is wrong and what to do. */
export type Check = { readonly name: string; readonly run: () => Promise<string> };

const fetchTimeoutMs = 10_000;

/**
 * What a configuration names, each tried once and nothing changed: the database is opened but not migrated, Azure is only
 * read, and nobody is written to. To be run one after the other: the SDKs cannot be loaded side by side.
 */
export function checksOf(config: Config, log: Log): readonly Check[] {
  const { teams, slack } = config;
  return [
    { name: "store", run: () => checkStore(config) },
    { name: "Azure", run: () => checkAzure(config.azure, log) },
    { name: "Teams", run: teams === "off" ? () => Promise.resolve("off") : () => checkTeams(teams) },
    { name: "Slack", run: slack === "off" ? () => Promise.resolve("off") : () => checkSlack(slack) },
  ];
}

async function checkStore({ store: settings, azure }: Config): Promise<string> {
  switch (settings.kind) {
    case "embedded": {
      const { probeEmbedded } = await import("../../adapters/store/embedded/open-embedded.ts");
      const there = await probeEmbedded(settings.directory);
      return there
        ? `embedded, in ${settings.directory}`
        : `embedded; ${settings.directory} is made at the first start`;
    }
    case "postgres": {
      const { openPostgres } = await import("../../adapters/store/postgres/open-postgres.ts");
      const { createDatabaseToken } = await import("../../adapters/azure/database-token.ts");
      const password = settings.signIn === "entra" ? { password: createDatabaseToken(azure) } : {};
      await (await openPostgres({ ...settings, ...password }, () => undefined)).close();
      return "PostgreSQL answers";
    }
    default:
      return settings satisfies never;
  }
}

async function checkAzure(settings: AzureSettings, log: Log): Promise<string> {
  const tools = { clock: systemClock, log };
  const { openResourceManager } = await import("../../adapters/azure/resource-manager.ts");
  const { chooseApi } = await import("../../adapters/azure/api-generation.ts");
  const { listSites } = await import("../../adapters/azure/list-sites.ts");
  const { failureOfError } = await import("../../adapters/azure/errors.ts");
  const arm = openResourceManager(settings, tools);
  const apiOf = chooseApi(arm, settings, tools);
  const found: string[] = [];
  for (const subscription of settings.subscriptions) {
    try {
      const api = await apiOf(subscription);
      const sites = await listSites(arm, api, subscription);
      found.push(`${subscription}: ${sites.length} sites, api-version ${api.apiVersion}`);
    } catch (error) {
      const { code, message } = failureOfError(error, systemClock.now());
      throw new Error(
        `${message} ${reason(error)} Subscription ${subscription}; see \`${code}\` in docs/failures.md.`,
        {
          cause: error,
        },
      );
    }
  }
  return `signed in; ${found.join("; ")}`;
}

/** The first line of what a library says: the operator at the terminal may see it, chats do not. */
function reason(error: unknown): string {
  const [line = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
  return `(${line.slice(0, 300)})`;
}

async function checkTeams(settings: TeamsSettings): Promise<string> {
  const { createBotCredential } = await import("../../adapters/teams/outbound/credentials.ts");
  const { connectorAudience } = await import("../../adapters/teams/auth/strict-auth.ts");
  try {
    await createBotCredential(settings).getToken(`${connectorAudience}/.default`, {
      abortSignal: AbortSignal.timeout(fetchTimeoutMs),
    });
  } catch (cause) {
    const what =
      settings.appType === "SingleTenant"
        ? "TEAMS_APP_PASSWORD"
        : "that the managed identity is assigned here";
    throw new Error(`The bot cannot sign in. Check TEAMS_APP_ID, TEAMS_APP_TENANT_ID and ${what}.`, {
      cause,
    });
  }
  const keys = await fetch(settings.openIdMetadataUrl, { signal: AbortSignal.timeout(fetchTimeoutMs) }).catch(
    (cause: unknown) => {
      throw new Error(
        "The Bot Connector's keys cannot be reached. Check the network and TEAMS_OPENID_METADATA_URL.",
        {
          cause,
        },
      );
    },
  );
  await keys.body?.cancel();
  if (!keys.ok)
    throw new Error(`The Bot Connector's keys are not at TEAMS_OPENID_METADATA_URL (${keys.status}).`);
  return "signed in; the keys of the Bot Connector can be read";
}

const authTest = z.object({ team_id: z.string(), user_id: z.string(), bot_id: z.string() });
const slackError = z.object({ error: z.string() });

async function checkSlack({ apiUrl, botToken, teamIds }: SlackSettings): Promise<string> {
  const answer: unknown = await fetch(new URL("auth.test", apiUrl), {
    method: "POST",
    headers: { authorization: `Bearer ${botToken}` },
    signal: AbortSignal.timeout(fetchTimeoutMs),
  })
    .then((response) => response.json())
    .catch((cause: unknown) => {
      throw new Error("Slack cannot be asked. Check the network and SLACK_API_URL.", { cause });
    });
  const bot = authTest.safeParse(answer).data;
  if (bot === undefined) {
    const why = slackError.safeParse(answer).data?.error ?? "it is not that of a bot";
    throw new Error(
      `Slack does not accept SLACK_BOT_TOKEN (${why}). Copy the bot token of the installed app.`,
    );
  }
  if (!teamIds.includes(bot.team_id)) {
    throw new Error(
      `The token belongs to workspace ${bot.team_id}, which is not among SLACK_TEAM_IDS. Add it there.`,
    );
  }
  return `signed in to workspace ${bot.team_id} as ${bot.user_id}`;
}
