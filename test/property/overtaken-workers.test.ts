import fc from "fast-check";
import { expect, test } from "vitest";
import type { ChangeRequest } from "../../src/domain/change/change-request.ts";
import { applyPlan } from "../../src/flow/apply-plan.ts";
import type { Flow } from "../../src/flow/flow.ts";
import { FlowWorld } from "../support/flow-world.ts";
import type { OrderedWrite } from "../support/memory-routing-service.ts";
import { sampleSite, sampleTarget } from "../support/observations.ts";

const appX = sampleTarget("app-x").resourceId;

/** What Azure says to a write, and whether it does it all the same. */
const answers = {
  accepted: { result: { kind: "accepted", receipt: { status: 200 } } },
  ignored: { result: { kind: "accepted", receipt: { status: 200 } }, apply: "nothing" },
  busy: { result: { kind: "refused", failure: { code: "azure-busy", message: "Busy." } } },
  denied: { result: { kind: "refused", failure: { code: "azure-denied", message: "No." } } },
  unanswered: {
    result: { kind: "unclear", failure: { code: "azure-unreachable", message: "Broken." } },
    apply: "all",
  },
  unavailable: {
    result: { kind: "unclear", failure: { code: "azure-unexpected", message: "503.", status: 503 } },
    apply: "nothing",
  },
} as const satisfies Record<string, OrderedWrite>;
type Answer = keyof typeof answers;

const answer = fc.constantFrom(...(Object.keys(answers) as Answer[]));

/** The flow of one process, with every reading, writing and transaction as an action of its own that the scheduler puts in order. */
function scheduled(flow: Flow, scheduler: fc.Scheduler, holder: string): Flow {
  const turn = (label: string) => scheduler.schedule(Promise.resolve(), `${holder} ${label}`);
  const { requests, routing } = flow;
  return {
    ...flow,
    holder,
    requests: {
      ...requests,
      get: (id) => turn("get").then(() => requests.get(id)),
      transition: (one) => turn("transition").then(() => requests.transition(one)),
      startInTurn: (one) => turn("start").then(() => requests.startInTurn(one)),
    },
    routing: {
      ...routing,
      observe: (target, options) => turn("observe").then(() => routing.observe(target, options)),
      // Sending it, and hearing of it.
      write: (request) =>
        turn("write")
          .then(() => routing.write(request))
          .then((result) => turn("answer").then(() => result)),
      verify: (request) => turn("verify").then(() => routing.verify(request)),
    },
  };
}

/**
 * Several work on one request: they had lost the job, without having noticed it or until they are told, and the job was given to
 * the same process again, or to another one. Nobody else changes the site.
 */
test("whoever goes on beside whom, what is told of a change is what happened", async () => {
  const ends = new Set<string>();
  const worker = fc.record({ holder: fc.constantFrom("one", "two"), lost: fc.option(fc.nat(12)) });
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(worker, { minLength: 2, maxLength: 3 }),
      fc.array(answer, { minLength: 1, maxLength: 3 }),
      async (scheduler, workers, says) => {
        const world = new FlowWorld([sampleSite("app-x")]);
        await world.say("robin", "route all traffic for app-x");
        await world.click("ana", "approve", "CR-1");
        for (const one of says) world.routing.order.write(answers[one]);
        const processes = new Map(
          ["one", "two"].map((holder) => [holder, scheduled(world.flow, scheduler, holder)]),
        );
        const run = async ({ holder, lost }: { holder: string; lost: number | null }) => {
          const stop = new AbortController();
          const process = processes.get(holder) ?? world.flow;
          const told = async () => {
            for (let turn = 0; turn <= (lost ?? -1); turn++) await scheduler.schedule(Promise.resolve());
            if (lost !== null) stop.abort(new Error("the job was taken over"));
          };
          const work = async () => {
            for (let attempt = 1; attempt <= 3 && !stop.signal.aborted; attempt++) {
              await applyPlan(process, "CR-1", { signal: stop.signal, attempt });
            }
          };
          await Promise.all([
            told(),
            work().catch((error: unknown) => expect(stop.signal.aborted, String(error)).toBe(true)),
          ]);
        };
        await scheduler.waitFor(Promise.all(workers.map(run)));
        // Whoever has the job at last.
        const last = { ...world.flow, holder: "three" };
        for (let round = 0; round < 50; round++) {
          const result = await applyPlan(last, "CR-1", { signal: new AbortController().signal, attempt: 1 });
          if (result.kind === "done") break;
          world.clock.advance(result.afterMs);
        }

        const request = await world.store.requests.get("CR-1");
        const outcome = outcomeOf(request);
        ends.add(outcome);
        const sent = world.routing.calls.filter(({ method }) => method === "write");
        expect(new Set(sent.map((one) => JSON.stringify(one))).size).toBeLessThanOrEqual(1);
        const isOn = world.routing.site(appX).flags.applicationTraffic === true;
        const heard = says.slice(0, sent.length);
        const mayHaveTaken =
          sent.length > says.length || heard.some((one) => one !== "busy" && one !== "denied");
        if (outcome === "confirmed") expect(isOn).toBe(true);
        // "Nothing was changed" is said of nothing that may have been.
        if (outcome === "not-applied")
          expect({ isOn, mayHaveTaken }).toEqual({ isOn: false, mayHaveTaken: false });
        // Nobody but Routebot was there.
        expect(["confirmed", "accepted-not-applied", "unknown", "not-applied"]).toContain(outcome);
      },
    ),
    { numRuns: 1000 },
  );
  expect([...ends].toSorted()).toEqual(["accepted-not-applied", "confirmed", "not-applied", "unknown"]);
}, 60_000);

function outcomeOf(request: ChangeRequest | undefined): string {
  if (request?.state === "confirmed") return "confirmed";
  if (request?.state !== "failed") return request?.state ?? "gone";
  return request.outcomes.map(({ kind }) => kind).join(", ");
}
