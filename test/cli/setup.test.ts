import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { type LocalAzure, startLocalAzure } from "../../src/playground/azure/local-azure.ts";
import { ids } from "../config/complete-environment.ts";
import { startRoutebot } from "./run-routebot.ts";

const scopes =
  "app_mentions:read,chat:write,commands,im:history,im:write,users:read,channels:read,groups:read,im:read";
const botToken = "xoxb-local-bot-token";

let shared: string;
let folder: string;
let azure: LocalAzure;
let chats: Server;
let chatsUrl: string;

beforeAll(async () => {
  shared = await mkdtemp(join(tmpdir(), "routebot-setup-azure-"));
  azure = await startLocalAzure({ port: 0, directory: shared });
  // What is asked of Slack and of the Bot Connector at a check and at a start, and nothing else.
  chats = createServer((request, response) => {
    const known = request.headers.authorization === `Bearer ${botToken}`;
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
  await rm(shared, { recursive: true });
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "routebot-setup-"));
});
afterEach(() => rm(folder, { recursive: true }));

const secrets = { SLACK_SIGNING_SECRET: "local-signing-secret", SLACK_BOT_TOKEN: botToken };

/** Right answers for the local services; secrets come from the environment. */
function answers(): Record<string, unknown> {
  const { routing, bot } = azure.credentials;
  return {
    place: "host",
    chats: "both",
    signIn: "secret",
    ROUTEBOT_SUBSCRIPTIONS: azure.subscriptions.map(({ id }) => id),
    AZURE_TENANT_ID: azure.tenantId,
    AZURE_CLIENT_ID: routing.clientId,
    AZURE_AUTHORITY_HOST: azure.url,
    AZURE_RESOURCE_MANAGER_URL: azure.url,
    TEAMS_APP_ID: bot.clientId,
    TEAMS_APP_TENANT_ID: azure.tenantId,
    TEAMS_AUTHORITY_HOST: azure.url,
    TEAMS_OPENID_METADATA_URL: `${chatsUrl}/openid`,
    slackConnection: "http",
    SLACK_TEAM_IDS: "T0CONTOSO",
    SLACK_API_URL: `${chatsUrl}/api/`,
    ROUTEBOT_PORT: 0,
    host: "routebot.example.com",
    people: [
      { name: "Ana Alvarez", teams: ids.ana, slack: "U0ANA" },
      { name: "Ben Becker", id: "ben", teams: ids.ben, slack: "T0CONTOSO/U0BEN", may: "approve" },
      { name: "Anä Other", teams: ids.app, slack: "U0OTHER", may: "request" },
    ],
    rule: { resourceGroups: "rg-shop,rg-pay*", quorum: 2 },
  };
}

async function setup(given: Record<string, unknown>, words: readonly string[] = [], more = {}) {
  await writeFile(join(folder, "answers.yaml"), stringify(given));
  return startRoutebot(["setup", "--answers", "answers.yaml", ...words], {
    folder,
    environment: {
      ...secrets,
      AZURE_CLIENT_SECRET: azure.credentials.routing.clientSecret,
      TEAMS_APP_PASSWORD: azure.credentials.bot.clientSecret,
      NODE_EXTRA_CA_CERTS: azure.caFile,
      ...more,
    },
  }).ended;
}
const file = (name: string) => readFile(join(folder, name), "utf8");
const bare = () => ({ NODE_EXTRA_CA_CERTS: azure.caFile });

describe("from answers in a file", () => {
  test("the files are made, and the doctor finds them right", async () => {
    const { code, stdout, stderr } = await setup(answers());
    expect(stderr).toBe("");
    for (const check of ["configuration", "store", "Azure", "clock", "rights", "Teams", "Slack"])
      expect(stdout).toMatch(new RegExp(`^ok +${check} `, "m"));
    expect(stdout).not.toMatch(/^(problem|unchecked)/m);
    expect(code).toBe(0);
    expect(stdout).toContain("manifest slack --host routebot.example.com");
    expect(stdout).toContain("https://routebot.example.com/api/messages");

    const { routing, bot } = azure.credentials;
    const environment = await file(".env");
    for (const secret of [botToken, routing.clientSecret, bot.clientSecret, secrets.SLACK_SIGNING_SECRET]) {
      expect(environment).toContain(secret);
      expect(stdout + stderr).not.toContain(secret);
    }
    expect((await stat(join(folder, ".env"))).mode & 0o777).toBe(0o600);
    const policy = await file("routebot.yaml");
    expect(policy).toContain("  - id: ana\n    name: Ana Alvarez\n");
    expect(policy).toContain("id: ana2");
    expect(policy).toContain("resourceGroups: [rg-shop, rg-pay*]");
    expect(policy).toContain("request: [ana, ana2]");
    expect(policy).toContain("approve: [ana, ben]");
    expect(policy).toContain("stop: [ana, ben]");
  });

  test("the bot starts with them", async () => {
    expect(await setup(answers(), ["--no-check"])).toMatchObject({ code: 0, stderr: "" });
    const serving = startRoutebot(["serve", "--env", ".env"], { folder, environment: bare() });
    const line = await serving.errorLine(/"listening"/);
    const url = /"url":"([^"]+)"/.exec(line)?.[1];
    const ready = await fetch(`${url}/readyz`);
    expect(await ready.json()).toMatchObject({ status: "ready" });
    serving.signal("SIGTERM");
    expect(await serving.ended).toMatchObject({ code: 0 });
  });

  test("what the doctor finds wrong is told, and is the exit code", async () => {
    const { code, stdout } = await setup(answers(), [], { SLACK_BOT_TOKEN: "xoxb-revoked" });
    expect(stdout).toContain("Slack does not accept SLACK_BOT_TOKEN (invalid_auth)");
    expect(stdout).toContain("What is left to do");
    expect(code).toBe(1);
  });

  test("wrong answers are told all at once, and nothing is written", async () => {
    const { code, stdout, stderr } = await setup(
      {
        ...answers(),
        AZURE_TENANT_ID: "not a tenant",
        SLACK_TEAM_IDS: "contoso",
        SLACK_APP_TOKEN: "hunter2-hunter2",
        hots: "routebot.example.com",
        people: [
          { name: "Ana", teams: "ana@contoso.com", may: "both" },
          { name: "Ben", id: "ANA", slack: "@ben" },
        ],
        rule: { quorum: 3, aprove: "ana" },
      },
      [],
      { PATH: "", SLACK_SIGNING_SECRET: "" },
    );
    expect(stdout).not.toContain("Written");
    expect(stderr.split("\n").slice(1, -1)).toEqual([
      expect.stringMatching(/^ {2}AZURE_TENANT_ID: That is not a tenant; give its id/),
      expect.stringMatching(
        /^ {2}SLACK_SIGNING_SECRET: is missing .* it may be set as an environment variable/,
      ),
      expect.stringMatching(/^ {2}SLACK_TEAM_IDS: That is not a Slack team id/),
      expect.stringMatching(
        /^ {2}people\[0\]\.teams: That address cannot be looked up here; .* az ad user show/,
      ),
      expect.stringMatching(/^ {2}people\[1\]\.id: Somebody else has that id/),
      expect.stringMatching(/^ {2}people\[1\]\.slack: That is not a Slack account/),
      expect.stringMatching(/^ {2}rule\.quorum: That is more than the 2 approvers/),
      expect.stringMatching(/^ {2}rule\.aprove: is not asked for/),
      expect.stringMatching(/^ {2}hots: is not asked for with these answers \(did you mean host\?\)/),
    ]);
    expect(stderr).not.toContain("hunter2");
    expect(code).toBe(1);
    await expect(file(".env")).rejects.toThrow();
    await expect(file("routebot.yaml")).rejects.toThrow();
  });

  test("a choice that there is not ends the questions", async () => {
    expect(await setup({ ...answers(), place: "hosts" })).toMatchObject({
      code: 1,
      stderr:
        "The answers are not right:\n  place: is none of host, container, app-service (did you mean host?); give one of them\n",
    });
  });

  test("files that are there are shown and kept, until they may be replaced; what no question is about stays", async () => {
    const given = answers();
    await writeFile(
      join(folder, ".env"),
      `ROUTEBOT_LOG_LEVEL=warn\nSLACK_APP_TOKEN=xapp-old-token\nSLACK_BOT_TOKEN=xoxb-old-token\nOTHER='a b'\n`,
    );
    const first = await setup(given, ["--no-check"]);
    expect(first.code).toBe(1);
    expect(first.stderr).toContain("was kept, and nothing was written; --overwrite replaces it.");
    expect(first.stdout).toContain("- SLACK_APP_TOKEN=(a secret)\n~ SLACK_BOT_TOKEN: another secret\n");
    expect(first.stdout).toContain(`+ TEAMS_APP_ID=${azure.credentials.bot.clientId}`);
    expect(first.stdout + first.stderr).not.toMatch(/old-token|local-bot-token/);
    expect(await file(".env")).toContain("xoxb-old-token");

    expect(await setup(given, ["--no-check", "--overwrite"])).toMatchObject({ code: 0 });
    const environment = await file(".env");
    expect(environment).toContain("ROUTEBOT_LOG_LEVEL=warn\n");
    expect(environment).toContain("OTHER='a b'\n");
    expect(environment).not.toContain("old-token");

    // The same once more, with the policy kept and the secrets taken from the file.
    const { people: _, rule: __, ...again } = given;
    const rule = { resourceGroups: "rg-shop,rg-pay*" };
    const before = [environment, await file("routebot.yaml")];
    const third = await setup(again, ["--no-check"], { SLACK_BOT_TOKEN: "", SLACK_SIGNING_SECRET: "" });
    expect(third).toMatchObject({ code: 0, stderr: "" });
    expect(third.stdout).not.toContain("there already");
    expect([await file(".env"), await file("routebot.yaml")]).toEqual(before);

    // People in the answers mean the policy that they make, which is the one that is there.
    expect(await setup(given, ["--no-check"])).toMatchObject({ code: 0, stderr: "" });
    const fifth = await setup({ ...given, rule: { ...rule, quorum: 1 } }, ["--no-check"]);
    expect(fifth.stdout).toContain("-     quorum: 2\n+     quorum: 1\n");
    expect(fifth.code).toBe(1);
  });

  test("a chat that is off leaves nothing behind", async () => {
    await setup(answers(), ["--no-check"]);
    const { people: _, rule: __, ...given } = answers();
    const slackOnly = Object.fromEntries(
      Object.entries(given).filter(([name]) => !name.startsWith("TEAMS_")),
    );
    const { code, stdout } = await setup({ ...slackOnly, chats: "slack" }, ["--no-check", "--overwrite"]);
    expect(stdout).toContain("- TEAMS_APP_PASSWORD=(a secret)");
    expect(code).toBe(0);
    expect(await file(".env")).not.toContain("TEAMS_");
  });

  test("in a container, what only it has is not held against this machine", async () => {
    const { code, stdout } = await setup({ ...answers(), place: "container" });
    expect(stdout).toMatch(/^unchecked +store +the folder is one of the container/m);
    expect(stdout).toContain("docker run --env-file .env");
    expect(await file(".env")).toContain("ROUTEBOT_DATA_DIR=/data\n");
    expect(code).toBe(0);
  });

  test("a managed identity cannot be tried from elsewhere, which is said", async () => {
    const { AZURE_TENANT_ID: _, ...given } = answers();
    const { code, stdout } = await setup({
      ...given,
      signIn: "managed-identity",
      TEAMS_APP_TYPE: "UserAssignedMSI",
      store: "postgres",
      ROUTEBOT_DATABASE_AUTH: "entra",
      DATABASE_URL: "postgres://routebot@127.0.0.1:1/routebot",
    });
    expect(stdout).toMatch(/^unchecked +Azure +needs the managed identity/m);
    expect(stdout).toMatch(/^unchecked +Teams +needs the managed identity/m);
    // The database is on this machine, and nobody is there.
    expect(stdout).toMatch(/^problem +store /m);
    expect(code).toBe(1);
    expect((await stat(join(folder, "audit-key.pem"))).mode & 0o777).toBe(0o600);
    expect(await file(".env")).not.toContain("AZURE_CLIENT_SECRET");
  });

  test("for App Service there is a policy file, and the commands that set the parameters of infra/", async () => {
    const { people, rule } = answers();
    const { code, stdout } = await setup({
      place: "app-service",
      chats: "both",
      targetGroups: "rg-shop, rg-pay",
      databaseAdminId: ids.ana,
      databaseAdminName: "Database administrators",
      SLACK_TEAM_IDS: "T0CONTOSO",
      people,
      rule,
    });
    expect(code).toBe(0);
    expect(stdout).toContain("azd env new production\n");
    expect(stdout).toContain("azd env set ROUTEBOT_TARGET_GROUPS rg-shop,rg-pay\n");
    expect(stdout).toContain("azd env set ROUTEBOT_DATABASE_ADMIN_NAME 'Database administrators'\n");
    expect(stdout).toMatch(/^unchecked +everything +there is nothing to try before it is deployed/m);
    await expect(file(".env")).rejects.toThrow();
    const parameters = JSON.parse(
      await readFile(new URL("../../infra/main.parameters.json", import.meta.url), "utf8"),
    );
    const set = [...stdout.matchAll(/azd env set (\w+)/g)].map(([, name]) => name);
    const known = JSON.stringify(parameters);
    expect(set.length).toBeGreaterThan(4);
    for (const name of set) expect(known).toContain(`\${${name}`);
  });
});

test("without a terminal and without answers it says what is missing", async () => {
  const running = startRoutebot(["setup"], { folder });
  running.endInput();
  expect(await running.ended).toEqual({
    code: 1,
    stdout: "",
    stderr: "setup asks questions and needs a terminal; without one, give --answers FILE.\n",
  });
});

test("--env reads a file before anything else, what is set already stays, and a missing file is said", async () => {
  await writeFile(join(folder, "a.env"), "ROUTEBOT_PORT=no\nROUTEBOT_LOG_LEVEL=loud\n");
  const { stderr } = await startRoutebot(["serve", "--env", "a.env"], {
    folder,
    environment: { ROUTEBOT_LOG_LEVEL: "info" },
  }).ended;
  expect(stderr).toContain("ROUTEBOT_PORT: is not a port");
  expect(stderr).not.toContain("ROUTEBOT_LOG_LEVEL");
  const missing = await startRoutebot(["serve", "--env", "b.env"], { folder }).ended;
  expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining("b.env cannot be read") });
});
