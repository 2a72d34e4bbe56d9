import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FaultOrder } from "../../src/playground/azure/faults/fault.ts";
import { type LocalAzure, type Snapshot, startLocalAzure } from "../../src/playground/azure/local-azure.ts";
import type { LoggedRequest } from "../../src/playground/azure/log/request-log.ts";
import { policyFile } from "../../src/playground/bot/policy-file.ts";
import { type ChatFaults, createChatFaults } from "../../src/playground/chat-faults.ts";
import { createDeliveryLog } from "../../src/playground/deliveries.ts";
import { type LocalSlack, startLocalSlack } from "../../src/playground/slack/local-slack.ts";
import { type LocalTeams, startLocalTeams } from "../../src/playground/teams/local-teams.ts";
import { World } from "../../src/playground/world/world.ts";
import { emptyWorld } from "../../src/playground/world/world-model.ts";

/** Everything around the bots: Azure, Teams and Slack, in this process, and a folder. */
export type Surroundings = {
  readonly folder: string;
  readonly azure: LocalAzure;
  readonly teams: LocalTeams;
  readonly slack: LocalSlack;
  readonly slackSecrets: SlackSecrets;
  readonly world: World;
  readonly chatFaults: ChatFaults;
  /** The sites that the run is about. */
  readonly sites: readonly string[];
  /** Every PATCH and PUT that Azure has seen, in the order in which they ended. */
  readonly writes: readonly LoggedRequest[];
  addAzureFault(order: FaultOrder): void;
  close(): Promise<void>;
};

type SlackSecrets = {
  readonly botToken: string;
  readonly appToken: string;
  readonly signingSecret: string;
  readonly transport: "http";
};

/** Slack's own pauses are a minute and five; a run is shorter than that. */
const slackRetryDelaysMs = [0, 3_000, 8_000];

export async function startSurroundings(botUrl: string, siteCount: number): Promise<Surroundings> {
  const folder = await mkdtemp(join(tmpdir(), "routebot-chaos-"));
  const now = () => new Date();
  const azureFolder = join(folder, "azure");
  await mkdir(azureFolder);
  await mkdir(join(folder, "bot"));
  await writeFile(join(folder, "policy.yaml"), policyFile());
  const azure = await startLocalAzure({ port: 0, directory: azureFolder });
  const sites = Array.from({ length: siteCount }, (_, index) => `chaos-${String(index).padStart(2, "0")}`);
  azure.restore(withSites(azure.snapshot(), sites));
  const writes: LoggedRequest[] = [];
  azure.onEvent((event) => {
    if (event.kind !== "request" || event.request.surface !== "arm") return;
    if (event.request.method === "PATCH" || event.request.method === "PUT") writes.push(event.request);
  });
  const world = new World(emptyWorld(), now);
  const chatFaults = createChatFaults(now);
  const shared = { world, faults: chatFaults, deliveries: createDeliveryLog(), now };
  const teams = await startLocalTeams({
    ...shared,
    port: 0,
    tenantId: azure.tenantId,
    appId: azure.credentials.bot.clientId,
    botEndpoint: `${botUrl}/api/messages`,
    verifyBotToken: async (token) => (await azure.verifyBotToken(token)).kind === "accepted",
    keyId: "chaos",
  });
  const slackSecrets: SlackSecrets = {
    botToken: "xoxb-chaos-000000000000000000000000",
    appToken: "xapp-chaos-000000000000000000000000",
    signingSecret: "00112233445566778899aabbccddeeff",
    transport: "http",
  };
  let ids = 0;
  const slack = await startLocalSlack({
    ...shared,
    ...slackSecrets,
    port: 0,
    botEndpoint: `${botUrl}/slack/events`,
    randomHex: (bytes) => (++ids).toString(16).padStart(bytes * 2, "0"),
    retryDelaysMs: slackRetryDelaysMs,
  });
  return {
    ...{ folder, azure, teams, slack, slackSecrets, world, chatFaults, sites, writes },
    addAzureFault(order) {
      const open = azure
        .faults()
        .filter(({ remaining }) => remaining !== 0)
        .map(({ match, fault, remaining }) => ({ match, fault, times: remaining }));
      azure.orderFaults([...open, order]);
    },
    async close() {
      await teams.close();
      await slack.close();
      await azure.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The seeded world, and copies of an ordinary site; every fourth of them answers writes with an operation that is polled. */
function withSites({ world, ...rest }: Snapshot, names: readonly string[]): Snapshot {
  const model = world.sites.find(({ name, slot }) => name === "app-x" && slot === null);
  if (model === undefined) throw new Error("there is no app-x to copy");
  const copies = names.map((name, index) => ({
    ...structuredClone(model),
    name,
    asyncPolls: index % 4 === 3 ? 2 : null,
  }));
  return { ...rest, world: { ...world, sites: [...world.sites, ...copies] } };
}
