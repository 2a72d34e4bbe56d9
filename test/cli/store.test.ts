import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { systemClock } from "../../src/adapters/clock/system-clock.ts";
import { schemaSteps } from "../../src/adapters/store/migrate.ts";
import { openStore } from "../../src/adapters/store/open-store.ts";
import { completeEnvironment, completePolicy } from "../config/complete-environment.ts";
import { message } from "../contract/change-requests-samples.ts";
import { createMemoryLog } from "../support/memory-log.ts";
import { startPostgres, type TestPostgres } from "../support/postgres.ts";
import { startRoutebot } from "./run-routebot.ts";

let server: TestPostgres;
let folder: string;
let url: string;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server?.stop());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "routebot-store-commands-"));
  url = await server.createDatabase();
  await writeFile(join(folder, "routebot.yaml"), completePolicy);
});
afterEach(() => rm(folder, { recursive: true }));

const logLine = z.looseObject({
  event: z.string(),
  kind: z.string().optional(),
  url: z.string().optional(),
});
const level = schemaSteps.length;
const routebot = (
  words: readonly string[],
  more: Readonly<Record<string, string>> = { DATABASE_URL: url },
) => {
  const teamsOnly = Object.entries(completeEnvironment).filter(([name]) => !name.startsWith("SLACK_"));
  const environment = { ...Object.fromEntries(teamsOnly), ROUTEBOT_PORT: "0", ...more };
  return startRoutebot(words, { folder, environment });
};
const run = (...words: readonly string[]) => routebot(words).ended;

async function ask(text: string): Promise<readonly unknown[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}
const schemas = () => ask("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'routebot%' ORDER BY 1");

describe("routebot migrate", () => {
  test("makes the tables, and says their level before and after, without the password", async () => {
    const { password, host } = new URL(url);
    const first = await run("migrate");
    expect(first).toMatchObject({ code: 0, stderr: "" });
    expect(first.stdout).toContain(`${host}/`);
    expect(first.stdout).toContain(`: the tables are at level ${level}, which are new.\n`);
    expect(first.stdout).not.toContain(password);
    expect((await run("migrate")).stdout).toContain(`at level ${level}, as it was.`);
  });

  test("refuses a database that a newer Routebot took further", async () => {
    await run("migrate");
    await ask(`INSERT INTO routebot.oldest_program VALUES (${level + 1})`);
    expect(await run("migrate")).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringContaining(`schema level ${level + 1} by a newer Routebot`),
    });
  });
});

describe("routebot move and park", () => {
  const tools = { clock: systemClock, log: createMemoryLog() };
  /** What a start logs about records that are not simply those of before. */
  const start = async () => {
    const bot = routebot(["serve"]);
    await bot.errorLine(/"listening"/);
    bot.signal("SIGTERM");
    const lines = (await bot.ended).stderr.trim().split("\n");
    return lines.map((line) => logLine.parse(JSON.parse(line))).filter(({ kind }) => kind !== undefined);
  };

  test("moves a store; the first start parks what is open, and says so", async () => {
    const directory = join(folder, "data");
    const store = await openStore({ kind: "embedded", directory }, tools);
    await store.inbox.receive(message("m"));
    await store.close();
    await writeFile(join(directory, "audit-key.pem"), "x");
    const moved = await run("move", "--from", "data");
    expect(moved).toMatchObject({ code: 0, stderr: "" });
    expect(moved.stdout).toContain(`Moved ${directory} to ${new URL(url).host}`);
    expect(moved.stdout).toContain("0 change requests, 0 audit records");
    expect(moved.stdout).toContain("1 thing still to do");
    expect(moved.stdout).toContain(`Set ROUTEBOT_AUDIT_KEY_FILE to ${join(directory, "audit-key.pem")}`);
    const stays = await routebot(["serve"], { ROUTEBOT_DATA_DIR: directory }).ended;
    expect(stays.code).toBe(1);
    expect(stays.stderr).toContain("is not used any more; set DATABASE_URL.");

    expect(await start()).toMatchObject([
      { event: "records-interrupted", kind: "moved" },
      { event: "open-work-parked", kind: "moved" },
    ]);
  });

  test("park is for what cannot be seen: the next start parks what is open, and the one after it does not", async () => {
    expect((await run("park", "--because", "the disk of Monday")).stdout).toContain("at the next start");
    expect(await start()).toMatchObject([
      { event: "records-interrupted", evidence: expect.stringContaining("the disk of Monday") },
      { event: "open-work-parked", kind: "restored" },
    ]);
    expect(await start()).toEqual([]);
  });

  test("say what is missing", async () => {
    expect(await routebot(["move", "--from", "data"], {}).ended).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("DATABASE_URL is not set"),
    });
    expect(await run("move", "--from", "data")).toMatchObject({
      code: 1,
      stderr: `There is no store in ${join(folder, "data")}.\n`,
    });
    expect(await run("park")).toMatchObject({ code: 1, stderr: expect.stringContaining("--because") });
  });
});

test("a standby leaves the database as it is, whatever it finds there", async () => {
  const standBy = async () => {
    const bot = routebot(["serve"], { DATABASE_URL: url, ROUTEBOT_STANDBY: "1" });
    const { url: address } = logLine.parse(JSON.parse(await bot.errorLine(/"listening"/)));
    const ready = await fetch(`${address}/readyz`);
    expect(await ready.json()).toMatchObject({ status: "standby" });
    bot.signal("SIGTERM");
    expect((await bot.ended).code).toBe(0);
  };
  await standBy();
  expect(await schemas()).toEqual([]);
  await run("migrate");
  await run("park", "--because", "a test");
  // A database that was restored, with work that waits.
  await ask("UPDATE routebot.continuity SET home = 'elsewhere'");
  const before = await ask("SELECT * FROM routebot.continuity");
  await standBy();
  expect(await ask("SELECT * FROM routebot.continuity")).toEqual(before);
  expect(await ask("SELECT count(*)::int AS jobs FROM routebot_jobs.job")).toEqual([{ jobs: 0 }]);
});
