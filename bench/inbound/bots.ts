/** The bots that are measured, each in a process of its own. */
import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { type Surroundings, workspace } from "./surroundings.ts";

export type Chat = "slack" | "teams";

export type MeasuredBot = {
  /** Where the chat delivers. */
  readonly url: string;
  readonly pid: number | undefined;
  /** Resident memory, in MB. */
  residentMb(): Promise<number>;
  stop(): Promise<void>;
};

const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const listening = z.object({ url: z.string() });
const listeningLine = z.object({ event: z.literal("listening"), url: z.string() });
const paths: Record<Chat, string> = { slack: "/slack/events", teams: "/api/messages" };

/** The same settings for the bare bot and for Routebot; each reads those that it knows. */
function chatEnvironment(chat: Chat, around: Surroundings): Record<string, string> {
  if (chat === "slack") {
    return {
      SLACK_BOT_TOKEN: workspace.botToken,
      SLACK_SIGNING_SECRET: workspace.signingSecret,
      SLACK_TEAM_IDS: workspace.team,
      SLACK_API_URL: around.slackApiUrl,
    };
  }
  const { azure, serviceUrl, openIdUrl } = around;
  return {
    TEAMS_APP_ID: azure.credentials.bot.clientId,
    TEAMS_APP_PASSWORD: azure.credentials.bot.clientSecret,
    TEAMS_APP_TENANT_ID: azure.tenantId,
    TEAMS_AUTHORITY_HOST: azure.url,
    TEAMS_OPENID_METADATA_URL: openIdUrl,
    TEAMS_SERVICE_HOSTS: new URL(serviceUrl).host,
    TEAMS_SERVICE_URL: serviceUrl,
  };
}

export async function startBareBot(chat: Chat, around: Surroundings): Promise<MeasuredBot> {
  const file = fileURLToPath(new URL(`./bare-${chat}.ts`, import.meta.url));
  const child = fork(file, { env: { PATH: process.env.PATH, ...chatEnvironment(chat, around) } });
  const [message] = await Promise.race([once(child, "message"), ended(child)]);
  return bot(child, listening.parse(message).url);
}

/** Where Routebot keeps things: a server's database, or a folder. `folder` is for files of its own in both cases. */
export type Store = { readonly folder: string; readonly databaseUrl?: string };

/** Routebot as it is run, jobs and all; only its limits for one sender are out of the way. */
export async function startRoutebot(
  chat: Chat,
  around: Surroundings,
  { folder, databaseUrl }: Store,
): Promise<MeasuredBot> {
  const { azure } = around;
  const child = spawn(
    process.execPath,
    [...(process.env.BENCH_NODE_OPTIONS?.split(" ") ?? []), main, "serve"],
    {
      env: {
        PATH: process.env.PATH,
        NODE_EXTRA_CA_CERTS: azure.caFile,
        ROUTEBOT_PORT: "0",
        ROUTEBOT_POLICY_FILE: join(folder, "routebot.yaml"),
        ROUTEBOT_STOP_ON_STDIN_END: "1",
        ROUTEBOT_MESSAGES_PER_MINUTE: "9999",
        ROUTEBOT_SUBSCRIPTIONS: azure.subscriptions.map(({ id }) => id).join(","),
        ...(databaseUrl === undefined
          ? { ROUTEBOT_DATA_DIR: join(folder, "data") }
          : { DATABASE_URL: databaseUrl }),
        AZURE_TENANT_ID: azure.tenantId,
        AZURE_CLIENT_ID: azure.credentials.routing.clientId,
        AZURE_CLIENT_SECRET: azure.credentials.routing.clientSecret,
        AZURE_AUTHORITY_HOST: azure.url,
        AZURE_RESOURCE_MANAGER_URL: azure.url,
        ...chatEnvironment(chat, around),
      },
      stdio: ["pipe", "ignore", "pipe"],
    },
  );
  const url = await Promise.race([whenListening(child), ended(child)]);
  return bot(child, `${url}${paths[chat]}`);
}

/** The address that `serve` says in its log. */
async function whenListening(child: ChildProcess): Promise<string> {
  if (child.stderr === null) throw new Error("no standard error");
  const lines = createInterface(child.stderr);
  const said: string[] = [];
  return new Promise((resolve, reject) => {
    lines.on("line", (line) => {
      if (said.length < 20) said.push(line);
      const parsed = line.startsWith("{") ? listeningLine.safeParse(JSON.parse(line)) : undefined;
      if (parsed?.success === true) resolve(parsed.data.url);
    });
    lines.once("close", () => reject(new Error(`Routebot did not start:\n${said.join("\n")}`)));
  });
}

async function ended(child: ChildProcess): Promise<never> {
  await once(child, "exit");
  throw new Error("a bot of the benchmark ended before it listened");
}

function bot(child: ChildProcess, url: string): MeasuredBot {
  return {
    url,
    pid: child.pid,
    async residentMb() {
      const status = await readFile(`/proc/${child.pid}/status`, "utf8");
      const [, kb] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? [];
      if (kb === undefined) throw new Error("Resident memory can only be read on Linux.");
      return Number(kb) / 1_024;
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, "exit");
      child.kill("SIGTERM");
      await exited;
    },
  };
}
