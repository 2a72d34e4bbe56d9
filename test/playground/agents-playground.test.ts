import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { agentsPlaygroundHosts, writeAgentsPlaygroundFiles } from "../../src/playground/agents-playground.ts";
import { botEnvironment } from "../../src/playground/bot/bot-environment.ts";
import { everybody } from "../../src/playground/people.ts";

const tenantId = "6a1f0c1e-5d0a-4c5b-9a38-2f6f0e9b7d11";
const user = z.object({ id: z.string(), name: z.string(), aadObjectId: z.guid() });
/** What the Agents Playground wants of its file: proper ids, all different, and five others at least. */
const fileSchema = z.object({
  tenantId: z.literal(tenantId),
  bot: z.object({ id: z.literal("28:app-id"), name: z.literal("Routebot") }),
  currentUser: user,
  users: z.array(user).min(5),
  personalChat: z.object({ id: z.string() }),
  groupChat: z.object({ id: z.string() }),
  team: z.object({ id: z.string(), aadGroupId: z.guid(), channels: z.array(z.object({ id: z.string() })) }),
});

let folder: string;
let commands: readonly string[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "routebot-agents-"));
  const botEndpoint = "http://127.0.0.1:3978/api/messages";
  commands = await writeAgentsPlaygroundFiles({ folder, tenantId, appId: "app-id", botEndpoint });
});
afterAll(() => rm(folder, { recursive: true }));

describe("Microsoft's Agents Playground", () => {
  test.each(everybody.map((person, index) => [person.id, person, index] as const))(
    "%s has a file of their own and a command that uses it",
    async (id, person, index) => {
      const file = join(folder, `${id}.yml`);
      const content = fileSchema.parse(parse(await readFile(file, "utf8")));
      expect(content.currentUser).toMatchObject({ name: person.name, aadObjectId: person.teams.aadObjectId });
      const users = [content.currentUser, ...content.users];
      expect(new Set(users.map(({ id: userId }) => userId)).size).toBe(users.length);
      expect(new Set(users.map(({ aadObjectId }) => aadObjectId)).size).toBe(users.length);
      expect(commands[index]).toContain(`CONFIG_PATH='${file}'`);
      const [, port] = / -p (\d+) /.exec(commands[index] ?? "") ?? [];
      expect(agentsPlaygroundHosts).toContain(`localhost:${port}`);
    },
  );

  test("is answered by a bot that lets anonymous Teams in, and by no other", () => {
    const hosts = (anonymousTeams: boolean) =>
      botEnvironment({ ...surroundings, anonymousTeams }, {}).TEAMS_SERVICE_HOSTS?.split(",");
    expect(hosts(false)).toEqual(["127.0.0.1:4001"]);
    expect(hosts(true)).toEqual(["127.0.0.1:4001", ...agentsPlaygroundHosts]);
  });
});

const client = { clientId: "app-id", clientSecret: "x" };
const surroundings = {
  botPort: 3978,
  auditAnchor: "audit-anchor.jsonl",
  dataDirectory: "bot",
  policyFile: "policy.yaml",
  azure: {
    url: "https://localhost:8443",
    caFile: "ca.pem",
    tenantId,
    subscriptions: [],
    credentials: { routing: client, bot: client, stepUp: client },
  },
  teams: { openIdUrl: "http://127.0.0.1:4001/openid", serviceUrl: "http://127.0.0.1:4001/teams/" },
  slack: {
    apiUrl: "http://127.0.0.1:4002/api/",
    botToken: "x",
    appToken: "x",
    signingSecret: "x",
    transport: "http" as const,
  },
};
