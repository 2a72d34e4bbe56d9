import { teamsAppTypes } from "../../config/environment.ts";
import { askVariable, type EnvironmentFile } from "./ask-variable.ts";
import type { Asker } from "./asker.ts";

export type Chats = "teams" | "slack" | "both";

export const chatChoices = [
  { value: "both", label: "Microsoft Teams and Slack" },
  { value: "teams", label: "Microsoft Teams" },
  { value: "slack", label: "Slack" },
] as const;

/** What the bot needs to be let into Teams. */
export async function askTeams(ask: Asker, known: EnvironmentFile): Promise<EnvironmentFile> {
  const app = await askVariable(ask, known, {
    name: "TEAMS_APP_ID",
    text: "App id of the bot registration (Azure Bot, configuration: Microsoft App ID)",
  });
  const tenant = await askVariable(ask, known, {
    name: "TEAMS_APP_TENANT_ID",
    text: "Tenant of the bot registration",
    hint: "Its id: az account show --query tenantId --output tsv",
  });
  const type = await ask.choose({
    at: "TEAMS_APP_TYPE",
    text: "What the bot signs in with",
    options: teamsAppTypes.map((value) => ({
      value,
      label:
        value === "SingleTenant" ? "A client secret (single tenant)" : "A user-assigned managed identity",
    })),
    initial: known.TEAMS_APP_TYPE === "UserAssignedMSI" ? "UserAssignedMSI" : "SingleTenant",
  });
  const password =
    type === "SingleTenant"
      ? await askVariable(ask, known, {
          name: "TEAMS_APP_PASSWORD",
          text: "Client secret of the bot registration",
        })
      : {};
  return { ...app, ...tenant, TEAMS_APP_TYPE: type, ...password };
}

/** What the bot needs to be let into Slack. */
export async function askSlack(ask: Asker, known: EnvironmentFile): Promise<EnvironmentFile> {
  const connection = await ask.choose({
    at: "slackConnection",
    text: "How Slack and the bot reach each other",
    options: [
      { value: "http", label: "Slack calls the bot", hint: "https://HOST/slack/events" },
      { value: "socket", label: "The bot calls Slack (Socket Mode)", hint: "no public address" },
    ],
    initial: known.SLACK_SOCKET_MODE === "1" ? "socket" : "http",
  });
  const token = await askVariable(ask, known, {
    name: "SLACK_BOT_TOKEN",
    text: "Bot token of the installed app (OAuth & Permissions)",
  });
  const key =
    connection === "http"
      ? await askVariable(ask, known, {
          name: "SLACK_SIGNING_SECRET",
          text: "Signing secret (Basic Information)",
        })
      : await askVariable(ask, known, {
          name: "SLACK_APP_TOKEN",
          text: "App-level token with connections:write (Basic Information)",
        });
  const teams = await askVariable(ask, known, {
    name: "SLACK_TEAM_IDS",
    text: "Workspaces whose messages are taken",
    hint: "Their ids, T…, separated by commas: they are in the address of Slack in a browser",
  });
  return { ...token, ...(connection === "socket" && { SLACK_SOCKET_MODE: "1" }), ...key, ...teams };
}
