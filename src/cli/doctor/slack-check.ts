import { z } from "zod";
import type { SlackSettings } from "../../config/config.ts";
import { type Finding, ok, problem, warning } from "./finding.ts";

const fetchTimeoutMs = 10_000;

const authTest = z.object({ team_id: z.string(), user_id: z.string(), bot_id: z.string() });
const slackError = z.object({ error: z.string() });

/** What each scope of the bot token is for. Source: the methods that src/adapters/slack calls, and the events that it is sent. */
const requiredScopes = {
  "app_mentions:read": "being mentioned in channels",
  "chat:write": "answering",
  commands: "the slash command",
  "im:history": "direct messages",
  "im:write": "messages to one person",
  "users:read": "names of people",
} as const;
const advisedScopes = {
  "channels:read": "knowing the channel that somebody writes in",
  "groups:read": "the same in private channels",
  "im:read": "the same in direct messages",
} as const;
const optionalScopes = {
  "channels:history": "finding a card whose sending ended unclear, before it is sent again",
  "groups:history": "the same in private channels",
  "files:write": "a file with the result of an audit of many sites",
} as const;

/** Signs in with the bot token, and compares the scopes that Slack says it has with those that are needed. */
export async function checkSlack({ apiUrl, botToken, teamIds }: SlackSettings): Promise<readonly Finding[]> {
  const response = await fetch(new URL("auth.test", apiUrl), {
    method: "POST",
    headers: { authorization: `Bearer ${botToken}` },
    signal: AbortSignal.timeout(fetchTimeoutMs),
  }).catch(() => undefined);
  const answer: unknown = await response?.json().catch(() => undefined);
  if (response === undefined || answer === undefined) {
    return [problem("Slack cannot be asked.", "Check the network, the proxy and SLACK_API_URL.")];
  }
  const bot = authTest.safeParse(answer).data;
  if (bot === undefined) {
    const why = slackError.safeParse(answer).data?.error ?? "it is not that of a bot";
    return [
      problem(`Slack does not accept SLACK_BOT_TOKEN (${why}).`, "Copy the bot token of the installed app."),
    ];
  }
  if (!teamIds.includes(bot.team_id)) {
    return [
      problem(
        `The token belongs to workspace ${bot.team_id}, which is not among SLACK_TEAM_IDS.`,
        "Add it there, or take the token of the right workspace.",
      ),
    ];
  }
  const signedIn = ok(`signed in to workspace ${bot.team_id} as ${bot.user_id}`);
  return [signedIn, ...judgeScopes(response.headers.get("x-oauth-scopes"))];
}

function judgeScopes(header: string | null): readonly Finding[] {
  if (header === null) {
    return [
      warning(
        "Slack does not say which scopes the token has.",
        "Compare them with docs/operations.md under OAuth & Permissions of the app.",
      ),
    ];
  }
  const granted = new Set(header.split(",").map((scope) => scope.trim()));
  const lacking = (scopes: Readonly<Record<string, string>>) =>
    Object.entries(scopes)
      .filter(([scope]) => !granted.has(scope))
      .map(([scope, purpose]) => `${scope} (${purpose})`)
      .join(", ");
  const [required, advised] = [lacking(requiredScopes), lacking(advisedScopes)];
  const optional = lacking(optionalScopes);
  const todo = "Add them under OAuth & Permissions of the app, and install it again.";
  return [
    required === ""
      ? ok("the scopes of the token are enough")
      : problem(`The token lacks ${required}.`, todo),
    ...(advised === "" ? [] : [warning(`The token lacks ${advised}.`, todo)]),
    ...(optional === "" ? [] : [ok(`not granted, an opt-in: ${optional}`)]),
  ];
}
