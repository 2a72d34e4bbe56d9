import type { SlackSettings } from "./config.ts";
import type { Variables } from "./environment.ts";
import { type Check, halfConfigured } from "./environment-check.ts";

/** What is set for Slack, with its problems reported; `undefined` when Slack is off or not set up right. */
export function slackSettings(check: Check): SlackSettings | undefined {
  const { values, has, report } = check;
  if (!has("SLACK_BOT_TOKEN")) {
    halfConfigured(check, { prefix: "SLACK_", switchedOnBy: "SLACK_BOT_TOKEN", platform: "Slack" });
    return undefined;
  }
  if (!has("SLACK_TEAM_IDS")) {
    report("SLACK_TEAM_IDS", "is missing; give the id of the workspace, such as T0123ABCD");
  }
  const socket = values.SLACK_SOCKET_MODE ?? false;
  if (socket && !has("SLACK_APP_TOKEN")) {
    report("SLACK_APP_TOKEN", "is missing; Socket Mode connects with it");
  }
  if (!socket && has("SLACK_APP_TOKEN")) {
    report("SLACK_APP_TOKEN", "is only for Socket Mode; set SLACK_SOCKET_MODE to 1 or remove it");
  }
  if (!socket && !has("SLACK_SIGNING_SECRET")) {
    report("SLACK_SIGNING_SECRET", "is missing; requests from Slack are checked with it");
  }
  const mode = slackMode(values, socket);
  if (values.SLACK_BOT_TOKEN === undefined || mode === undefined) return undefined;
  const apiUrl = values.SLACK_API_URL ?? "https://slack.com/api/";
  return {
    botToken: values.SLACK_BOT_TOKEN,
    apiUrl: apiUrl.endsWith("/") ? apiUrl : `${apiUrl}/`,
    teamIds: values.SLACK_TEAM_IDS ?? [],
    mode,
  };
}

function slackMode(values: Variables, socket: boolean): SlackSettings["mode"] | undefined {
  const { SLACK_APP_TOKEN: appToken, SLACK_SIGNING_SECRET: signingSecret } = values;
  if (socket) return appToken === undefined ? undefined : { kind: "socket", appToken };
  return signingSecret === undefined ? undefined : { kind: "http", signingSecret };
}
