import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { slackManifest } from "../../manifest/slack/slack-manifest.ts";
import { teamsManifest } from "../../manifest/teams/teams-manifest.ts";
import { teamsPackage } from "../../manifest/teams/teams-package.ts";
import { manifestChecks } from "../../src/cli/doctor/manifest-checks.ts";
import { catalog } from "../../src/command/catalog.ts";
import type { Config } from "../../src/config/config.ts";
import { loadConfig } from "../../src/config/load-config.ts";
import { completeEnvironment, completePolicy, ids } from "../config/complete-environment.ts";

let folder: string;
let config: Config;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "routebot-manifests-"));
  await writeFile(join(folder, "routebot.yaml"), completePolicy);
  const loaded = await loadConfig({
    ...completeEnvironment,
    ROUTEBOT_POLICY_FILE: join(folder, "routebot.yaml"),
  });
  if (loaded.kind === "invalid") throw new Error(loaded.message);
  config = loaded.config;
});
afterAll(() => rm(folder, { recursive: true }));

async function found(kind: "teamsApp" | "slackManifest", content: string | Uint8Array, given = config) {
  const path = join(folder, "manifest");
  await writeFile(path, content);
  const [check] = manifestChecks(given, { [kind]: path });
  return (await check?.run()) ?? [];
}

const app = { website: "https://x.example", developer: "us", version: "1.0.0", schema: "1.25" } as const;

describe("the Teams app", () => {
  test("of this bot and this version is well", async () => {
    const made = teamsPackage(teamsManifest({ ...app, appId: ids.app }, catalog));
    expect(await found("teamsApp", made)).toMatchObject([{ result: "ok" }]);
  });

  test.each([
    [
      "of another bot",
      teamsPackage(teamsManifest({ ...app, appId: ids.ana }, catalog)),
      "problem",
      "TEAMS_APP_ID",
    ],
    [
      "of another version",
      teamsPackage(teamsManifest({ ...app, appId: ids.app }, catalog.slice(3))),
      "warning",
      "commands",
    ],
    [
      "that Teams would not take",
      teamsPackage({ ...teamsManifest({ ...app, appId: ids.app }, catalog), accentColor: 1 }),
      "problem",
      "accentColor",
    ],
    ["that is no zip", "zip", "problem", "no Teams app package"],
  ])("%s is told", async (_what, content, result, words) => {
    expect(await found("teamsApp", content)).toMatchObject([
      { result, text: expect.stringContaining(words) },
    ]);
  });

  test("of a bot without Teams is told", async () => {
    expect(await found("teamsApp", "", { ...config, teams: "off" })).toMatchObject([{ result: "problem" }]);
  });
});

describe("the Slack app", () => {
  const made = slackManifest({ connection: { kind: "http", host: "bot.example.com" }, features: ["files"] });

  test("as it was printed is well", async () => {
    expect(await found("slackManifest", JSON.stringify(made))).toMatchObject([{ result: "ok" }]);
  });

  test.each([
    [
      "in Socket Mode",
      slackManifest({ connection: { kind: "socket" }, features: [] }),
      ["Socket Mode", "https://HOST"],
    ],
    [
      "that sends its events elsewhere",
      {
        ...made,
        settings: { ...made.settings, interactivity: { is_enabled: true, request_url: "https://x/slack" } },
      },
      ["https://HOST/slack/events"],
    ],
    [
      "without a scope",
      { ...made, oauth_config: { scopes: { bot: ["chat:write"] } } },
      ["app_mentions:read"],
    ],
    [
      "with a scope too many",
      { ...made, oauth_config: { scopes: { bot: [...made.oauth_config.scopes.bot, "admin"] } } },
      ["admin"],
    ],
    ["that is none", [], ["no manifest"]],
  ])("%s is told", async (_what, content, words) => {
    const findings = await found("slackManifest", JSON.stringify(content));
    expect(findings.map(({ text }) => text)).toEqual(words.map((word) => expect.stringContaining(word)));
  });
});
