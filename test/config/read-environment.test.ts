import { describe, expect, test } from "vitest";
import type { Environment } from "../../src/config/environment.ts";
import { readEnvironment } from "../../src/config/read-environment.ts";
import { completeEnvironment, ids } from "./complete-environment.ts";

const folder = "/srv/routebot";
const read = (environment: Environment) => readEnvironment(environment, folder);
const without = (...names: readonly string[]): Environment =>
  Object.fromEntries(Object.entries(completeEnvironment).filter(([name]) => !names.includes(name)));
const problemsOf = (environment: Environment) =>
  read(environment).problems.map(({ name, message }) => `${name}: ${message}`);

describe("a right environment", () => {
  test("gives each adapter its settings, with the documented defaults", () => {
    expect(read(completeEnvironment)).toMatchObject({ problems: [], warnings: [] });
    expect(read(completeEnvironment).settings).toEqual({
      http: { host: "127.0.0.1", port: 3978 },
      azure: {
        resourceManagerUrl: "https://management.azure.com",
        tenantId: ids.tenant,
        managedIdentityClientId: ids.app,
        subscriptions: [ids.subscription],
        apiVersion: "2025-05-01",
      },
      teams: {
        appId: ids.app,
        appType: "SingleTenant",
        tenantId: ids.tenant,
        password: "teams-app-password",
        authorityHost: "https://login.microsoftonline.com",
        openIdMetadataUrl: "https://login.botframework.com/v1/.well-known/openidconfiguration",
        tokenIssuer: "https://api.botframework.com",
        serviceHosts: ["smba.trafficmanager.net", "smba.infra.gcc.teams.microsoft.com"],
        serviceUrl: "https://smba.trafficmanager.net/teams/",
        allowedTenants: [ids.tenant],
        ownTenantTokens: "refused",
        anonymous: "refused",
      },
      slack: {
        botToken: "xoxb-slack-bot-token",
        apiUrl: "https://slack.com/api/",
        teamIds: ["T0CONTOSO"],
        mode: { kind: "http", signingSecret: "slack-signing-secret" },
      },
      store: { kind: "embedded", directory: "/srv/routebot/.routebot" },
      policyFile: "/srv/routebot/routebot.yaml",
      audit: {
        key: { kind: "file", path: "/srv/routebot/.routebot/audit-key.pem", make: true },
        everyMs: 600_000,
        everyRecords: 100,
      },
      keepMessagesMs: 30 * 24 * 3600_000,
      graphUrl: "https://graph.microsoft.com",
      limits: {},
      admission: { messagesPerMinute: 30, clicksPerMinute: 60 },
      logLevel: "info",
      standby: false,
      stopOnStdinEnd: false,
    });
  });

  test("signs the audit with one key for all replicas, and says so where there is none", () => {
    const postgres = { ...completeEnvironment, DATABASE_URL: "postgres://db/routebot" };
    const { settings, warnings } = read(postgres);
    expect(settings?.audit.key).toBe("off");
    expect(warnings).toEqual([expect.stringContaining("The audit is not signed")]);
    expect(read({ ...postgres, ROUTEBOT_AUDIT_KEY: "QUJD" })).toMatchObject({
      settings: { audit: { key: { kind: "value", base64: "QUJD" } } },
      warnings: [],
    });
    const anchored = {
      ROUTEBOT_AUDIT_KEY_FILE: "keys/audit.pem",
      ROUTEBOT_AUDIT_ANCHOR_FILE: "/mnt/anchor/routebot.jsonl",
      ROUTEBOT_AUDIT_ANCHOR_EVERY: "1h",
      ROUTEBOT_AUDIT_ANCHOR_RECORDS: "10",
    };
    expect(read({ ...postgres, ...anchored }).settings?.audit).toEqual({
      key: { kind: "file", path: "/srv/routebot/keys/audit.pem", make: false },
      anchorFile: "/mnt/anchor/routebot.jsonl",
      everyMs: 3600_000,
      everyRecords: 10,
    });
  });

  test.each([
    [{ ROUTEBOT_AUDIT_KEY: "QUJD", ROUTEBOT_AUDIT_KEY_FILE: "key.pem" }, "is a second key"],
    [{ ROUTEBOT_AUDIT_ANCHOR_FILE: ".routebot/anchor.jsonl" }, "is inside the data folder"],
    [
      { ROUTEBOT_AUDIT_ANCHOR_FILE: "anchor.jsonl", DATABASE_URL: "postgres://db/routebot" },
      "without a key nothing can be written",
    ],
    [{ ROUTEBOT_AUDIT_KEY: "-----BEGIN" }, "is no base64"],
  ])("an audit that would prove nothing is refused: %j", (more, message) => {
    expect(problemsOf({ ...completeEnvironment, ...more })).toEqual([expect.stringContaining(message)]);
  });

  test("listens to the whole network only where App Service needs it, or when told to", () => {
    expect(read({ ...completeEnvironment, WEBSITE_SITE_NAME: "routebot" }).settings?.http.host).toBe(
      "0.0.0.0",
    );
    expect(read({ ...completeEnvironment, ROUTEBOT_HOST: "0.0.0.0" }).settings?.http.host).toBe("0.0.0.0");
    expect(
      read({ ...completeEnvironment, ROUTEBOT_HOST: "127.0.0.1", WEBSITE_SITE_NAME: "routebot" }).settings
        ?.http.host,
    ).toBe("127.0.0.1");
  });

  test("knows on App Service which site it is, and elsewhere that it is none", () => {
    expect(read(completeEnvironment).settings).not.toHaveProperty("ownSite");
    const surroundings = {
      WEBSITE_SITE_NAME: "routebot",
      WEBSITE_RESOURCE_GROUP: "rg-bots",
      WEBSITE_OWNER_NAME: "11111111-1111-4111-8111-111111111111+rg-bots-WestEuropewebspace-Linux",
    };
    expect(read({ ...completeEnvironment, ...surroundings }).settings?.ownSite).toEqual({
      site: "routebot",
      resourceGroup: "rg-bots",
      subscriptionId: "11111111-1111-4111-8111-111111111111",
    });
  });

  test("takes how many sites one request may name", () => {
    expect(read({ ...completeEnvironment, ROUTEBOT_MAX_SITES: "3" }).settings?.limits).toEqual({
      maxSites: 3,
    });
  });

  test("takes the port of App Service, and ROUTEBOT_PORT before it", () => {
    expect(read({ ...completeEnvironment, PORT: "8080" }).settings?.http.port).toBe(8080);
    expect(read({ ...completeEnvironment, PORT: "8080", ROUTEBOT_PORT: "0" }).settings?.http.port).toBe(0);
  });

  test("switches a platform off when its first variable is missing, and never half on", () => {
    const slackOnly = without("TEAMS_APP_ID", "TEAMS_APP_TENANT_ID", "TEAMS_APP_PASSWORD");
    expect(read(slackOnly).settings).toMatchObject({ teams: "off", slack: { teamIds: ["T0CONTOSO"] } });
    const teamsOnly = without("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_TEAM_IDS");
    expect(read(teamsOnly).settings).toMatchObject({ slack: "off", teams: { appId: ids.app } });
  });

  test("counts an empty variable as not set", () => {
    expect(
      read({ ...completeEnvironment, TEAMS_ALLOW_ANONYMOUS: "", AZURE_AUTHORITY_HOST: "  " }).settings,
    ).toEqual(read(completeEnvironment).settings);
  });

  test("takes a client secret in place of a managed identity", () => {
    const azure = read({ ...completeEnvironment, AZURE_CLIENT_SECRET: "client-secret" }).settings?.azure;
    expect(azure).not.toHaveProperty("managedIdentityClientId");
  });

  test("takes Socket Mode with an app token and without a signing secret", () => {
    const socket = {
      ...without("SLACK_SIGNING_SECRET"),
      SLACK_SOCKET_MODE: "true",
      SLACK_APP_TOKEN: "xapp-1-token",
    };
    expect(read(socket).settings?.slack).toMatchObject({
      mode: { kind: "socket", appToken: "xapp-1-token" },
    });
  });

  test("takes the flow's time limits, those that were given", () => {
    const limits = read({ ...completeEnvironment, ROUTEBOT_VERIFY_WITHIN: "5s", ROUTEBOT_RETRY_WITHIN: "1h" })
      .settings?.limits;
    expect(limits).toEqual({ verifyWithinMs: 5_000, retryWithinMs: 3_600_000 });
  });

  test("takes plain http on this machine, and service hosts with ports", () => {
    const local = read({
      ...completeEnvironment,
      AZURE_RESOURCE_MANAGER_URL: "http://127.0.0.1:7001",
      AZURE_AUTHORITY_HOST: "https://localhost:7002/",
      TEAMS_AUTHORITY_HOST: "http://[::1]:7003",
      TEAMS_OPENID_METADATA_URL: "http://127.0.0.1:7003/openid",
      SLACK_API_URL: "http://localhost:7004/slack/api",
      TEAMS_SERVICE_HOSTS: "smba.trafficmanager.net, 127.0.0.1:7005,http://localhost:7006",
    });
    expect(local.problems).toEqual([]);
    expect(local.settings).toMatchObject({
      azure: { resourceManagerUrl: "http://127.0.0.1:7001", authorityHost: "https://localhost:7002" },
      teams: {
        authorityHost: "http://[::1]:7003",
        serviceHosts: ["smba.trafficmanager.net", "127.0.0.1:7005", "localhost:7006"],
      },
      slack: { apiUrl: "http://localhost:7004/slack/api/" },
    });
  });
});

describe("a wrong environment", () => {
  test("is told all at once, each with the name and what to do", () => {
    const problems = problemsOf({
      ROUTEBOT_PORT: "70000",
      ROUTEBOT_LOG_LEVEL: "loud",
      TEAMS_APP_ID: "my bot",
      SLACK_BOT_TOKEN: "xoxp-a-user-token",
    });
    expect(problems).toHaveLength(9);
    expect(problems).toEqual(
      expect.arrayContaining([
        "ROUTEBOT_PORT: is not a port; give a whole number from 0 to 65535 (0 takes any free one)",
        "ROUTEBOT_LOG_LEVEL: is no log level; give one of debug, info, warn, error",
        expect.stringMatching(/^TEAMS_APP_ID: is not a GUID; give/),
        expect.stringMatching(/^TEAMS_APP_TENANT_ID: is missing; give/),
        expect.stringMatching(/^TEAMS_APP_PASSWORD: is missing; /),
        expect.stringMatching(/^SLACK_BOT_TOKEN: is not a bot token; it has to start with xoxb-/),
        expect.stringMatching(/^SLACK_TEAM_IDS: is missing; give/),
        expect.stringMatching(/^SLACK_SIGNING_SECRET: is missing; /),
        expect.stringMatching(/^ROUTEBOT_SUBSCRIPTIONS: is missing; list/),
      ]),
    );
    expect(read({ ROUTEBOT_PORT: "70000" }).settings).toBeUndefined();
  });

  test.each<[string, Environment, string]>([
    [
      "no platform",
      without(...Object.keys(completeEnvironment).filter((name) => /^(TEAMS|SLACK)_/.test(name))),
      "TEAMS_APP_ID, SLACK_BOT_TOKEN: are both missing",
    ],
    [
      "half of Teams",
      without("TEAMS_APP_ID"),
      "TEAMS_APP_ID: is missing, although TEAMS_APP_TENANT_ID, TEAMS_APP_PASSWORD are set",
    ],
    [
      "half of Slack",
      without("SLACK_BOT_TOKEN"),
      "SLACK_BOT_TOKEN: is missing, although SLACK_SIGNING_SECRET, SLACK_TEAM_IDS are set",
    ],
    [
      "a password with a managed identity",
      { ...completeEnvironment, TEAMS_APP_TYPE: "UserAssignedMSI" },
      "TEAMS_APP_PASSWORD: is not used by a UserAssignedMSI app",
    ],
    [
      "anonymous for everybody",
      { ...completeEnvironment, TEAMS_ALLOW_ANONYMOUS: "yes" },
      "TEAMS_ALLOW_ANONYMOUS: can only be loopback",
    ],
    [
      "a memory for messages that is shorter than a token is good for",
      { ...completeEnvironment, ROUTEBOT_KEEP_MESSAGES: "30m" },
      "ROUTEBOT_KEEP_MESSAGES: is too short",
    ],
    [
      "http to ARM",
      { ...completeEnvironment, AZURE_RESOURCE_MANAGER_URL: "http://management.azure.com" },
      "AZURE_RESOURCE_MANAGER_URL: is not encrypted",
    ],
    [
      "http to a name that only looks local",
      { ...completeEnvironment, SLACK_API_URL: "http://localhost.example.com/" },
      "SLACK_API_URL: is not encrypted",
    ],
    [
      "http service host",
      { ...completeEnvironment, TEAMS_SERVICE_HOSTS: "http://smba.example.com" },
      "TEAMS_SERVICE_HOSTS: is not encrypted",
    ],
    [
      "service URL at a host that is not listed",
      { ...completeEnvironment, TEAMS_SERVICE_URL: "https://smba.example.com/teams" },
      "TEAMS_SERVICE_URL: is at a host that TEAMS_SERVICE_HOSTS does not list",
    ],
    [
      "credentials in an address",
      { ...completeEnvironment, SLACK_API_URL: "https://user:pw@slack.com/api/" },
      "SLACK_API_URL: holds a user name or password",
    ],
    [
      "a path where only a host belongs",
      { ...completeEnvironment, AZURE_AUTHORITY_HOST: "https://login.example.com/tenant" },
      "AZURE_AUTHORITY_HOST: holds a path",
    ],
    [
      "no web address",
      { ...completeEnvironment, TEAMS_OPENID_METADATA_URL: "file:///etc/passwd" },
      "TEAMS_OPENID_METADATA_URL: is not a web address",
    ],
    [
      "two stores",
      { ...completeEnvironment, DATABASE_URL: "postgres://db/x", ROUTEBOT_DATA_DIR: "data" },
      "ROUTEBOT_DATA_DIR: is for the embedded store",
    ],
    [
      "another database",
      { ...completeEnvironment, DATABASE_URL: "mysql://db/x" },
      "DATABASE_URL: is not a PostgreSQL address",
    ],
    [
      "an api-version that is none",
      { ...completeEnvironment, ROUTEBOT_ARM_API_VERSION: "latest" },
      "ROUTEBOT_ARM_API_VERSION: is not an api-version",
    ],
    [
      "a client secret alone",
      { ...without("AZURE_CLIENT_ID"), AZURE_CLIENT_SECRET: "secret" },
      "AZURE_CLIENT_ID: is missing",
    ],
    [
      "an app token without Socket Mode",
      { ...completeEnvironment, SLACK_APP_TOKEN: "xapp-1" },
      "SLACK_APP_TOKEN: is only for Socket Mode",
    ],
    [
      "Socket Mode without an app token",
      { ...completeEnvironment, SLACK_SOCKET_MODE: "1" },
      "SLACK_APP_TOKEN: is missing",
    ],
    [
      "a list of nothing",
      { ...completeEnvironment, ROUTEBOT_SUBSCRIPTIONS: " , " },
      "ROUTEBOT_SUBSCRIPTIONS: holds no value",
    ],
    [
      "one bad id in a list",
      { ...completeEnvironment, ROUTEBOT_SUBSCRIPTIONS: `${ids.subscription},prod` },
      "ROUTEBOT_SUBSCRIPTIONS: is not a GUID",
    ],
    [
      "a line break after a secret",
      { ...completeEnvironment, SLACK_SIGNING_SECRET: "secret\n" },
      "SLACK_SIGNING_SECRET: holds white space",
    ],
    [
      "a misspelt name of ours",
      { ...completeEnvironment, ROUTEBOT_SUBSCRIPTION: "x" },
      "ROUTEBOT_SUBSCRIPTION: is not known",
    ],
  ])("%s is one problem", (_, environment, expected) => {
    const problems = problemsOf(environment);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(expected);
    expect(read(environment).settings).toBeUndefined();
  });

  test("other tools may have variables of their own, which is only mentioned", () => {
    const { settings, warnings } = read({
      ...completeEnvironment,
      SLACK_WEBHOOK_URL: "https://hooks.slack.com/x",
    });
    expect(settings).toBeDefined();
    expect(warnings).toEqual(["SLACK_WEBHOOK_URL is not known to Routebot and does nothing."]);
  });
});
