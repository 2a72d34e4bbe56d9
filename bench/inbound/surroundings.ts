/** What a bot under load needs around it: a Web API, a Bot Connector, an Azure to sign in at, all small and on this machine. */
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LocalAzure, startLocalAzure } from "../../src/playground/azure/local-azure.ts";
import { createConnectorTokens } from "../../src/playground/teams/bot-connector-tokens.ts";

export type Surroundings = {
  /** Ends in a slash. */
  readonly slackApiUrl: string;
  /** Ends in a slash. */
  readonly serviceUrl: string;
  readonly openIdUrl: string;
  readonly azure: LocalAzure;
  /** A token with which the Bot Connector speaks to the app. */
  connectorToken(): Promise<string>;
  close(): Promise<void>;
};

/** Ids of a workspace with one bot, whom everybody asks. */
export const workspace = {
  team: "T0BENCH",
  channel: "C0ONCALL",
  botUser: "U0BENCH",
  bot: "B0BENCH",
  botToken: "xoxb-bench",
  signingSecret: "6f5c1a0e9d8b7c6a5f4e3d2c1b0a9f8e",
} as const;

const webApi: Readonly<Record<string, (args: URLSearchParams) => Readonly<Record<string, unknown>>>> = {
  "auth.test": () => ({ team_id: workspace.team, user_id: workspace.botUser, bot_id: workspace.bot }),
  "users.info": (args) => ({ user: { team_id: workspace.team, name: args.get("user") ?? "" } }),
  "conversations.info": (args) => ({ channel: { id: args.get("channel"), is_member: true } }),
  "chat.postMessage": (args) => ({ channel: args.get("channel"), ts: nextTs() }),
};

let posted = 0;
function nextTs(): string {
  posted += 1;
  return `1790000000.${String(posted).padStart(6, "0")}`;
}

export async function startSurroundings(): Promise<Surroundings> {
  const directory = await mkdtemp(join(tmpdir(), "routebot-bench-azure-"));
  const azure = await startLocalAzure({ port: 0, directory });
  const tokens = await createConnectorTokens("bench-key", () => new Date());
  let url = "";
  const documents = tokens.routes(() => url);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const chunks: Buffer[] = [];
    for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
    if (pathname.startsWith("/api/")) {
      const method = webApi[pathname.slice("/api/".length)];
      const args = new URLSearchParams(Buffer.concat(chunks).toString("utf8"));
      return json(response, method ? { ok: true, ...method(args) } : { ok: false, error: "unknown_method" });
    }
    if (pathname.startsWith("/teams/")) return json(response, { id: nextTs() });
    for (const { path, handle } of documents) {
      if (path !== pathname) continue;
      const document: unknown = await handle({} as never);
      return json(
        response,
        typeof document === "object" && document && "json" in document ? document.json : {},
      );
    }
    response.statusCode = 404;
    response.end();
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  url = `http://127.0.0.1:${address.port}`;
  const serviceUrl = `${url}/teams/`;
  return {
    slackApiUrl: `${url}/api/`,
    serviceUrl,
    openIdUrl: `${url}${tokens.metadataPath}`,
    azure,
    connectorToken: () => tokens.sign(azure.credentials.bot.clientId, serviceUrl),
    async close() {
      server.close();
      server.closeAllConnections();
      await azure.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function json(response: ServerResponse, body: unknown): void {
  response.statusCode = 200;
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(body));
}
