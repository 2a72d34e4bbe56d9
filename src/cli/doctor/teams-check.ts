import type { TeamsSettings } from "../../config/config.ts";
import { type Finding, ok, problem } from "./finding.ts";

const fetchTimeoutMs = 10_000;

/** Fetches a token for the Bot Connector, and the keys that callers of our endpoint are checked with. */
export async function checkTeams(settings: TeamsSettings): Promise<readonly Finding[]> {
  return [await checkToken(settings), await checkKeys(settings)];
}

async function checkToken(settings: TeamsSettings): Promise<Finding> {
  const { createBotCredential } = await import("../../adapters/teams/outbound/credentials.ts");
  const { connectorAudience } = await import("../../adapters/teams/auth/strict-auth.ts");
  try {
    await createBotCredential(settings).getToken(`${connectorAudience}/.default`, {
      abortSignal: AbortSignal.timeout(fetchTimeoutMs),
    });
    return ok("signed in; it gets a token for the Bot Connector");
  } catch {
    const what =
      settings.appType === "SingleTenant"
        ? "TEAMS_APP_PASSWORD"
        : "that the managed identity is assigned here";
    return problem("The bot cannot sign in.", `Check TEAMS_APP_ID, TEAMS_APP_TENANT_ID and ${what}.`);
  }
}

async function checkKeys({ openIdMetadataUrl }: TeamsSettings): Promise<Finding> {
  const todo = "Check the network, the proxy and TEAMS_OPENID_METADATA_URL.";
  try {
    const keys = await fetch(openIdMetadataUrl, { signal: AbortSignal.timeout(fetchTimeoutMs) });
    await keys.body?.cancel();
    return keys.ok
      ? ok("the keys of the Bot Connector can be read")
      : problem(`The Bot Connector's keys are not at TEAMS_OPENID_METADATA_URL (${keys.status}).`, todo);
  } catch {
    return problem("The Bot Connector's keys cannot be reached.", todo);
  }
}
