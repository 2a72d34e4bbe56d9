import fc from "fast-check";
import { expect, test } from "vitest";
import { applyPlan } from "../../src/flow/apply-plan.ts";
import type { Flow } from "../../src/flow/flow.ts";
import { recordDecision } from "../../src/flow/record-decision.ts";
import type { JobContext } from "../../src/ports/work.ts";
import { FlowWorld, people } from "../support/flow-world.ts";
import { sampleSite, sampleTarget } from "../support/observations.ts";

const appX = sampleTarget("app-x").resourceId;
const context: JobContext = { signal: new AbortController().signal, attempt: 1 };
const ids = ["CR-1", "CR-2"] as const;
type Id = (typeof ids)[number];
const flagOf = { "CR-1": "applicationTraffic", "CR-2": "backupRestoreTraffic" } as const;

/** After how many turns of its own something happens, if it does. */
const moment = fc.option(fc.nat(30), { freq: 2 });

/** What happened, in the order in which it did. */
type Happened =
  | { readonly what: "observed"; readonly by: string }
  | { readonly what: "written"; readonly by: string; readonly contentShare: unknown }
  | { readonly what: "foreign" }
  | { readonly what: "stopped"; readonly inWork: readonly string[] };

/** The flow with every reading, writing and transaction as an action of its own that the scheduler puts in order. */
function scheduled(flow: Flow, scheduler: fc.Scheduler, { by, log }: { by: string; log: Happened[] }): Flow {
  const turn = (label: string) => scheduler.schedule(Promise.resolve(), `${by} ${label}`);
  const { requests, routing, directory, stops } = flow;
  return {
    ...flow,
    holder: by,
    requests: {
      ...requests,
      get: (id) => turn("get").then(() => requests.get(id)),
      transition: (one) => turn("transition").then(() => requests.transition(one)),
      startInTurn: (one) => turn("start").then(() => requests.startInTurn(one)),
    },
    routing: {
      ...routing,
      observe: async (target, options) => {
        await turn("observe");
        log.push({ what: "observed", by });
        return routing.observe(target, options);
      },
      write: async (request) => {
        await turn("write");
        log.push({ what: "written", by, contentShare: request.wanted.contentShareTraffic });
        return routing.write(request);
      },
      verify: (request) => turn("verify").then(() => routing.verify(request)),
    },
    directory: {
      ...directory,
      policy: (options) => turn("policy").then(() => directory.policy(options)),
    },
    stops: { ...stops, active: () => turn("stops").then(() => stops.active()) },
  };
}

/**
 * Two changes of one site, decided and applied at once, while one of them is cancelled, all changes are stopped, and somebody
 * else changes the site: whatever comes between what.
 */
test("the promises hold whatever comes between any two steps", async () => {
  const moments = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), moment, moment, moment, async (scheduler, cancels, stops, changes) => {
      const world = new FlowWorld([sampleSite("app-x")]);
      const { flow } = world;
      await world.say("robin", "route all traffic for app-x");
      await world.say("robin", "enable backup/restore over vnet for app-x");
      const log: Happened[] = [];
      const stateOf = async (id: Id) => (await world.store.requests.get(id))?.state;

      const cancel = async (turns: number) => {
        await wait(turns, "cancel");
        await decide("CR-1", "cancel", "robin");
      };
      const decide = (id: Id, verb: "approve" | "cancel", who: "ana" | "robin") =>
        recordDecision(scheduled(flow, scheduler, { by: `${who} ${verb}s ${id}`, log }), {
          request: id,
          verb,
          person: { id: who, name: people[who].displayName },
          account: people[who].account,
          surface: "button",
        });
      const work = async (id: Id) => {
        const worker = scheduled(flow, scheduler, { by: id, log });
        for (let round = 0; round < 3; round++) await applyPlan(worker, id, context);
      };
      const wait = async (turns: number, label: string) => {
        for (let turn = 0; turn <= turns; turn++) await scheduler.schedule(Promise.resolve(), label);
      };
      const stop = async (turns: number) => {
        await wait(turns, "stop");
        const by = { id: "ana", name: "Ana Alvarez" };
        const at = world.clock.now();
        await flow.stops.begin(
          { id: "stop", scope: {}, by, account: people.ana.account, at },
          { events: [], owed: [], jobs: [] },
        );
        // As its answer does: whatever is not in work by now cannot begin any more.
        const inWork: string[] = [];
        log.push({ what: "stopped", inWork });
        for (const id of ids) {
          if (["applying", "verifying"].includes((await stateOf(id)) ?? "")) inWork.push(id);
        }
      };
      const foreign = async (turns: number) => {
        await wait(turns, "foreign change");
        world.routing.setFlags(appX, { contentShareTraffic: true });
        log.push({ what: "foreign" });
      };
      await scheduler.waitFor(
        Promise.all([
          decide("CR-1", "approve", "ana").then(() => work("CR-1")),
          decide("CR-2", "approve", "ana").then(() => work("CR-2")),
          ...(changes === null ? [] : [foreign(changes)]),
          ...(cancels === null ? [] : [cancel(cancels)]),
          ...(stops === null ? [] : [stop(stops)]),
        ]),
      );

      const at = (event: (one: Happened) => boolean) => log.findIndex(event);
      const written = (id: Id) => log.filter((one) => one.what === "written" && one.by === id);
      const stopped = log.find((one) => one.what === "stopped");
      for (const [place, one] of log.entries()) {
        if (one.what !== "written") continue;
        // After a stop only what it named as in work.
        if (stopped && place > at(({ what }) => what === "stopped")) expect(stopped.inWork).toContain(one.by);
        // Somebody's change is overwritten only where it came after the last look.
        const foreignAt = at(({ what }) => what === "foreign");
        if (foreignAt >= 0 && foreignAt < place && one.contentShare !== true) {
          const look = log.findLastIndex(
            (other, index) => index < place && other.what === "observed" && other.by === one.by,
          );
          expect(look).toBeLessThan(foreignAt);
          moments.add("overwritten");
        }
      }
      for (const id of ids) {
        const state = await stateOf(id);
        moments.add(`${id} ${state}`);
        expect(written(id).length).toBeLessThanOrEqual(1);
        if (state === "cancelled" || state === "stale" || state === "approved")
          expect(written(id)).toEqual([]);
        // What was confirmed is still so: the other one has not taken it back.
        if (state === "confirmed") expect(world.routing.site(appX).flags[flagOf[id]]).toBe(true);
      }
    }),
    { numRuns: 400 },
  );
  // The search has been where it is interesting.
  expect([...moments]).toEqual(
    expect.arrayContaining(["CR-1 confirmed", "CR-1 cancelled", "CR-1 stale", "CR-2 stale", "overwritten"]),
  );
}, 60_000);
