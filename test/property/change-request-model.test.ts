import fc from "fast-check";
import { expect, test } from "vitest";
import { type ChangeRequest, isTerminal } from "../../src/domain/change/change-request.ts";
import type { FreezeWindow } from "../../src/domain/change/freeze-window.ts";
import { handlers } from "../../src/flow/handlers.ts";
import { FlowWorld, type Who } from "../support/flow-world.ts";
import { sampleTarget, unreadableLegacySettings } from "../support/observations.ts";

const appX = sampleTarget("app-x").resourceId;

/** Anything that can happen to one request. */
type Happening =
  | { readonly kind: "click"; readonly who: Who; readonly verb: Clicked }
  | { readonly kind: "review"; readonly who: Who; readonly verb: "justified" | "not-justified" }
  | { readonly kind: "say"; readonly text: "freeze all changes" | "unfreeze" }
  | { readonly kind: "freeze"; readonly on: boolean }
  | { readonly kind: "time"; readonly minutes: number }
  | {
      readonly kind: "break-glass" | "work" | "drift" | "busy" | "crash-before-write" | "crash-after-write";
    }
  /** Azure asks to come again, the write done or not; the app settings cannot be read for a moment. */
  | { readonly kind: "unavailable" | "unavailable-but-done" | "refused" | "unread" }
  | { readonly kind: "right-lost"; readonly right: "approve" | "breakGlass" };
type Clicked = "approve" | "reject" | "cancel" | "withdraw";

const who = fc.constantFrom<Who>("robin", "ana", "ben", "olga");
const just = <T extends string>(...kinds: T[]) =>
  fc.constantFrom(...kinds).map((kind) => ({ kind }) as const);
const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("click" as const),
      who,
      verb: fc.constantFrom<Clicked>("approve", "approve", "withdraw", "reject", "cancel"),
    }),
  },
  { weight: 5, arbitrary: just("work") },
  // A clock may also be set back.
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("time" as const), minutes: fc.integer({ min: -30, max: 130 }) }),
  },
  {
    weight: 2,
    arbitrary: just("break-glass", "drift", "crash-before-write", "crash-after-write", "busy"),
  },
  { weight: 2, arbitrary: just("unavailable", "unavailable-but-done", "refused", "unread") },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("say" as const),
      text: fc.constantFrom("freeze all changes" as const, "unfreeze" as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("freeze" as const), on: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("review" as const),
      who,
      verb: fc.constantFrom("justified" as const, "not-justified" as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("right-lost" as const),
      right: fc.constantFrom("approve" as const, "breakGlass" as const),
    }),
  },
);

const always: FreezeWindow = {
  name: "always",
  zone: "Europe/Berlin",
  stopsBreakGlass: false,
  spans: [{ kind: "weekly", from: 0, to: 7 * 24 * 60 }],
};

async function happen(world: FlowWorld, what: Happening): Promise<void> {
  switch (what.kind) {
    case "click":
      await world.click(what.who, what.verb, "CR-1", "Because.");
      return;
    case "review":
      await world.click(what.who, what.verb, "CR-1", "Looked at.");
      return;
    case "break-glass": {
      const question = world.store.deliveries.find(({ owed }) => owed.key === "CR-1:break-glass-question");
      const asked = question?.owed.kind === "message" ? question.owed.view.actions[0] : undefined;
      if (asked) await world.click("robin", "confirm", asked.id);
      return;
    }
    case "say":
      await world.send("ana", what.text);
      await world.store.work.start(handlers(world.flow));
      await world.store.work.runNext("handle-message");
      return;
    case "freeze":
      world.rule = { ...world.rule, freeze: what.on ? [always] : [] };
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
    case "refused": {
      const code = what.kind === "busy" ? "azure-busy" : "azure-denied";
      world.routing.order.write({ result: { kind: "refused", failure: { code, message: "No." } } });
      return;
    }
    case "unavailable":
    case "unavailable-but-done": {
      const failure = { code: "azure-unexpected", message: "Come again.", status: 503 } as const;
      const apply = what.kind === "unavailable" ? "nothing" : "all";
      world.routing.order.write({ result: { kind: "unclear", failure }, apply });
      return;
    }
    case "unread":
      world.routing.order.observe(() => ({
        kind: "observed",
        observation: {
          ...world.routing.site(appX),
          observedAt: world.clock.now(),
          legacy: unreadableLegacySettings,
        },
      }));
      return;
    case "right-lost":
      world.rule = { ...world.rule, [what.right]: what.right === "approve" ? ["ben"] : [] };
      return;
    default:
      what satisfies never;
  }
}

/** What was so before something happened, as far as it must not be changed, or decides about what may happen. */
async function lookBefore(world: FlowWorld) {
  return {
    writes: world.writes,
    events: world.store.events.length,
    isStopped: (await world.store.stops.active()).length > 0,
    isFrozen: (world.rule.freeze ?? []).length > 0,
    rule: world.rule,
    review: await world.store.reviews.get("CR-1"),
  };
}

/** Nothing is written without a valid quorum on exactly this plan or a confirmed break glass, nor while writes are held. */
function checkWrite(
  request: ChangeRequest,
  { rule, isStopped, isFrozen }: Awaited<ReturnType<typeof lookBefore>>,
  quorum: number,
): void {
  const { permit, approvals, plan } = request;
  const forThis = approvals.filter(({ fingerprint }) => fingerprint === plan.fingerprint);
  const deciders = new Set(forThis.map(({ person }) => person.id));
  expect(isStopped).toBe(false);
  if (permit) {
    expect(permit).toMatchObject({ person: { id: "robin" }, fingerprint: plan.fingerprint });
    expect(rule.breakGlass).toContain("robin");
  } else {
    expect(isFrozen).toBe(false);
    expect([...deciders].filter((id) => rule.approve.includes(id)).length).toBeGreaterThanOrEqual(quorum);
  }
}

/** "Nothing was changed" is only said where nothing was: here nobody but us turns application traffic on. */
function checkNothingChanged(world: FlowWorld, request: ChangeRequest): void {
  if (world.routing.site(appX).flags.applicationTraffic !== true) return;
  expect(["applying", "verifying", "confirmed", "failed"]).toContain(request.state);
  if (request.state !== "failed") return;
  expect(request.outcomes.map(({ kind }) => kind)).not.toContain("not-applied");
  expect(request.outcomes.map(({ kind }) => kind)).not.toContain("skipped");
}

/**
 * Whatever happens in whatever order: nothing is written without a valid quorum on the plan or a confirmed break glass, and
 * nothing while it is stopped; every write is the approved one, an ended request never changes, every step and every click that
 * was answered is in the audit, a broken glass is reviewed once, and "confirmed" is only said of what the site says.
 */
test("the promises hold under any sequence of clicks, freezes, time, drift and crashes", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(happening, { minLength: 1, maxLength: 25 }),
      fc.constantFrom(1, 2),
      fc.boolean(),
      async (happenings, quorum, urgent) => {
        const world = new FlowWorld();
        world.rule = { ...world.rule, quorum, breakGlass: ["robin"] };
        await world.say(
          "robin",
          `${urgent ? "break glass: " : ""}route all traffic for app-x because it is down`,
        );
        let ended: unknown;
        for (const what of happenings) {
          const before = await lookBefore(world);
          await happen(world, what);
          const request = await world.store.requests.get("CR-1");
          if (!request) throw new Error("the request is gone");

          const deciders = new Set(request.approvals.map(({ person }) => person.id));
          expect(deciders.has("robin")).toBe(false);
          expect(deciders.has("olga")).toBe(false);
          expect(deciders.size).toBe(request.approvals.length);
          if (world.writes > before.writes) checkWrite(request, before, quorum);
          checkNothingChanged(world, request);
          if (ended) expect(request).toEqual(ended);
          if (isTerminal(request)) ended = request;
          if (request.state === "confirmed") {
            expect(request.outcomes[0]?.after.storedMap).toMatchObject(request.plan.entries[0].wanted);
          }
          const fresh = world.store.events.slice(before.events);
          const isReviewed = what.kind === "review" && before.review && !before.review.finding;
          if (what.kind === "click" || isReviewed) {
            const by = what.kind === "click" || what.kind === "review" ? what.who : "";
            expect(fresh.filter(({ person }) => person?.id === by)).toHaveLength(1);
          }
          expect(world.store.events.filter(({ to }) => to !== undefined)).toHaveLength(request.revision);
          const review = await world.store.reviews.get("CR-1");
          expect(review !== undefined).toBe(request.permit !== undefined);
          if (before.review?.finding) expect(review).toEqual(before.review);
          if (review?.finding) expect(["ana", "ben"]).toContain(review.finding.by.id);
        }
        const sent = world.routing.calls.filter(({ method }) => method === "write");
        const request = await world.store.requests.get("CR-1");
        for (const call of sent) expect(call).toMatchObject({ wanted: request?.plan.entries[0].wanted });

        // Left alone, it comes to an end, and the card says which.
        for (let round = 0; round < 3_000 && world.store.work.nextDue; round++) {
          const due = world.store.work.nextDue;
          // Not every look at a freeze, of which there are twelve a minute.
          world.clock.advance(Math.max(due.getTime() - world.clock.now().getTime(), 60_000));
          await happen(world, { kind: "work" });
        }
        const last = await world.store.requests.get("CR-1");
        expect(last && isTerminal(last)).toBe(true);
        if (last) checkNothingChanged(world, last);
        const offers = world.card("CR-1").actions.map(({ verb }) => verb);
        expect(offers).toEqual(last?.state === "stale" ? ["again"] : []);
        expect(world.chat.posted.filter(({ key }) => key === "CR-1:outcome")).toHaveLength(1);
      },
    ),
    { numRuns: 300 },
  );
});
