import fc from "fast-check";
import { expect, test } from "vitest";
import type { Aftercare } from "../../src/domain/change/aftercare.ts";
import { mayApprove } from "../../src/domain/change/approval-policy.ts";
import { type ChangeRequest, isTerminal, type RequestId } from "../../src/domain/change/change-request.ts";
import { sameState } from "../../src/domain/change/fingerprint.ts";
import { writtenSites } from "../../src/domain/change/undo.ts";
import { FlowWorld, type Who } from "../support/flow-world.ts";
import { sampleTarget } from "../support/observations.ts";

const appX = sampleTarget("app-x").resourceId;
const minutes = 60_000;

/** Anything that can happen to a temporary, watched change and to what follows it. */
type Happening =
  | { readonly kind: "approve" | "undo" | "end" | "cancel"; readonly who: Who; readonly number: number }
  | { readonly kind: "type"; readonly who: Who; readonly text: string }
  | { readonly kind: "time"; readonly minutes: number }
  | {
      readonly kind: "work" | "foreign" | "put-back" | "stop" | "kill" | "refuse" | "unread" | "right-lost";
    };

const who = fc.constantFrom<Who>("robin", "ana", "ben", "olga");
const number = fc.integer({ min: 1, max: 5 });
const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom("approve" as const, "approve" as const, "undo" as const, "end" as const),
      who,
      number,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("cancel" as const), who, number }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("type" as const),
      who,
      text: fc.constantFrom("extend CR-1 by 20m", "end CR-1", "undo CR-1", "undo app-x", "undo CR-2"),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("time" as const), minutes: fc.integer({ min: 1, max: 35 }) }),
  },
  { weight: 5, arbitrary: fc.constant({ kind: "work" } as const) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom("foreign", "put-back", "stop", "kill", "refuse", "unread", "right-lost"),
    }),
  },
);

async function happen(world: FlowWorld, what: Happening): Promise<void> {
  switch (what.kind) {
    case "approve":
    case "undo":
    case "end":
    case "cancel":
      await world.click(what.who, what.kind, `CR-${what.number}`);
      return;
    case "type":
      await world.send(what.who, what.text);
      return;
    case "time":
      world.clock.advance(what.minutes * minutes);
      return;
    case "work":
      // A job that fails is a crashed worker here: it is called again later.
      await world.run().catch((error: Error) => expect(error.cause).toMatchObject({ message: "killed" }));
      return;
    case "foreign":
      world.routing.setFlags(appX, { contentShareTraffic: true });
      return;
    case "put-back":
      world.routing.setFlags(appX, { applicationTraffic: false });
      return;
    case "stop":
      world.routing.change(appX, { state: "Stopped" });
      return;
    case "kill":
      world.routing.order.write(() => {
        throw new Error("killed");
      });
      return;
    case "refuse":
      world.routing.order.write({
        result: { kind: "refused", failure: { code: "azure-denied", message: "No." } },
      });
      return;
    case "unread":
      world.routing.order.observe({
        kind: "failed",
        failure: { code: "azure-unreachable", message: "No." },
      });
      return;
    case "right-lost":
      world.rule = { ...world.rule, approve: ["ben"], quickUndo: ["approver"] };
      return;
    default:
      what satisfies never;
  }
}

async function requestsOf(world: FlowWorld): Promise<readonly ChangeRequest[]> {
  const found: ChangeRequest[] = [];
  for (let count = 1; count < 60; count++) {
    const request = await world.store.requests.get(`CR-${count}`);
    if (request) found.push(request);
  }
  return found;
}

/** Why the request in work may be written at this moment; throws when nothing lets it. */
async function checkWrite(world: FlowWorld): Promise<void> {
  const inWork = (await world.store.requests.listOpen({ limit: 50 })).filter(
    ({ state }) => state === "applying",
  );
  expect(inWork).toHaveLength(1);
  const [request] = inWork;
  if (!request) return;
  const { permit, follows, approvals } = request;
  if (permit === undefined) {
    const valid = approvals.filter(
      ({ person, fingerprint }) =>
        mayApprove(world.rule, person) &&
        person.id !== request.requester.id &&
        fingerprint === request.plan.fingerprint,
    );
    expect(new Set(valid.map(({ person }) => person.id)).size).toBeGreaterThanOrEqual(world.rule.quorum);
    return;
  }
  const of = follows?.of;
  if (of === undefined) throw new Error("a permit needs what it follows");
  const care = await world.store.requests.aftercareOf(of);
  const original = await world.store.requests.get(of);
  if (permit.kind === "revert") {
    expect(original?.lastsMs).toBeGreaterThan(0);
    const left = original && writtenSites(original)[0]?.left;
    expect(left && sameState(left, world.routing.site(appX))).toBe(true);
    expect(care?.temporary).toMatchObject({ state: "reverting", by: request.id });
    expect(care?.temporary?.endsAt.getTime()).toBeLessThanOrEqual(world.clock.now().getTime());
    return;
  }
  if (permit.kind === "break-glass") throw new Error("nobody may break the glass here");
  expect(original?.permit).toBeUndefined();
  expect(world.rule.quickUndo).toContain(permit.as);
  expect(permit.at.getTime()).toBeLessThan(care?.watch?.until.getTime() ?? 0);
  if (permit.as === "requester") expect(permit.person.id).toBe(original?.requester.id);
  else expect(mayApprove(world.rule, permit.person)).toBe(true);
}

/** A temporary change ends when it was approved to end, unless more time was approved or somebody ended it early. */
function checkEnd(world: FlowWorld, care: Aftercare, requests: readonly ChangeRequest[]): void {
  const endsAt = care.temporary?.endsAt.getTime() ?? 0;
  const original = requests.find(({ id }) => id === care.of);
  const asApproved = care.since.getTime() + (original?.lastsMs ?? 0);
  const extended = requests.some(
    (request) => request.state === "confirmed" && request.extends?.until.getTime() === endsAt,
  );
  const ended = world.store.events.some(
    ({ kind, request, at }) => kind === "ended-early" && request === care.of && at.getTime() === endsAt,
  );
  expect(endsAt === asApproved || extended || ended).toBe(true);
}

/**
 * Whatever happens, in whatever order: nothing is written without a valid quorum or one of the two permits, time is only added by
 * an approval, ended requests never change, and left alone everything comes to an end: the change is turned back, or people
 * have been told or asked why not.
 */
test("undo, watch, quick undo, more time and the end of a temporary change keep the promises", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 1, maxLength: 30 }), async (happenings) => {
      const world = new FlowWorld();
      world.rule = {
        ...world.rule,
        watch: { forMs: 10 * minutes },
        quickUndo: ["requester", "approver"],
        maxDurationMs: 90 * minutes,
      };
      const { write } = world.routing;
      let objection: unknown;
      world.routing.write = async (request) => {
        await checkWrite(world).catch((error: unknown) => {
          objection ??= error;
        });
        return write(request);
      };
      await world.say("robin", "route all traffic for app-x for 30 minutes");
      await world.click("ana", "approve", "CR-1");
      await world.run();
      const ended = new Map<RequestId, ChangeRequest>();
      const look = async () => {
        if (objection) throw objection;
        const requests = await requestsOf(world);
        expect(requests.filter(inWork).length).toBeLessThanOrEqual(1);
        for (const request of requests) {
          if (ended.has(request.id)) expect(request).toEqual(ended.get(request.id));
          if (isTerminal(request)) ended.set(request.id, request);
          const care = await world.store.requests.aftercareOf(request.id);
          if (care?.temporary) checkEnd(world, care, requests);
        }
      };
      for (const what of happenings) {
        await happen(world, what);
        await look();
      }
      for (let round = 0; round < 600 && world.store.work.nextDue; round++) {
        const due = world.store.work.nextDue;
        world.clock.advance(Math.max(due.getTime() - world.clock.now().getTime(), 0));
        await happen(world, { kind: "work" });
        await look();
      }
      expect(world.store.work.waiting).toEqual([]);
      const care = await world.store.requests.aftercareOf("CR-1");
      expect(care?.temporary?.state).toBe("over");
      expect(care?.watch?.state).not.toBe("watching");
      const writes = world.store.events.filter(({ kind, to }) => kind === "opened" && to === "approved");
      for (const { details } of writes) expect(["revert", "quick-undo"]).toContain(details.permit);
    }),
    { numRuns: 150 },
  );
}, 120_000);

function inWork({ state }: ChangeRequest): boolean {
  return state === "applying" || state === "verifying";
}
