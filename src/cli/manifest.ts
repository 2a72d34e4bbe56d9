import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { z } from "zod";
import {
  type SlackFeature,
  slackFeatureNames,
  slackFeatures,
  slackManifest,
} from "../../manifest/slack/slack-manifest.ts";
import { problemsOfTeamsManifest } from "../../manifest/teams/check-manifest.ts";
import { type SchemaVersion, schemaVersions, teamsManifest } from "../../manifest/teams/teams-manifest.ts";
import { teamsPackage } from "../../manifest/teams/teams-package.ts";
import packageJson from "../../package.json" with { type: "json" };
import { catalog } from "../command/catalog.ts";

type TeamsOptions = {
  readonly appId: string;
  readonly website: string;
  readonly privacy?: string;
  readonly terms?: string;
  readonly developer: string;
  readonly schema: SchemaVersion;
  readonly slashCommands?: true;
  readonly out: string;
};

type SlackOptions = {
  readonly host?: string;
  readonly socket?: true;
  readonly with?: readonly SlackFeature[];
};

/** Adds `routebot manifest`: what Teams and Slack have to be told about the bot of this deployment. */
export function addManifestCommand(program: Command): void {
  const manifest = program
    .command("manifest")
    .description("make the Teams app package, or print the Slack app manifest, of this deployment");

  manifest
    .command("teams")
    .description("build the zip that is uploaded to Teams, checked against Microsoft's schema")
    .addOption(
      new Option("--app-id <guid>", "app id of the bot registration")
        .env("TEAMS_APP_ID")
        .argParser(guidOption)
        .makeOptionMandatory(),
    )
    .requiredOption("--website <url>", "page about the bot that your people can open", httpsOption)
    .option("--privacy <url>", "page about what it stores (default: the website)", httpsOption)
    .option("--terms <url>", "terms of use (default: the website)", httpsOption)
    .option("--developer <name>", "who runs it, at most 32 characters", "Platform team")
    .addOption(
      new Option("--schema <version>", "version of the manifest schema")
        .choices(schemaVersions)
        .default("1.25"),
    )
    .option(
      "--slash-commands",
      "offer the commands behind / too; needs --schema 1.30 and a tenant that has it",
    )
    .option("--out <file>", "where to write the zip", "routebot-teams.zip")
    .action((options: TeamsOptions, command: Command) => {
      if (options.slashCommands && options.schema !== "1.30") {
        command.error("error: --slash-commands needs --schema 1.30");
      }
      const made = teamsManifest({ ...options, version: packageJson.version }, catalog);
      const problems = problemsOfTeamsManifest(made, options.schema);
      if (problems.length > 0) {
        process.stderr.write(
          `The Teams manifest would not be valid:\n${problems.map((p) => `  ${p}\n`).join("")}`,
        );
        process.exitCode = 1;
        return;
      }
      mkdirSync(dirname(options.out), { recursive: true });
      writeFileSync(options.out, teamsPackage(made));
      process.stdout.write(`${options.out}\n`);
    });

  manifest
    .command("slack")
    .description("print the manifest to paste at api.slack.com/apps, with the least scopes that are needed")
    .option("--host <name>", "public host name of the bot, for delivery over HTTPS", hostOption)
    .addOption(new Option("--socket", "Socket Mode: no public address is needed").conflicts("host"))
    .addOption(
      new Option("--with <feature...>", "what to switch on besides the main job").choices(slackFeatureNames),
    )
    .addHelpText(
      "after",
      `\nFeatures and their scopes:\n${slackFeatureNames
        .map(
          (name) =>
            `  ${name.padEnd(17)}${slackFeatures[name].text} (${slackFeatures[name].scopes.join(", ")})\n`,
        )
        .join("")}`,
    )
    .action((options: SlackOptions, command: Command) => {
      if (options.host === undefined && options.socket === undefined) {
        command.error("error: give --host NAME, or --socket for Socket Mode");
      }
      const made = slackManifest({
        connection: options.host === undefined ? { kind: "socket" } : { kind: "http", host: options.host },
        features: options.with ?? [],
      });
      process.stdout.write(`${JSON.stringify(made, null, 2)}\n`);
    });
}

const guidForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function guidOption(value: string): string {
  if (!guidForm.test(value)) throw new InvalidArgumentError("It is not a GUID.");
  return value.toLowerCase();
}

function httpsOption(value: string): string {
  if (z.url({ protocol: /^https$/ }).safeParse(value).success) return value;
  throw new InvalidArgumentError("It is not an https address.");
}

function hostOption(value: string): string {
  if (/^[a-z0-9][a-z0-9.-]*[a-z0-9](:\d{1,5})?$/i.test(value)) return value.toLowerCase();
  throw new InvalidArgumentError("It is not a host name; give it without https:// and without a path.");
}
