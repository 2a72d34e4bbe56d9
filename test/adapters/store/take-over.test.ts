import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { message, nothing, said } from "../../contract/change-requests-samples.ts";
import { waitUntil } from "../../contract/work-harness.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";
import { openTestStore, type TestStore } from "./store-for-tests.ts";

const worker = fileURLToPath(new URL("dying-worker.ts", import.meta.url));
/** What docs/operations.md promises. */
const takenOverWithinMs = 15_000;
const begun = z.object({ line: z.string(), attempt: z.int() });

let server: TestPostgres;
let store: TestStore;
let workers: readonly ChildProcess[] = [];
beforeAll(async () => {
  server = await startPostgres();
  const url = await server.createDatabase();
  store = await openTestStore({ kind: "postgres", url });
  workers = [fork(worker, [url]), fork(worker, [url])];
  await Promise.all(workers.map((one) => once(one, "message")));
});
afterAll(async () => {
  for (const one of workers) one.kill("SIGKILL");
  await store?.close();
  await server?.stop();
});

test("everything that a killed process had in work goes on in another one within 15 seconds", async () => {
  const had = workers.map((): string[] => []);
  const taken = new Map<string, number>();
  for (const [index, one] of workers.entries()) {
    one.on("message", (told) => {
      const { line, attempt } = begun.parse(told);
      if (attempt === 1) had[index]?.push(line);
      else taken.set(line, performance.now());
    });
  }
  await store.requests.record({
    ...nothing,
    jobs: [{ kind: "apply", request: "CR-7", site: "dying" }],
    owed: [said("owed-7"), said("owed-8")],
  });
  await Promise.all(["message-7", "message-8", "message-9"].map((id) => store.inbox.receive(message(id))));
  await waitUntil(() => had.flat().length === 6);
  const victim = had.findIndex((lines) => lines.length > 0);
  const killed = performance.now();
  workers[victim]?.kill("SIGKILL");
  const left = had[victim] ?? [];
  await waitUntil(() => left.every((line) => taken.has(line)), takenOverWithinMs);
  expect(Math.max(...taken.values()) - killed).toBeLessThan(takenOverWithinMs);
  expect([...taken.keys()].toSorted()).toEqual(left.toSorted());
});
