import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { queueSchema } from "../../src/adapters/store/job-queues.ts";
import type { StoreSettings } from "../../src/adapters/store/open-store.ts";
import { verifyAudit } from "../../src/domain/audit/verify-audit.ts";
import {
  collect,
  openTestStore,
  type TestStore,
  temporaryDirectory,
} from "../adapters/store/store-for-tests.ts";
import { waitUntil } from "../contract/work-harness.ts";
import { startPostgres, type TestPostgres } from "../support/postgres.ts";
import { finishingHandlers } from "./store-finisher.ts";

const writer = fileURLToPath(new URL("./store-writer.ts", import.meta.url));

/** When to kill: some time after the process was started, or after it said that its first write was acknowledged. */
type Moment = { readonly since: "start" | "first write"; readonly ms: number };

/** Runs the writer and kills it; what it said was acknowledged. */
async function writeAndKill(settings: StoreSettings, { since, ms }: Moment): Promise<readonly string[]> {
  const child = spawn(process.execPath, [writer, JSON.stringify(settings)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const kill = () => setTimeout(() => child.kill("SIGKILL"), ms);
  if (since === "start") kill();
  let complaints = "";
  child.stderr.on("data", (chunk) => {
    complaints += chunk;
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const acknowledged: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged.push(line);
    if (since === "first write" && acknowledged.length === 1) kill();
  }
  await ended;
  expect(complaints).toBe("");
  expect(child.signalCode).toBe("SIGKILL");
  return acknowledged;
}

type Row = { id: string; revision: number; state: string; want: number; sent: number };

async function rowsOf(store: TestStore): Promise<readonly Row[]> {
  const { rows } = await sql<Row>`
    SELECT r.id, r.revision, r.state, d.want, d.sent
    FROM routebot.change_request r JOIN routebot.delivery d ON d.request = r.id ORDER BY r.number`.execute(
    store.database.sql,
  );
  return rows;
}

/** Whatever was acknowledged is there, and every transaction is there with all it did or not at all. */
async function checkWhole(store: TestStore, acknowledged: readonly string[]): Promise<void> {
  const rows = await rowsOf(store);
  const revisions = new Map(rows.map((row) => [row.id, row.revision]));
  const lost = acknowledged.filter((line) => {
    const [id = "", revision] = line.split(" ");
    return (revisions.get(id) ?? 0) < Number(revision);
  });
  expect(lost).toEqual([]);
  const audited = (await collect(store.audit.recordsAfter(0))).map(
    ({ payload }) => JSON.parse(payload).details,
  );
  const expected = rows.flatMap(({ id, revision }) =>
    Array.from({ length: revision }, (_, index) => `${id} ${index + 1}`),
  );
  expect(audited.map(({ id, revision }) => `${id} ${revision}`).toSorted()).toEqual(expected.toSorted());
  expect(rows.filter((row) => row.want !== row.revision)).toEqual([]);
  const proof = { anchors: [], keys: new Map() };
  expect(await verifyAudit(store.audit.recordsAfter(0), proof)).toMatchObject({
    kind: "whole",
    head: await store.audit.head(),
  });
}

/** Every job that was started runs to its end, also those that were in work when the process died. */
async function checkFinished(store: TestStore): Promise<void> {
  await store.work.start(finishingHandlers(store));
  await waitUntil(async () => {
    const { rows } =
      await sql`SELECT 1 FROM ${sql.raw(queueSchema)}.job WHERE state <> 'completed' LIMIT 1`.execute(
        store.database.sql,
      );
    return rows.length === 0;
  }, 30_000);
  const rows = await rowsOf(store);
  expect(rows.filter((row) => row.state === "approved" || row.sent !== row.want)).toEqual([]);
}

/** Different from run to run: over time, every moment is hit. */
const during = (since: Moment["since"]): Moment => ({ since, ms: Math.round(Math.random() * 400) });

test("embedded: a process killed at any moment loses nothing that it acknowledged, and does nothing by halves", async () => {
  const directory = temporaryDirectory();
  const settings = { kind: "embedded", directory: directory.path } as const;
  const acknowledged: string[] = [];
  try {
    for (const since of ["first write", "start", "first write", "first write"] as const) {
      acknowledged.push(...(await writeAndKill(settings, during(since))));
    }
    expect(acknowledged.length).toBeGreaterThan(0);
    const store = await openTestStore(settings);
    try {
      await checkWhole(store, acknowledged);
      await checkFinished(store);
      await checkWhole(store, acknowledged);
    } finally {
      await store.close();
    }
  } finally {
    directory.remove();
  }
});

describe("PostgreSQL", () => {
  let server: TestPostgres;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.stop());

  test("of three replicas, all killed while they write, another one finishes the work", async () => {
    const settings = { kind: "postgres", url: await server.createDatabase() } as const;
    const store = await openTestStore(settings);
    try {
      const killed = [1, 2, 3].map(() => writeAndKill(settings, during("first write")));
      const acknowledged = (await Promise.all(killed)).flat();
      expect(acknowledged.length).toBeGreaterThan(0);
      await checkWhole(store, acknowledged);
      // As if the heartbeats of the dead were long ago; the wait itself is tested elsewhere.
      await sql`UPDATE ${sql.raw(queueSchema)}.job SET heartbeat_on = now() - interval '1 minute'`.execute(
        store.database.sql,
      );
      await checkFinished(store);
      await checkWhole(store, acknowledged);
    } finally {
      await store.close();
    }
  });
});
