import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readEnvironment } from "../../src/config/read-environment.ts";
import { botEnvironment } from "../../src/playground/bot/bot-environment.ts";
import { startTinyPlayground, type TinyPlayground } from "../support/tiny-playground.ts";

/** A playground and production are kept apart: in what the bot is told, and in who can reach it. */

const id = "6a1f0c1e-5d0a-4c5b-9a38-2f6f0e9b7d11";
const client = { clientId: id, clientSecret: "made-for-this-playground" };
const surroundings = {
  botPort: 3978,
  auditAnchor: "audit-anchor.jsonl",
  dataDirectory: "bot",
  policyFile: "policy.yaml",
  azure: {
    url: "https://localhost:8443",
    caFile: "ca.pem",
    tenantId: id,
    subscriptions: [{ id }],
    credentials: { routing: client, bot: client, stepUp: client },
  },
  teams: { openIdUrl: "http://127.0.0.1:4001/openid", serviceUrl: "http://127.0.0.1:4001/teams/" },
  slack: {
    apiUrl: "http://127.0.0.1:4002/api/",
    botToken: "xoxb-playground",
    appToken: "xapp-playground",
    signingSecret: "made-here",
    transport: "http",
  },
  anonymousTeams: false,
} as const;

/** What somebody who runs Routebot in production may have in their shell. */
const own = {
  PATH: "/usr/bin",
  HOME: "somewhere",
  AZURE_CLIENT_SECRET: "real-azure-secret",
  AZURE_TENANT_ID: "real-tenant",
  AZURE_FEDERATED_TOKEN_FILE: "/real/token",
  AZURE_RESOURCE_MANAGER_URL: "https://management.azure.com",
  IDENTITY_ENDPOINT: "http://real-identity",
  DATABASE_URL: "postgres://real:password@production/routebot",
  SLACK_BOT_TOKEN: "xoxb-real",
  SLACK_API_URL: "https://slack.com/api/",
  TEAMS_APP_PASSWORD: "real-teams-password",
  TEAMS_SERVICE_HOSTS: "smba.trafficmanager.net",
  ROUTEBOT_HOST: "0.0.0.0",
  ROUTEBOT_SUBSCRIPTIONS: "real-subscription",
  ROUTEBOT_POLICY_FILE: "/real/policy.yaml",
  ROUTEBOT_AUDIT_KEY: "cmVhbC1rZXk=",
  NODE_OPTIONS: "--require /real/agent.js",
};

describe("the bot of a playground", () => {
  test("gets nothing of its owner's real credentials and addresses", () => {
    const given = Object.values(botEnvironment(surroundings, own));
    for (const [name, value] of Object.entries(own)) {
      if (name !== "PATH" && name !== "HOME") expect(given).not.toContain(value);
    }
  });

  test.each([false, true])(
    "is a configuration without a problem that says what it is (anonymous Teams: %s)",
    (anonymousTeams) => {
      const environment = botEnvironment({ ...surroundings, anonymousTeams }, own);
      const { problems, warnings, settings } = readEnvironment(environment, "/srv");
      expect(problems).toEqual([]);
      expect(warnings).toContainEqual(expect.stringContaining("This is a playground"));
      expect(settings?.http.host).toBe("127.0.0.1");
    },
  );
});

test.each([
  [
    "a real Azure and tokens of nobody",
    { ...own, TEAMS_ALLOW_ANONYMOUS: "loopback" },
    "TEAMS_ALLOW_ANONYMOUS",
  ],
  ["the real Slack", { SLACK_API_URL: own.SLACK_API_URL }, "AZURE_RESOURCE_MANAGER_URL"],
  ["the database of production", { DATABASE_URL: own.DATABASE_URL }, "ROUTEBOT_DATA_DIR"],
])("its configuration beside %s starts nothing", (_, real, named) => {
  const { problems } = readEnvironment({ ...botEnvironment(surroundings, {}), ...real }, "/srv");
  expect(problems.map(({ name }) => name)).toContain(named);
});

describe("from outside", () => {
  let tiny: TinyPlayground;
  beforeAll(async () => {
    tiny = await startTinyPlayground();
  });
  afterAll(() => tiny?.stop());

  /** Another address of the same machine, which a server that listens on all of them answers at. */
  function reach(port: string, host: string): Promise<"reached" | "refused"> {
    return new Promise((resolve) => {
      const socket = connect({ port: Number(port), host });
      socket.once("connect", () => {
        socket.destroy();
        resolve("reached");
      });
      socket.once("error", () => resolve("refused"));
    });
  }

  test("nothing of it can be reached: the page, Azure and both chats listen on 127.0.0.1 alone", async () => {
    const { pageUrl, azure, teamsServiceUrl, slackApiUrl } = tiny.playground;
    for (const url of [pageUrl, azure.url, teamsServiceUrl, slackApiUrl]) {
      const { port } = new URL(url);
      expect([url, await reach(port, "127.0.0.1")]).toEqual([url, "reached"]);
      expect([url, await reach(port, "127.0.0.2")]).toEqual([url, "refused"]);
    }
  });

  test("the page says what it is, in its title and its words", async () => {
    const html = await (await tiny.call("GET", "/")).text();
    expect(html).toMatch(/<title>Routebot playground<\/title>/);
  });
});
