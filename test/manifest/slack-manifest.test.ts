import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { slackFeatureNames, slackFeatures, slackManifest } from "../../manifest/slack/slack-manifest.ts";
import { runRoutebot } from "../cli/run-routebot.ts";

const http = { kind: "http", host: "bot.example.com" } as const;

test("over HTTPS everything goes to the one endpoint that the bot serves", () => {
  const { features, settings } = slackManifest({ connection: http, features: [] });
  const url = "https://bot.example.com/slack/events";
  expect(features.slash_commands[0]).toMatchObject({ command: "/routebot", url });
  expect(settings).toMatchObject({
    event_subscriptions: { request_url: url },
    interactivity: { is_enabled: true, request_url: url },
    socket_mode_enabled: false,
  });
});

test("over Socket Mode no address is given away", () => {
  const manifest = slackManifest({ connection: { kind: "socket" }, features: [...slackFeatureNames] });
  expect(JSON.stringify(manifest)).not.toContain("https://");
  expect(manifest.settings.socket_mode_enabled).toBe(true);
});

test("each feature adds its scopes and events, and no others", () => {
  const bare = slackManifest({ connection: http, features: [] });
  for (const feature of slackFeatureNames) {
    const { scopes, events } = slackFeatures[feature];
    const more = slackManifest({ connection: http, features: [feature] });
    expect(new Set(more.oauth_config.scopes.bot)).toEqual(
      new Set([...bare.oauth_config.scopes.bot, ...scopes]),
    );
    expect(new Set(more.settings.event_subscriptions.bot_events)).toEqual(
      new Set([...bare.settings.event_subscriptions.bot_events, ...events]),
    );
  }
});

/** The scope that each method of Slack's Web API asks for (its reference page), by how the adapter calls it. */
const scopeOfMethod: Readonly<Record<string, readonly string[]>> = {
  "auth.test": [],
  "chat.postEphemeral": ["chat:write"],
  "chat.postMessage": ["chat:write"],
  "chat.update": ["chat:write"],
  "conversations.history": ["channels:history", "groups:history", "im:history", "mpim:history"],
  "conversations.info": ["channels:read", "groups:read", "im:read", "mpim:read"],
  "conversations.open": ["im:write"],
  "conversations.replies": ["channels:history", "groups:history", "im:history", "mpim:history"],
  "files.completeUploadExternal": ["files:write"],
  "files.getUploadURLExternal": ["files:write"],
  "usergroups.users.list": ["usergroups:read"],
  "users.info": ["users:read"],
  "views.open": [],
};

test("the scopes are those of the methods that the adapters call, all of them and no others", () => {
  const folder = new URL("../../src/adapters/", import.meta.url);
  const called = new Set<string>();
  for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".ts") || !/^(slack|directory)/.test(file)) continue;
    const text = readFileSync(new URL(file, folder), "utf8");
    const byClient = text.matchAll(/\bclient\s*\.((?:[a-z]+\.)+[a-z]\w+)\(/gi);
    const byAddress = text.matchAll(/\bnew URL\("((?:[a-z]+\.)+[a-z]\w+)"/gi);
    for (const [, method = ""] of [...byClient, ...byAddress]) called.add(method);
  }
  const methods = [...called].filter(
    (name) => name in scopeOfMethod || /^(chat|conv|user|files|views)/.test(name),
  );
  expect(methods.length).toBeGreaterThan(6);
  const needed = methods.flatMap((method) => scopeOfMethod[method] ?? [`of ${method}: not in the table`]);
  const all = slackManifest({ connection: http, features: [...slackFeatureNames] }).oauth_config.scopes.bot;
  // What is asked for by what arrives instead of by a call.
  const byEvents = ["app_mentions:read", "commands"];
  expect(all.toSorted()).toEqual([...new Set([...needed, ...byEvents])].sort());
});

describe("routebot manifest slack", () => {
  test("asks how Slack is to reach the bot", async () => {
    const { code, stderr } = await runRoutebot(["manifest", "slack"]);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining("give --host NAME, or --socket"),
    });
  });

  test("prints what can be pasted", async () => {
    const { code, stdout } = await runRoutebot(["manifest", "slack", "--socket", "--with", "files"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      _metadata: { major_version: 1 },
      settings: { socket_mode_enabled: true },
    });
  });
});
