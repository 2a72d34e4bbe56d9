import { readFile } from "node:fs/promises";
import { strFromU8, unzipSync } from "fflate";
import { z } from "zod";
import { slackFeatureNames, slackFeatures, slackManifest } from "../../../manifest/slack/slack-manifest.ts";
import { problemsOfTeamsManifest } from "../../../manifest/teams/check-manifest.ts";
import { schemaVersions, teamsManifest } from "../../../manifest/teams/teams-manifest.ts";
import { catalog } from "../../command/catalog.ts";
import type { Config, SlackSettings, TeamsSettings } from "../../config/config.ts";
import { type Check, type Finding, ok, problem, warning } from "./finding.ts";

/** The files that Teams and Slack were given, as paths. */
export type ManifestFiles = { readonly teamsApp?: string; readonly slackManifest?: string };

/** What the manifests say, against the configuration and this version; nothing for a file that is not named. */
export function manifestChecks({ teams, slack }: Config, files: ManifestFiles): readonly Check[] {
  const { teamsApp, slackManifest: slackFile } = files;
  return [
    ...(teamsApp === undefined
      ? []
      : [{ name: "Teams app", run: async () => [await checkTeamsApp(teamsApp, teams)] }]),
    ...(slackFile === undefined
      ? []
      : [{ name: "Slack app", run: async () => checkSlackManifest(slackFile, slack) }]),
  ];
}

const rebuild = "Build it again with `routebot manifest teams`, and upload it.";

const teamsShape = z.object({
  manifestVersion: z.enum(schemaVersions),
  bots: z.array(
    z.object({ botId: z.string(), commandLists: z.array(z.object({ commands: z.array(z.unknown()) })) }),
  ),
});

async function checkTeamsApp(path: string, teams: TeamsSettings | "off"): Promise<Finding> {
  if (teams === "off")
    return problem("Teams is off, and has an app.", "Set TEAMS_APP_ID, or leave --teams-app out.");
  const manifest = await readTeamsManifest(path);
  const read = teamsShape.safeParse(manifest).data;
  const [bot] = read?.bots ?? [];
  if (read === undefined || bot === undefined) {
    return problem(`${path} is no Teams app package of Routebot.`, rebuild);
  }
  const [objection] = problemsOfTeamsManifest(manifest, read.manifestVersion);
  if (objection !== undefined) return problem(`Its manifest is not valid: ${objection}.`, rebuild);
  if (bot.botId.toLowerCase() !== teams.appId) {
    return problem(`It is for the bot ${bot.botId}, and TEAMS_APP_ID is ${teams.appId}.`, rebuild);
  }
  const made = teamsManifest(
    { appId: teams.appId, website: "https://example.com", developer: "x", version: "1.0.0", schema: "1.25" },
    catalog,
  );
  const now = made.bots[0].commandLists[0].commands;
  return JSON.stringify(bot.commandLists[0]?.commands) === JSON.stringify(now)
    ? ok(`for this bot, with the commands of this version (schema ${read.manifestVersion})`)
    : warning("It offers other commands than this version of Routebot has.", rebuild);
}

/** `undefined` for what is no zip with a JSON manifest in it. */
async function readTeamsManifest(path: string): Promise<unknown> {
  try {
    const { "manifest.json": file } = unzipSync(await readFile(path));
    return file && JSON.parse(strFromU8(file));
  } catch {
    return undefined;
  }
}

const slackShape = z.object({
  oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }),
  settings: z.object({
    socket_mode_enabled: z.boolean().default(false),
    event_subscriptions: z.object({ request_url: z.string().optional(), bot_events: z.array(z.string()) }),
    interactivity: z.object({ is_enabled: z.boolean(), request_url: z.string().optional() }),
  }),
});

async function checkSlackManifest(path: string, slack: SlackSettings | "off"): Promise<readonly Finding[]> {
  const todo = "Print it again with `routebot manifest slack`, and paste it under App Manifest of the app.";
  if (slack === "off")
    return [problem("Slack is off, and has an app.", "Set SLACK_BOT_TOKEN, or leave --slack-manifest out.")];
  const text = await readFile(path, "utf8").catch(() => "");
  const read = slackShape.safeParse(parsed(text)).data;
  if (read === undefined) return [problem(`${path} is no manifest of a Slack app.`, todo)];

  const { settings, oauth_config: oauth } = read;
  const findings: Finding[] = [];
  const isSocket = slack.mode.kind === "socket";
  if (settings.socket_mode_enabled !== isSocket) {
    findings.push(
      problem(
        isSocket
          ? "SLACK_SOCKET_MODE is set, and the app is not in Socket Mode."
          : "The app is in Socket Mode, and SLACK_SOCKET_MODE is not set.",
        todo,
      ),
    );
  }
  const addresses = [settings.event_subscriptions.request_url, settings.interactivity.request_url];
  if (
    !isSocket &&
    addresses.some((url) => url === undefined || !/^https:\/\/[^/]+\/slack\/events$/.test(url))
  ) {
    findings.push(problem("Events and interactivity do not both go to https://HOST/slack/events.", todo));
  }
  const least = slackManifest({ connection: { kind: "socket" }, features: [] });
  const lacking = [
    ...least.oauth_config.scopes.bot.filter((scope) => !oauth.scopes.bot.includes(scope)),
    ...least.settings.event_subscriptions.bot_events.filter(
      (event) => !settings.event_subscriptions.bot_events.includes(event),
    ),
  ];
  if (lacking.length > 0) findings.push(problem(`It lacks ${lacking.join(", ")}.`, todo));
  const known = new Set<string>([
    ...least.oauth_config.scopes.bot,
    ...slackFeatureNames.flatMap((name) => [...slackFeatures[name].scopes]),
  ]);
  const more = oauth.scopes.bot.filter((scope) => !known.has(scope));
  if (more.length > 0) {
    findings.push(warning(`It asks for ${more.join(", ")}, which Routebot has no use for.`, todo));
  }
  return findings.length > 0 ? findings : [ok("as this configuration and this version need it")];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
