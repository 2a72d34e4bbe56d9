import fc from "fast-check";
import { expect, test } from "vitest";
import { type ChangeRequest, isTerminal } from "../../src/domain/change/change-request.ts";
import { isFailed } from "../../src/domain/change/outcome.ts";
import { isMade, stepsOf } from "../../src/domain/change/plan-steps.ts";
import { applyPlan } from "../../src/flow/apply-plan.ts";
import { FlowWorld } from "../support/flow-world.ts";
import { allFlagsOff, noLegacySettings, sampleSite, sampleTarget } from "../support/observations.ts";

const appX = sampleTarget("app-x").resourceId;
const appY = sampleTarget("app-y").resourceId;
const legacyOn = { ...noLegacySettings, WEBSITE_VNET_ROUTE_ALL: "on" } as const;

/** Anything that can happen to two requests that share sites: CR-1 for app-x and app-y, CR-2 for app-y and app-x. */
type Shared =
  | { readonly kind: "approve" | "cancel" | "work"; readonly request: "CR-1" | "CR-2" }
  | { readonly kind: "time"; readonly minutes: number }
  | { readonly kind: "drift" | "kill" | "refuse" | "ignore"; readonly site: string; readonly done: boolean };

const requestName = fc.constantFrom("CR-1" as const, "CR-2" as const);
const shared: fc.Arbitrary<Shared> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("approve" as const), request: requestName }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("cancel" as const), request: requestName }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("work" as const), request: requestName }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("time" as const), minutes: fc.integer({ min: 1, max: 20 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom("drift" as const, "kill" as const, "refuse" as const, "ignore" as const),
      site: fc.constantFrom(appX, appY),
      done: fc.boolean(),
    }),
  },
);

/** Two workers at once on whatever they find: the one that was killed, and the one that takes over. */
async function happenShared(world: FlowWorld, what: Shared): Promise<void> {
  switch (what.kind) {
    case "approve":
    case "cancel":
      await world.click("ana", what.kind, what.request);
      return;
    case "work": {
      const context = { signal: new AbortController().signal, attempt: 1 };
      const worker = (holder: string, request: "CR-1" | "CR-2") =>
        applyPlan({ ...world.flow, holder }, request, context).catch((error: Error) =>
          expect(error.message).toBe("killed"),
        );
      await Promise.all([worker("worker-1", what.request), worker("worker-2", "CR-1")]);
      return;
    }
    case "time":
      world.clock.advance(what.minutes * 60_000);
      return;
    case "drift":
      world.routing.setFlags(what.site, { managedIdentityTraffic: what.done });
      return;
    case "kill":
      world.routing.order.write(() => {
        throw new Error("killed");
      });
      world.routing.order.edit(() => {
        throw new Error("killed");
      });
      return;
    case "refuse": {
      const code = what.done ? "azure-busy" : "azure-denied";
      world.routing.order.write({ result: { kind: "refused", failure: { code, message: "No." } } });
      return;
    }
    case "ignore":
      world.routing.order.write({
        result: { kind: "accepted", receipt: { status: 200 } },
        apply: what.done ? "all" : "nothing",
      });
      return;
    default:
      what satisfies never;
  }
}

const inWork = (request: ChangeRequest | undefined) =>
  request?.state === "applying" || request?.state === "verifying";

/**
 * Of requests that share sites never two are in work; each writes only its own plan, in its order, a step only after the one
 * before it ended well; what is told of each step is what happened, and no step is forgotten.
 */
test("the promises hold for several sites and steps, and for requests that share them", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(shared, { minLength: 3, maxLength: 25 }), async (happenings) => {
      const on = { ...allFlagsOff, applicationTraffic: true };
      const world = new FlowWorld([
        sampleSite("app-x", { flags: on, legacy: legacyOn }),
        sampleSite("app-y", { flags: on }),
      ]);
      await world.say("robin", "stop routing all traffic for app-x and app-y");
      await world.say("robin", "enable backup/restore over vnet for app-y and app-x");
      const ids = ["CR-1", "CR-2"] as const;
      const ended = new Map<string, ChangeRequest>();
      const look = async () => {
        const both = await Promise.all(ids.map((id) => world.store.requests.get(id)));
        expect(both.filter(inWork).length).toBeLessThanOrEqual(1);
        for (const request of both) {
          if (!request) throw new Error("a request is gone");
          if (ended.has(request.id)) expect(request).toEqual(ended.get(request.id));
          if (isTerminal(request)) ended.set(request.id, request);
        }
      };
      for (const what of happenings) {
        await happenShared(world, what);
        await look();
      }
      for (let round = 0; round < 400 && world.store.work.nextDue; round++) {
        const due = world.store.work.nextDue;
        world.clock.advance(Math.max(due.getTime() - world.clock.now().getTime(), 0));
        await world.run().catch((error: Error) => expect(error.cause).toMatchObject({ message: "killed" }));
        await look();
      }
      expect([...ended.keys()].toSorted()).toEqual([...ids]);
      for (const request of ended.values()) checkTold(world, request);
    }),
    { numRuns: 200 },
  );
}, 60_000);

function checkTold(world: FlowWorld, request: ChangeRequest): void {
  const steps = stepsOf(request.plan);
  const plan = JSON.stringify(steps.flatMap((step) => (step.kind === "flags" ? [step.entry.wanted] : [])));
  const sent = world.routing.calls.filter(
    (call) => call.method === "write" && plan.includes(JSON.stringify(call.wanted)),
  );
  if (request.state === "confirmed") {
    expect(request.outcomes).toHaveLength(steps.length);
    for (const [index, outcome] of request.outcomes.entries()) {
      const step = steps[index];
      expect(step && isMade(step, outcome.after)).toBe(true);
    }
  } else if (request.state === "failed") {
    const failedAt = request.outcomes.findIndex(isFailed);
    expect(failedAt).toBe(failedAt < 0 ? -1 : request.outcomes.length - 1);
    if (failedAt < 0) expect(request.outcomes).toHaveLength(steps.length);
    for (const [index, outcome] of request.outcomes.entries()) {
      const step = steps[index];
      if (outcome.kind === "confirmed") expect(step && isMade(step, outcome.after)).toBe(true);
    }
  } else {
    expect(sent).toEqual([]);
  }
  const offers = world.card(request.id).actions.map(({ verb }) => verb);
  expect(offers).toEqual(request.state === "stale" ? ["again"] : []);
  expect(world.chat.posted.filter(({ key }) => key === `${request.id}:outcome`)).toHaveLength(1);
}
