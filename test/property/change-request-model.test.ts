import fc from "fast-check";
import { expect, test } from "vitest";
import { isTerminal } from "../../src/domain/change/change-request.ts";
import { FlowWorld, type Who } from "../support/flow-world.ts";
import { sampleTarget } from "../support/observations.ts";

const appX = sampleTarget("app-x").resourceId;

/** Anything that can happen to one request. */
type Happening =
  | { readonly kind: "click"; readonly who: Who; readonly verb: "approve" | "reject" | "cancel" }
  | { readonly kind: "work" }
  | { readonly kind: "time"; readonly minutes: number }
  | { readonly kind: "drift" }
  | { readonly kind: "crash-before-write" }
  | { readonly kind: "crash-after-write" }
  | { readonly kind: "busy" }
  | { readonly kind: "right-lost" };

const who = fc.constantFrom<Who>("robin", "ana", "ben", "olga");
const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("click"),
      who,
      verb: fc.constantFrom("approve", "reject", "cancel"),
    }),
  },
  { weight: 4, arbitrary: fc.constant({ kind: "work" } as const) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("time"), minutes: fc.integer({ min: 1, max: 130 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom({ kind: "drift" } as const, { kind: "crash-before-write" } as const),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom({ kind: "crash-after-write" } as const, { kind: "busy" } as const),
  },
  { weight: 1, arbitrary: fc.constant({ kind: "right-lost" } as const) },
);

async function happen(world: FlowWorld, what: Happening): Promise<void> {
  switch (what.kind) {
    case "click":
      await world.click(what.who, what.verb, "CR-1");
      return;
    case "work":
      // A job that fails is a crashed worker here: it is called again later.
      await world.run().catch((error: Error) => expect(error.cause).toMatchObject({ message: "killed" }));
      return;
    case "time":
      world.clock.advance(what.minutes * 60_000);
      return;
    case "drift":
      world.routing.setFlags(appX, { contentShareTraffic: true });
      return;
    case "crash-before-write":
      world.routing.order.write(() => {
        throw new Error("killed");
      });
      return;
    case "crash-after-write":
      world.routing.order.write(() => {
        world.routing.setFlags(appX, { applicationTraffic: true });
        throw new Error("killed");
      });
      return;
    case "busy":
      world.routing.order.write({
        result: { kind: "refused", failure: { code: "azure-busy", message: "Busy." } },
      });
      return;
    case "right-lost":
      world.rule = { ...world.rule, approve: ["ben"] };
      return;
    default:
      what satisfies never;
  }
}

/**
 * Whatever happens in whatever order: nothing is written without a valid quorum on the plan, every write is the approved
 * one, an ended request never changes, every step is in the audit, and "confirmed" is only said of what the site says.
 */
test("the promises hold under any sequence of clicks, time, drift and crashes", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(happening, { minLength: 1, maxLength: 25 }),
      fc.constantFrom(1, 2),
      async (happenings, quorum) => {
        const world = new FlowWorld();
        world.rule = { ...world.rule, quorum };
        await world.say("robin", "route all traffic for app-x");
        let ended: unknown;
        for (const what of happenings) {
          const writesBefore = world.writes;
          await happen(world, what);
          const request = await world.store.requests.get("CR-1");
          if (!request) throw new Error("the request is gone");

          const deciders = new Set(request.approvals.map(({ person }) => person.id));
          expect(deciders.has("robin")).toBe(false);
          expect(deciders.has("olga")).toBe(false);
          if (world.writes > writesBefore) {
            const counting = [...deciders].filter((id) => world.rule.approve.includes(id));
            expect(counting.length).toBeGreaterThanOrEqual(quorum);
          }
          if (ended) expect(request).toEqual(ended);
          if (isTerminal(request)) ended = request;
          if (request.state === "confirmed") {
            expect(request.outcomes[0]?.after.storedMap).toMatchObject(request.plan.entries[0].wanted);
          }
          const steps = world.store.events.filter(({ kind }) => kind !== "refused");
          expect(steps).toHaveLength(request.revision);
        }
        const sent = world.routing.calls.filter(({ method }) => method === "write");
        const request = await world.store.requests.get("CR-1");
        for (const call of sent) expect(call).toMatchObject({ wanted: request?.plan.entries[0].wanted });

        // Left alone, it comes to an end, and the card says which.
        for (let round = 0; round < 60 && world.store.work.nextDue; round++) {
          const due = world.store.work.nextDue;
          world.clock.advance(Math.max(due.getTime() - world.clock.now().getTime(), 0));
          await happen(world, { kind: "work" });
        }
        const last = await world.store.requests.get("CR-1");
        expect(last && isTerminal(last)).toBe(true);
        expect(world.card("CR-1").actions).toEqual([]);
        expect(world.chat.posted.filter(({ key }) => key === "CR-1:outcome")).toHaveLength(1);
      },
    ),
    { numRuns: 300 },
  );
});
