import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { nothing, pending } from "../../contract/change-requests-samples.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";
import { openTestStore, type TestStore } from "./store-for-tests.ts";

const racer = fileURLToPath(new URL("racer.ts", import.meta.url));
const requests = 1_000;
const atOnce = 50;

let server: TestPostgres;
let store: TestStore;
let racers: readonly ChildProcess[] = [];
beforeAll(async () => {
  server = await startPostgres();
  const url = await server.createDatabase();
  store = await openTestStore({ kind: "postgres", url });
  racers = [fork(racer, [url, "ana", "approve"]), fork(racer, [url, "ben", "reject"])];
  await Promise.all(racers.map((one) => once(one, "message")));
});
afterAll(async () => {
  for (const one of racers) one.disconnect();
  await Promise.all(racers.map((one) => one.exitCode ?? once(one, "exit")));
  await store?.close();
  await server?.stop();
});

const outcomes = z.array(z.string());

test(`two processes decide on ${requests} requests at the same moments: one of them each time, and the record says which`, async () => {
  const wins = { approved: 0, rejected: 0 };
  for (let first = 0; first < requests; first += atOnce) {
    const opened = await Promise.all(
      Array.from({ length: atOnce }, async (_, index) => {
        const request = pending(await store.requests.nextNumber(), `raced-${first + index}`);
        await store.requests.open({ request, check: () => undefined, effects: nothing });
        return request.id;
      }),
    );
    const answers = racers.map((one) => once(one, "message"));
    for (const one of racers) one.send(opened);
    const [approving = [], rejecting = []] = (await Promise.all(answers)).map(([said]) =>
      outcomes.parse(said),
    );
    for (const [index, id] of opened.entries()) {
      const state = (await store.requests.get(id))?.state;
      expect([approving[index], rejecting[index]].toSorted()).toEqual(["recorded", "refused"]);
      expect(state).toBe(approving[index] === "recorded" ? "approved" : "rejected");
      if (state === "approved" || state === "rejected") wins[state] += 1;
    }
  }
  expect(wins.approved + wins.rejected).toBe(requests);
  // It is a race: none of the two is always first.
  expect(Math.min(wins.approved, wins.rejected)).toBeGreaterThan(0);
});
