import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { startPostgres } from "../test/support/postgres.ts";
import { median, rounded } from "./statistics.ts";

/** Medians over `starts` starts. */
type Starts = {
  /** Milliseconds from the start of the process until `/readyz` answers 200. */
  readonly readyMs: number;
  /** Resident memory at that moment, in MB. */
  readonly rssMb: number;
  /** Resident memory a moment later, when everything that is loaded without being asked for is there, in MB. */
  readonly settledRssMb: number;
  readonly starts: number;
};

/** The embedded store, and beside it PostgreSQL. */
export type ColdStart = Starts & { readonly postgres: Starts };

const measuredStarts = 5;
const settledAfterMs = 1_500;
const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const guid = "00000000-0000-4000-8000-000000000001";
const listeningLine = z.object({ event: z.literal("listening"), url: z.string() });

/**
 * Starts `serve` with both chats, several times on one store; the first start, which makes the tables, does not count.
 */
export async function measureColdStart(): Promise<ColdStart> {
  const folder = await mkdtemp(join(tmpdir(), "routebot-bench-"));
  const slack = await startAuthTest();
  const server = await startPostgres();
  try {
    const policyFile = join(folder, "routebot.yaml");
    await writeFile(policyFile, "people: []\nrules: []\n");
    const environment = {
      PATH: process.env.PATH ?? "",
      ROUTEBOT_PORT: "0",
      ROUTEBOT_POLICY_FILE: policyFile,
      ROUTEBOT_STOP_ON_STDIN_END: "1",
      ROUTEBOT_SUBSCRIPTIONS: guid,
      TEAMS_APP_ID: guid,
      TEAMS_APP_TENANT_ID: guid,
      TEAMS_APP_PASSWORD: "never-used",
      SLACK_BOT_TOKEN: "xoxb-bench",
      SLACK_SIGNING_SECRET: "never-used",
      SLACK_TEAM_IDS: "T0BENCH",
      SLACK_API_URL: slack.url,
    };
    const embedded = await startOften({ ...environment, ROUTEBOT_DATA_DIR: join(folder, "data") });
    const postgres = await startOften({ ...environment, DATABASE_URL: await server.createDatabase() });
    return { ...embedded, postgres };
  } finally {
    slack.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function startOften(environment: Readonly<Record<string, string>>): Promise<Starts> {
  const starts: Awaited<ReturnType<typeof startOnce>>[] = [];
  for (let start = 0; start <= measuredStarts; start++) starts.push(await startOnce(environment));
  const [, ...counted] = starts;
  return {
    readyMs: Math.round(median(counted.map(({ readyMs }) => readyMs))),
    rssMb: rounded(median(counted.map(({ rssMb }) => rssMb))),
    settledRssMb: rounded(median(counted.map(({ settledRssMb }) => settledRssMb))),
    starts: counted.length,
  };
}

async function startOnce(environment: Readonly<Record<string, string>>) {
  const began = performance.now();
  const child = spawn(process.execPath, [main, "serve"], {
    env: environment,
    stdio: ["pipe", "ignore", "pipe"],
  });
  const exited = once(child, "exit");
  try {
    const url = await whenListening(child);
    while ((await statusOf(`${url}/readyz`)) !== 200) await pause(2);
    const readyMs = performance.now() - began;
    const rssMb = await residentMb(child.pid);
    await pause(settledAfterMs);
    return { readyMs, rssMb, settledRssMb: await residentMb(child.pid) };
  } finally {
    child.kill("SIGTERM");
    await exited;
  }
}

/** The address that `serve` says in its log. */
async function whenListening(child: ChildProcess): Promise<string> {
  const said: string[] = [];
  if (child.stderr === null) throw new Error("no standard error");
  for await (const line of createInterface(child.stderr)) {
    said.push(line);
    const parsed = line.startsWith("{") ? listeningLine.safeParse(JSON.parse(line)) : undefined;
    if (parsed?.success === true) {
      child.stderr.resume();
      return parsed.data.url;
    }
  }
  throw new Error(`The bot did not start:\n${said.join("\n")}`);
}

async function statusOf(url: string): Promise<number> {
  const response = await fetch(url);
  await response.body?.cancel();
  return response.status;
}

async function residentMb(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  const [, kb] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? [];
  if (kb === undefined) throw new Error("Resident memory can only be read on Linux.");
  return Number(kb) / 1024;
}

/** The one question that the Slack adapter asks when it starts. */
async function startAuthTest(): Promise<{ readonly url: string; close(): void }> {
  const server = createServer((_, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ ok: true, team_id: "T0BENCH", user_id: "U0BENCH", bot_id: "B0BENCH" }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return { url: `http://127.0.0.1:${address.port}/api/`, close: () => server.close() };
}
