import { describe, expect, test } from "vitest";
import type { Environment } from "../../src/config/environment.ts";
import { readEnvironment } from "../../src/config/read-environment.ts";
import { completeEnvironment } from "./complete-environment.ts";

const localAzure = { AZURE_RESOURCE_MANAGER_URL: "https://localhost:8443" } as const;
const localChats = {
  TEAMS_OPENID_METADATA_URL: "http://127.0.0.1:7001/openid",
  SLACK_API_URL: "http://127.0.0.1:7002/api/",
} as const;
const anonymous = { TEAMS_ALLOW_ANONYMOUS: "loopback" } as const;

function read(more: Environment) {
  const { problems, warnings, settings } = readEnvironment({ ...completeEnvironment, ...more }, "/srv");
  return { problems: problems.map(({ name, message }) => `${name}: ${message}`), warnings, settings };
}

describe("a playground and production", () => {
  test("are told apart: what is local says so at every start", () => {
    const playground = read({ ...localAzure, ...localChats });
    expect(playground.problems).toEqual([]);
    expect(playground.warnings).toEqual([expect.stringMatching(/^This is a playground: /)]);
    expect(read({})).toMatchObject({ problems: [], warnings: [] });
  });

  test.each([
    ["Slack", { ...localAzure, TEAMS_OPENID_METADATA_URL: localChats.TEAMS_OPENID_METADATA_URL }],
    ["Teams", { ...localAzure, SLACK_API_URL: localChats.SLACK_API_URL }],
  ])("are not mixed: a local Azure beside the real %s starts nothing", (chat, environment) => {
    const { problems, settings } = read(environment);
    expect(problems).toEqual([
      expect.stringMatching(
        new RegExp(`^AZURE_RESOURCE_MANAGER_URL: is a local Azure, but ${chat} is the real`),
      ),
    ]);
    expect(settings).toBeUndefined();
  });

  test("a chat that is off need not be local", () => {
    const {
      TEAMS_APP_ID: _,
      TEAMS_APP_TENANT_ID: __,
      TEAMS_APP_PASSWORD: ___,
      ...slackAlone
    } = completeEnvironment;
    const { problems } = readEnvironment(
      { ...slackAlone, ...localAzure, SLACK_API_URL: localChats.SLACK_API_URL },
      "/srv",
    );
    expect(problems).toEqual([]);
  });

  test.each(["TEAMS_OPENID_METADATA_URL", "SLACK_API_URL", "ROUTEBOT_GRAPH_URL"])(
    "%s on this machine beside a real Azure is said, since it is believed about people",
    (name) => {
      const { problems, warnings } = read({ [name]: "https://localhost:7001" });
      expect(problems).toEqual([]);
      expect(warnings).toEqual([expect.stringContaining(`${name} is a service on this machine`)]);
    },
  );

  test.each([
    ["nothing else is local", {}],
    ["only the chats are local", localChats],
    ["the Azure only looks local", { AZURE_RESOURCE_MANAGER_URL: "https://localhost.example.com" }],
  ])("activities without a token are refused where %s", (_, environment) => {
    const { problems, settings } = read({ ...environment, ...anonymous });
    expect(problems).toContainEqual(expect.stringMatching(/^TEAMS_ALLOW_ANONYMOUS: lets whoever can send/));
    expect(settings).toBeUndefined();
  });

  test.each([
    ["on the network", { ROUTEBOT_HOST: "0.0.0.0" }],
    ["on App Service", { WEBSITE_SITE_NAME: "x" }],
  ])("activities without a token are refused %s", (_, environment) => {
    expect(read({ ...localAzure, ...localChats, ...environment, ...anonymous }).problems).toEqual([
      expect.stringMatching(/^TEAMS_ALLOW_ANONYMOUS: lets anybody in/),
    ]);
  });

  test("activities without a token are taken in a playground alone", () => {
    expect(read({ ...localAzure, ...localChats, ...anonymous })).toMatchObject({
      problems: [],
      settings: { teams: { anonymous: "loopback" } },
    });
  });
});
