import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { forgetSecrets, secretValues } from "../../src/config/environment.ts";
import { loadConfig } from "../../src/config/load-config.ts";
import { completeEnvironment, completePolicy, ids } from "./complete-environment.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "routebot-config-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("environment and policy file together make the configuration", async () => {
  await writeFile(join(folder, "routebot.yaml"), completePolicy);
  const loaded = await loadConfig(completeEnvironment, folder);
  expect(loaded).toMatchObject({
    kind: "config",
    warnings: [],
    config: {
      policyFile: join(folder, "routebot.yaml"),
      policyContext: { teamsTenant: ids.tenant, teamsTenants: [ids.tenant], slackTeams: ["T0CONTOSO"] },
      store: { kind: "embedded", directory: join(folder, ".routebot") },
    },
  });
});

test("problems of both come in one message", async () => {
  await writeFile(join(folder, "policy.yaml"), "people: []\nrules: []\nruels: []\n");
  const loaded = await loadConfig(
    { ...completeEnvironment, ROUTEBOT_PORT: "no", ROUTEBOT_POLICY_FILE: "policy.yaml" },
    folder,
  );
  if (loaded.kind !== "invalid") throw new Error("it was taken");
  expect(loaded.message).toBe(
    [
      "Routebot cannot start: 2 problems in its configuration.",
      "",
      "Environment variables:",
      "  ROUTEBOT_PORT: is not a port; give a whole number from 0 to 65535 (0 takes any free one)",
      "",
      `Policy file ${join(folder, "policy.yaml")}:`,
      "  the file: has an unknown key: ruels (did you mean rules?); known are people, rules, channels, freezes, stop, groups, delegates",
    ].join("\n"),
  );
});

test("a policy file that is not there, or is no file, is a problem with a way out", async () => {
  const missing = await loadConfig(completeEnvironment, folder);
  expect(missing).toMatchObject({ problems: [{ message: expect.stringContaining("ROUTEBOT_POLICY_FILE") }] });
  const directory = await loadConfig({ ...completeEnvironment, ROUTEBOT_POLICY_FILE: "." }, folder);
  expect(directory).toMatchObject({ problems: [{ message: expect.stringContaining("cannot be read") }] });
});

test("warnings of both are handed on", async () => {
  await writeFile(join(folder, "routebot.yaml"), "people: []\nrules: []\n");
  const loaded = await loadConfig({ ...completeEnvironment, TEAMS_COLOUR: "blue" }, folder);
  expect(loaded).toMatchObject({
    kind: "config",
    warnings: [expect.stringContaining("TEAMS_COLOUR"), expect.stringContaining("no rule")],
  });
});

test("the secrets of an environment are known, for the log to mask", () => {
  const url = "postgres://routebot:db%2Fpassword@db/routebot";
  expect(secretValues({ ...completeEnvironment, DATABASE_URL: url, SLACK_APP_TOKEN: "" })).toEqual([
    url,
    "db%2Fpassword",
    "db/password",
    "teams-app-password",
    "xoxb-slack-bot-token",
    "slack-signing-secret",
  ]);
});

test("an environment that was read keeps no secret but the one that @azure/identity reads later", () => {
  const environment: Record<string, string | undefined> = {
    ...completeEnvironment,
    DATABASE_URL: "postgres://routebot:password@db/routebot",
    AZURE_CLIENT_SECRET: "read later",
    OF_ANOTHER_TOOL: "kept",
  };
  forgetSecrets(environment);
  expect(secretValues(environment)).toEqual(["read later"]);
  expect(environment).toMatchObject({
    OF_ANOTHER_TOOL: "kept",
    TEAMS_APP_ID: completeEnvironment.TEAMS_APP_ID,
  });
});
