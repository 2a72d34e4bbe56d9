import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LocalAzure, startLocalAzure } from "../../src/playground/azure/local-azure.ts";
import { completeEnvironment, completePolicy } from "../config/complete-environment.ts";
import { startRoutebot } from "./run-routebot.ts";

let folder: string;
let azure: LocalAzure;
let chats: Server;
let chatsUrl: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "routebot-doctor-"));
  await writeFile(join(folder, "routebot.yaml"), completePolicy);
  azure = await startLocalAzure({ port: 0, directory: join(folder, "azure") });
  // What the doctor asks of Slack and of the Bot Connector, and nothing else.
  chats = createServer((request, response) => {
    const known = request.headers.authorization === `Bearer ${completeEnvironment.SLACK_BOT_TOKEN}`;
    const slack = known
      ? { ok: true, team_id: "T0CONTOSO", user_id: "U0BOT", bot_id: "B0BOT" }
      : { ok: false, error: "invalid_auth" };
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(request.url === "/openid" ? { jwks_uri: "" } : slack));
  });
  await new Promise<void>((resolve) => chats.listen(0, "127.0.0.1", resolve));
  const address = chats.address();
  chatsUrl = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
});
afterAll(async () => {
  chats.close();
  await azure.close();
  await rm(folder, { recursive: true });
});

function doctor(more: Readonly<Record<string, string>> = {}) {
  const { routing, bot } = azure.credentials;
  return startRoutebot(["doctor"], {
    folder,
    environment: {
      ...completeEnvironment,
      NODE_EXTRA_CA_CERTS: azure.caFile,
      ROUTEBOT_SUBSCRIPTIONS: azure.subscriptions.map(({ id }) => id).join(","),
      AZURE_TENANT_ID: azure.tenantId,
      AZURE_CLIENT_ID: routing.clientId,
      AZURE_CLIENT_SECRET: routing.clientSecret,
      AZURE_AUTHORITY_HOST: azure.url,
      AZURE_RESOURCE_MANAGER_URL: azure.url,
      TEAMS_APP_ID: bot.clientId,
      TEAMS_APP_TENANT_ID: azure.tenantId,
      TEAMS_APP_PASSWORD: bot.clientSecret,
      TEAMS_AUTHORITY_HOST: azure.url,
      TEAMS_OPENID_METADATA_URL: `${chatsUrl}/openid`,
      SLACK_API_URL: `${chatsUrl}/api/`,
      ...more,
    },
  }).ended;
}

const results = (stdout: string) =>
  stdout.split("\n").flatMap((line) => {
    const [, result, name] = /^(ok|failed) +(\S+)/.exec(line) ?? [];
    return result === undefined ? [] : [`${name} ${result}`];
  });

test("finds everything in order, and leaves nothing behind", async () => {
  const before = await readdir(folder);
  const { code, stdout } = await doctor();
  expect(results(stdout)).toEqual(["configuration ok", "store ok", "Azure ok", "Teams ok", "Slack ok"]);
  expect(stdout).toMatch(/Azure .*signed in; .*: \d+ sites, api-version 2025-05-01/);
  expect(code).toBe(0);
  expect(await readdir(folder)).toEqual(before);
});

test("says what is wrong and what to do, goes on with the rest, and fails", async () => {
  const { code, stdout, stderr } = await doctor({
    AZURE_CLIENT_SECRET: "not-the-secret",
    TEAMS_APP_PASSWORD: "not-the-password",
    SLACK_BOT_TOKEN: "xoxb-revoked",
  });
  expect(results(stdout)).toEqual([
    "configuration ok",
    "store ok",
    "Azure failed",
    "Teams failed",
    "Slack failed",
  ]);
  expect(stdout).toContain("`azure-signin` in docs/failures.md");
  expect(stdout).toContain("Check TEAMS_APP_ID, TEAMS_APP_TENANT_ID and TEAMS_APP_PASSWORD");
  expect(stdout).toContain("Slack does not accept SLACK_BOT_TOKEN (invalid_auth)");
  expect(code).toBe(1);
  for (const secret of ["not-the-secret", "not-the-password", "xoxb-revoked"]) {
    expect(stdout + stderr).not.toContain(secret);
  }
});

test("names the workspace when the token is of another one than those allowed", async () => {
  const { code, stdout } = await doctor({ SLACK_TEAM_IDS: "T0OTHER" });
  expect(stdout).toContain("The token belongs to workspace T0CONTOSO, which is not among SLACK_TEAM_IDS");
  expect(code).toBe(1);
});

test("a configuration that is not right is told as serve tells it, and nothing else is tried", async () => {
  const { code, stdout } = await doctor({ ROUTEBOT_PORT: "web" });
  expect(results(stdout)).toEqual(["configuration failed"]);
  expect(stdout).toContain("ROUTEBOT_PORT: is not a port");
  expect(code).toBe(1);
});
