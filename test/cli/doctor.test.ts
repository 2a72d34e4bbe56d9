import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { lockDirectory } from "../../src/adapters/store/embedded/directory-lock.ts";
import { writeMovedMark } from "../../src/adapters/store/embedded/moved-mark.ts";
import { type LocalAzure, startLocalAzure } from "../../src/playground/azure/local-azure.ts";
import { completeEnvironment, completePolicy } from "../config/complete-environment.ts";
import { startRoutebot } from "./run-routebot.ts";

let folder: string;
let azure: LocalAzure;
let chats: Server;
let chatsUrl: string;
let scopes: string;
const allScopes =
  "app_mentions:read,chat:write,commands,im:history,im:write,users:read,channels:read,groups:read,im:read,channels:history,groups:history,files:write";

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
    response.setHeader("x-oauth-scopes", scopes);
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

beforeEach(() => {
  scopes = allScopes;
  azure.reset();
});

function doctor(more: Readonly<Record<string, string>> = {}, words: readonly string[] = []) {
  const { routing, bot } = azure.credentials;
  return startRoutebot(["doctor", ...words], {
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
    const [, result, name] = /^(ok|warning|problem) +(\S+)/.exec(line) ?? [];
    return result === undefined ? [] : [`${name} ${result}`];
  });
const distinct = (stdout: string) => [...new Set(results(stdout))];

const jsonOutput = z.object({
  healthy: z.boolean(),
  findings: z.array(
    z.strictObject({ check: z.string(), result: z.string(), text: z.string(), todo: z.string().optional() }),
  ),
});

test("finds everything in order, and leaves nothing behind", async () => {
  const before = await readdir(folder);
  const { code, stdout } = await doctor();
  expect(distinct(stdout)).toEqual([
    "configuration ok",
    // That it is a local Azure.
    "configuration warning",
    "store ok",
    "Azure ok",
    "clock ok",
    "rights ok",
    "Teams ok",
    "Slack ok",
  ]);
  expect(stdout).toContain("This is a playground");
  expect(stdout).toMatch(/Azure .*signed in; .*: \d+ sites, api-version 2025-05-01/);
  expect(stdout).toContain("changing routing\n");
  expect(stdout).toMatch(/legacy app settings.*: not granted on rg-platform \(an opt-in/);
  expect(code).toBe(0);
  expect(await readdir(folder)).toEqual(before);
  expect(azure.requests().filter(({ method }) => method === "PATCH" || method === "PUT")).toEqual([]);
});

test("says what is wrong and what to do, goes on with the rest, and fails", async () => {
  const { code, stdout, stderr } = await doctor({
    AZURE_CLIENT_SECRET: "not-the-secret",
    TEAMS_APP_PASSWORD: "not-the-password",
    SLACK_BOT_TOKEN: "xoxb-revoked",
  });
  expect(results(stdout)).toEqual(
    expect.arrayContaining([
      "configuration ok",
      "store ok",
      "Azure problem",
      "Teams problem",
      "Slack problem",
    ]),
  );
  expect(stdout).toContain("`azure-signin` in docs/failures.md");
  expect(stdout).toContain("Check TEAMS_APP_ID, TEAMS_APP_TENANT_ID and TEAMS_APP_PASSWORD");
  expect(stdout).toContain("Slack does not accept SLACK_BOT_TOKEN (invalid_auth)");
  expect(code).toBe(1);
  for (const secret of ["not-the-secret", "not-the-password", "xoxb-revoked"]) {
    expect(stdout + stderr).not.toContain(secret);
  }
});

test("names the missing rights by action and scope, and the missing scopes of Slack, as JSON too", async () => {
  scopes = "app_mentions:read,chat:write,commands,im:write,users:read,channels:read";
  azure.setBehaviour({
    withheldActions: [
      "Microsoft.Web/sites/slots/write",
      "Microsoft.Network/virtualNetworks/subnets/join/action",
      "Microsoft.Network/routeTables/read",
    ],
  });
  const { code, stdout } = await doctor({ TEAMS_MISSPELT: "1" }, ["--json"]);
  const { healthy, findings } = jsonOutput.parse(JSON.parse(stdout));
  expect(healthy).toBe(false);
  expect(code).toBe(1);
  const found = findings.map(({ check, result, text }) => `${result} ${check}: ${text}`);
  expect(found).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^warning configuration: TEAMS_MISSPELT/),
      expect.stringMatching(/^problem rights: changing routing: .*sites\/slots\/write on .*rg-shop/),
      expect.stringMatching(/^warning rights: .*subnets\/join\/action on vnet-\S+\/snet-apps/),
      expect.stringMatching(/^ok rights: saying what the network .*not granted/),
      expect.stringMatching(/^problem Slack: The token lacks im:history/),
      expect.stringMatching(/^warning Slack: The token lacks groups:read/),
      expect.stringMatching(/^ok Slack: not granted, an opt-in: channels:history.*files:write/),
    ]),
  );
  expect(findings.every(({ result, todo }) => (todo === undefined) === (result === "ok"))).toBe(true);
});

test("the live test asks, and without an answer sends nothing; with --yes it answers and puts the site back", async () => {
  const before = azure.sites().find(({ name }) => name === "app-x")?.routing;
  const asked = await doctor({}, ["--live", "app-x"]);
  expect(asked.stdout).toMatch(/warning +live +Nothing was sent to app-x/);
  expect(azure.requests().some(({ method }) => method === "PATCH")).toBe(false);

  const { code, stdout } = await doctor({}, ["--live", "app-x", "--yes"]);
  expect(stdout).toMatch(/ok +live +a: PATCH of the whole map is taken/);
  expect(stdout).toMatch(/ok +live +a: the map is merged/);
  expect(stdout).toMatch(/warning +live +d: cannot be told: the identity has Microsoft\.Network/);
  expect(stdout).toMatch(/ok +live +f: managedIdentityTraffic can be written with 2025-05-01/);
  expect(stdout).toMatch(/ok +live +app-x was put back/);
  expect(code).toBe(0);
  expect(azure.sites().find(({ name }) => name === "app-x")?.routing).toEqual(before);
});

test("a store that was moved is a problem, and says where it is", async () => {
  const data = join(folder, "moved");
  await mkdir(data);
  writeMovedMark(data, { state: "done", at: "2026-11-22T12:00:00.000Z", to: "db.example.com/routebot" });
  const { code, stdout } = await doctor({ ROUTEBOT_DATA_DIR: data });
  expect(stdout).toMatch(/^problem +store +.*moved to PostgreSQL \(db\.example\.com\/routebot\)/m);
  expect(code).toBe(1);
  await rm(data, { recursive: true });
});

test("a store that a running Routebot has is left alone, and no problem", async () => {
  const data = join(folder, "in-use");
  await mkdir(join(data, "pg"), { recursive: true });
  const lock = lockDirectory(data);
  try {
    const { code, stdout } = await doctor({ ROUTEBOT_DATA_DIR: data });
    expect(stdout).toMatch(/^warning +store +embedded, .*: a running Routebot has it/m);
    expect(code).toBe(0);
  } finally {
    lock.release();
    await rm(data, { recursive: true });
  }
});

test("names the workspace when the token is of another one than those allowed", async () => {
  const { code, stdout } = await doctor({ SLACK_TEAM_IDS: "T0OTHER" });
  expect(stdout).toContain("The token belongs to workspace T0CONTOSO, which is not among SLACK_TEAM_IDS");
  expect(code).toBe(1);
});

test("a configuration that is not right is told as serve tells it, and nothing else is tried", async () => {
  const { code, stdout } = await doctor({ ROUTEBOT_PORT: "web" });
  expect(results(stdout)).toEqual(["configuration problem"]);
  expect(stdout).toContain("ROUTEBOT_PORT: is not a port");
  expect(code).toBe(1);
});
