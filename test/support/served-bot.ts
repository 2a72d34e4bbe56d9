/**
 * The bot as operators run it: `serve` in processes of their own, with Slack and Azure on loopback, on either store. Robin asks and
 * Ana approves.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LocalAzure, startLocalAzure } from "../../src/playground/azure/local-azure.ts";
import { clickPayload, eventPayload, mention } from "../adapters/slack/payloads.ts";
import { type Running, startRoutebot } from "../cli/run-routebot.ts";
import { deliver, formBody, formType, jsonType, type Peer, startSlackPeer, workspace } from "./slack-peer.ts";

export type Line = Readonly<Record<string, unknown>> & { readonly level: string; readonly event: string };

/** One process. */
export type Replica = {
  readonly url: string;
  readonly process: Running;
  /** Its log so far. */
  lines(): readonly Line[];
};

export type Surroundings = {
  readonly azure: LocalAzure;
  readonly slack: Peer;
  start(more?: Readonly<Record<string, string>>): Promise<Replica>;
  /** Writes to the bot in the channel, signed as Slack does; the id by which the bot knows the message. */
  say(replica: Replica, text: string): Promise<void>;
  approve(replica: Replica, request: string): Promise<void>;
  close(): Promise<void>;
};

const policy = `
people:
  - { id: robin, name: Robin, slack: ${workspace.team}/U0ROBIN }
  - { id: ana, name: Ana, slack: ${workspace.team}/U0ANA }
rules:
  - name: everything
    request: [robin]
    approve: [ana]
`;

/** `store`: the variables that say where the bot keeps what it has to keep. */
export async function startSurroundings(store: Readonly<Record<string, string>>): Promise<Surroundings> {
  const folder = await mkdtemp(join(tmpdir(), "routebot-served-"));
  const azure = await startLocalAzure({ port: 0, directory: join(folder, "azure") });
  const slack = await startSlackPeer();
  await writeFile(join(folder, "routebot.yaml"), policy);
  const { clientId, clientSecret } = azure.credentials.routing;
  const environment = {
    NODE_EXTRA_CA_CERTS: azure.caFile,
    ROUTEBOT_PORT: "0",
    ROUTEBOT_SUBSCRIPTIONS: azure.subscriptions.map(({ id }) => id).join(","),
    AZURE_TENANT_ID: azure.tenantId,
    AZURE_CLIENT_ID: clientId,
    AZURE_CLIENT_SECRET: clientSecret,
    AZURE_AUTHORITY_HOST: azure.url,
    AZURE_RESOURCE_MANAGER_URL: azure.url,
    SLACK_BOT_TOKEN: workspace.botToken,
    SLACK_SIGNING_SECRET: workspace.signingSecret,
    SLACK_TEAM_IDS: workspace.team,
    SLACK_API_URL: slack.apiUrl,
    ...store,
  };
  const running = new Set<Running>();
  let events = 0;

  return {
    azure,
    slack,
    async start(more = {}) {
      const process = startRoutebot(["serve"], { folder, environment: { ...environment, ...more } });
      running.add(process);
      const { url } = lineOf(await process.errorLine(/"event":"listening"/));
      return { url: String(url), process, lines: () => process.said().map(lineOf) };
    },
    async say(replica, text) {
      events += 1;
      const ts = `17000000${10 + events}.000100`;
      const event = mention(text, { user: "U0ROBIN", ts, event_ts: ts });
      const body = JSON.stringify(eventPayload(event, `Ev${events}`));
      const answer = await deliver({ url: `${replica.url}/slack/events`, body, contentType: jsonType });
      if (answer.status !== 200) throw new Error(`not taken: ${answer.status} ${answer.body}`);
    },
    async approve(replica, request) {
      events += 1;
      const click = { actionId: "approve", value: request, actionTs: `17000000${10 + events}.000200` };
      const body = formBody({ payload: JSON.stringify(clickPayload(click)) });
      const answer = await deliver({ url: `${replica.url}/slack/events`, body, contentType: formType });
      if (answer.status !== 200) throw new Error(`not taken: ${answer.status} ${answer.body}`);
    },
    async close() {
      for (const process of running) process.signal("SIGKILL");
      await Promise.all([...running].map(({ ended }) => ended));
      await slack.close();
      await azure.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function lineOf(text: string): Line {
  return JSON.parse(text);
}
