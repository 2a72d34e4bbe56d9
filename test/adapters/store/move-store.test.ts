import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../../src/adapters/clock/system-clock.ts";
import { readMovedMark, writeMovedMark } from "../../../src/adapters/store/embedded/moved-mark.ts";
import { tablesInOrder } from "../../../src/adapters/store/move/copy-tables.ts";
import { giveUpMove, type Moved, moveStore } from "../../../src/adapters/store/move/move-store.ts";
import { StoreUnusable } from "../../../src/adapters/store/store-unusable.ts";
import { verifyAudit } from "../../../src/domain/audit/verify-audit.ts";
import { parkOpenWork } from "../../../src/flow/park-open-work.ts";
import { done, TestHandlers } from "../../contract/work-harness.ts";
import { FlowWorld } from "../../support/flow-world.ts";
import { createMemoryLog } from "../../support/memory-log.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";
import { fillStore } from "./full-store.ts";
import { collect, openTestStore, type TestStore, temporaryDirectory } from "./store-for-tests.ts";

let server: TestPostgres;
let directory: ReturnType<typeof temporaryDirectory>;
let url: string;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server?.stop());
beforeEach(async () => {
  directory = temporaryDirectory();
  url = await server.createDatabase();
});
afterEach(() => directory.remove());

const ids = ["CR-1", "CR-2", "CR-3", "CR-4", "CR-5"] as const;
const name = "db.example.com/routebot";
const tools = { clock: systemClock, log: createMemoryLog() };
const moveIt = (): Promise<Moved> => moveStore({ from: directory.path, to: { url }, name }, tools);
const openEmbedded = () => openTestStore({ kind: "embedded", directory: directory.path });
const openMoved = () => openTestStore({ kind: "postgres", url });

/** All rows of all tables that are moved, as text. */
async function contentsOf(store: TestStore): Promise<Readonly<Record<string, readonly string[]>>> {
  const tables = [...(await tablesInOrder(store.database.sql)), "audit_event"];
  const contents: Record<string, readonly string[]> = {};
  for (const table of tables) {
    const { rows } = await sql<{ row: string }>`
      SELECT t::text AS row FROM ${sql.table(`routebot.${table}`)} t ORDER BY 1`.execute(store.database.sql);
    contents[table] = rows.map(({ row }) => row);
  }
  return contents;
}

/** What waits to be done, with the age that decides about the order. */
async function jobsOf(store: TestStore): Promise<readonly string[]> {
  const { rows } = await sql<{ job: string }>`
    SELECT (name, data::text, singleton_key, start_after > now(), created_on)::text AS job
    FROM routebot_jobs.job WHERE state = 'created' ORDER BY 1`.execute(store.database.sql);
  return rows.map(({ job }) => job);
}

async function filled(events = 20) {
  const store = await openEmbedded();
  await fillStore(store, events);
  const contents = await contentsOf(store);
  const head = await store.audit.head();
  await store.close();
  return { contents, head };
}

/** What is in the new store, beside what the move itself has added to it. */
async function expectMoved(store: TestStore, before: Awaited<ReturnType<typeof filled>>): Promise<void> {
  const after = await contentsOf(store);
  // An approval whose sign-in was still to come has to be given anew.
  expect(before.contents.step_up).toHaveLength(1);
  const { audit_event: events = [], ...rest } = after;
  expect(rest).toEqual({ ...before.contents, audit_event: undefined, step_up: [] });
  expect(events.filter((row) => before.contents.audit_event?.includes(row))).toEqual(
    before.contents.audit_event,
  );
  const verified = await verifyAudit(store.audit.recordsAfter(0), { anchors: [], keys: new Map() });
  expect(verified).toMatchObject({ kind: "whole", head: { seq: before.head.seq + 1 } });
  const records = await collect(store.audit.recordsAfter(before.head.seq - 1));
  expect(records[0]?.hash).toBe(before.head.hash);
  expect(JSON.parse(records[1]?.payload ?? "")).toMatchObject({
    kind: "interrupted",
    details: { why: "moved" },
  });
  expect(await store.continuity.interruption()).toMatchObject({ kind: "moved" });
}

describe("a store that is moved", () => {
  test("has everything that was in it, to the last byte, and goes on counting", async () => {
    const before = await filled(1_234);
    // Something of every table is in it, or this proves little.
    expect(Object.entries(before.contents).filter(([, rows]) => rows.length === 0)).toEqual([
      ["token_bucket", []],
    ]);
    const moved = await moveIt();
    expect(moved).toMatchObject({ kind: "now", auditRecords: before.head.seq });
    expect(moved.rows).toMatchObject({ change_request: 5, inbox: 3, stop: 1, review: 1, audit_seal: 1 });
    const store = await openMoved();
    await expectMoved(store, before);
    expect(await store.requests.nextNumber()).toBe(6);
    const stop = { id: "stop-2", scope: {}, by: { id: "ana", name: "Ana" }, at: new Date(0), reason: "x" };
    const account = { platform: "slack", tenant: "T", user: "U" } as const;
    expect(await store.stops.begin({ ...stop, account }, { events: [], owed: [], jobs: [] })).toBe("begun");
    await store.close();
  });

  test("has its work still to do in the order in which it came, but for what was approved", async () => {
    const before = await openEmbedded();
    await fillStore(before);
    const jobs = await jobsOf(before);
    await before.close();
    expect(jobs.length).toBeGreaterThan(10);
    await moveIt();
    const store = await openMoved();
    expect(await jobsOf(store)).toEqual(jobs.filter((job) => !job.startsWith("(apply,")));
    const handlers = new TestHandlers();
    const ran: string[] = [];
    for (const id of ["message-1", "message-2", "message-3"]) {
      handlers.onMessage(id, async () => {
        ran.push(id);
        return done;
      });
    }
    for (const key of ["CR-1/card", "CR-5/card", "told-1"]) {
      handlers.onDeliver(key, async () => {
        ran.push(key);
        return done;
      });
    }
    handlers.onApply("CR-2", async () => {
      ran.push("CR-2");
      return done;
    });
    await store.work.start(handlers.handlers);
    const all = ["CR-1/card", "CR-5/card", "message-1", "message-2", "message-3", "told-1"];
    await store.until(() => ran.length >= all.length);
    expect(ran.toSorted()).toEqual(all);
    const waiting = await sql<{ name: string; n: number }>`
      SELECT name, count(*)::int AS n FROM routebot_jobs.job WHERE state = 'created' GROUP BY name ORDER BY name`.execute(
      store.database.sql,
    );
    expect(waiting.rows).toEqual([
      { name: "aftercare", n: 1 },
      { name: "remind", n: 5 },
    ]);
    await store.close();
  });

  test("has everything that was open parked by its first start", async () => {
    await filled();
    await moveIt();
    const store = await openMoved();
    const flow = { ...new FlowWorld().flow, ...store, clock: systemClock };
    await parkOpenWork(flow, store.continuity);
    const requests = await Promise.all(ids.map((id) => store.requests.get(id)));
    const states = requests.map((request) => request?.state);
    expect(states).toEqual(["pending", "stale", "failed", "cancelled", "stale"]);
    expect(requests[2]).toMatchObject({ outcomes: [{ kind: "unknown", failure: { code: "interrupted" } }] });
    expect(await store.requests.aftercareOf("CR-4")).toMatchObject({ temporary: { state: "over" } });
    // What keeps people from something goes on doing so.
    expect(await store.stops.active()).toHaveLength(1);
    expect(await store.reviews.due({ limit: 10 })).toHaveLength(1);
    const told = await Promise.all(ids.map((id) => store.outbox.get(`${id}:outcome`)));
    expect(told.map((delivery) => delivery !== undefined)).toEqual([false, true, true, false, true]);
    expect(await store.continuity.interruption()).toBeUndefined();
    const verified = await verifyAudit(store.audit.recordsAfter(0), { anchors: [], keys: new Map() });
    expect(verified.kind).toBe("whole");
    await store.close();
  });

  test("is never used again where it was, also when the run that moved it could not say that it had", async () => {
    await filled();
    await moveIt();
    const finished = readMovedMark(directory.path);
    expect(finished).toMatchObject({ state: "done", to: name });
    if (finished) writeMovedMark(directory.path, { ...finished, state: "begun" });
    await expect(openEmbedded()).rejects.toThrow("is being moved to PostgreSQL");
    await expect(giveUpMove({ from: directory.path, to: { url }, name })).rejects.toThrow(
      "is in PostgreSQL (db.example.com/routebot) already",
    );
    expect(await moveIt()).toMatchObject({ kind: "before", jobs: 0 });
    expect(readMovedMark(directory.path)).toEqual(finished);
    await expect(openEmbedded()).rejects.toThrow(
      `The store in ${directory.path} was moved to PostgreSQL (${name}) and is not used any more; set DATABASE_URL.`,
    );
    await expect(moveIt()).rejects.toThrow("was moved to PostgreSQL");
    await expect(giveUpMove({ from: directory.path, to: { url }, name })).rejects.toThrow(StoreUnusable);
  });
});

describe("a move is refused, with nothing done,", () => {
  test("to a database that is not empty", async () => {
    const store = await openMoved();
    await store.inbox.receive({
      ...{ kind: "message", id: "m", text: "x" },
      actor: { account: { platform: "slack", tenant: "T", user: "U" }, displayName: "R" },
      place: {
        platform: "slack",
        tenant: "T",
        kind: "channel",
        conversation: "C",
        thread: "1",
        address: "{}",
      },
    } as const);
    await store.close();
    await filled();
    await expect(moveIt()).rejects.toThrow(
      "The database is not empty (inbox has 1 rows); nothing was moved.",
    );
    await giveUpMove({ from: directory.path, to: { url }, name });
    const back = await openEmbedded();
    expect(await back.requests.get("CR-1")).toMatchObject({ state: "pending" });
    expect(await back.continuity.interruption()).toBeUndefined();
    await back.close();
  });

  test("to a database that Routebot runs on, and from a directory that it has", async () => {
    await filled();
    const running = await openMoved();
    await expect(moveIt()).rejects.toThrow("Routebot runs on that database already");
    await running.close();
    const embedded = await openEmbedded();
    await expect(moveIt()).rejects.toThrow("is in use by another Routebot");
    await embedded.close();
    expect((await moveIt()).kind).toBe("now");
  });

  test("of an audit that is broken", async () => {
    const store = await openEmbedded();
    await fillStore(store);
    await sql`ALTER TABLE routebot.audit_event DISABLE TRIGGER ALL`.execute(store.database.sql);
    await sql`UPDATE routebot.audit_event SET payload = replace(payload, 'CR-1', 'CR-9') WHERE seq = 3`.execute(
      store.database.sql,
    );
    await store.close();
    await expect(moveIt()).rejects.toThrow(
      "The audit is broken at record 3: the record is not what was written.",
    );
    const target = await openMoved();
    expect(await target.requests.get("CR-1")).toBeUndefined();
    await target.close();
  });

  test("from where there is none", async () => {
    await expect(moveIt()).rejects.toThrow(`There is no store in ${directory.path}.`);
    expect(existsSync(join(directory.path, "moved.json"))).toBe(false);
  });
});

describe("kill -9 in the middle of a move", () => {
  const mover = fileURLToPath(new URL("../../crash/store-mover.ts", import.meta.url));

  test.each([0, 100, 400])("%i ms after it began leaves no store in use, and can be repeated", async (ms) => {
    const before = await filled(2_000);
    const child = spawn(process.execPath, [mover, directory.path, url], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    let complaints = "";
    child.stderr.on("data", (chunk) => {
      complaints += chunk;
    });
    const ended = new Promise((resolve) => child.once("exit", resolve));
    const marked = new Promise<void>((resolve) => {
      const look = setInterval(() => {
        if (!existsSync(join(directory.path, "moved.json")) && child.exitCode === null) return;
        clearInterval(look);
        resolve();
      }, 2);
    });
    await marked;
    setTimeout(() => child.kill("SIGKILL"), ms);
    await ended;
    expect(complaints).toBe("");
    const mark = readMovedMark(directory.path);
    await expect(openEmbedded()).rejects.toThrow(mark?.state === "done" ? "was moved" : "is being moved");
    if (mark?.state !== "done") {
      const moved = await moveIt();
      expect(["now", "before"]).toContain(moved.kind);
      expect(moved.auditRecords).toBeGreaterThanOrEqual(before.head.seq);
    }
    const store = await openMoved();
    await expectMoved(store, before);
    await store.close();
  });
});
