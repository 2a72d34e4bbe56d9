import { describe, expect, test } from "vitest";
import { deliverOwed } from "../../src/flow/deliver-owed.ts";
import type { Chat } from "../../src/ports/chat.ts";
import type { Clock } from "../../src/ports/clock.ts";
import { FlowWorld } from "../support/flow-world.ts";

describe("what is owed to the chat", () => {
  test("a chat that is away gets everything when it is back", async () => {
    const world = new FlowWorld();
    world.chat.results.push({ kind: "retry", afterMs: 30_000, why: "429" });
    await world.say("robin", "route all traffic for app-x");
    expect(world.chat.posted).toHaveLength(0);
    world.clock.advance(30_000);
    await world.run();
    expect(world.card("CR-1").tone).toBe("waiting");
  });

  test("a post whose end is unclear is looked up and not posted twice", async () => {
    const world = new FlowWorld();
    world.chat.results.push({ kind: "unclear", why: "reset" });
    await world.say("robin", "route all traffic for app-x");
    world.clock.advance(5_000);
    await world.run();
    expect(world.chat.posted).toHaveLength(1);
    await world.click("ana", "approve", "CR-1");
    await world.run();
    expect(world.card("CR-1").tone).toBe("good");
  });

  test("where it cannot be looked up it is posted once more, and both cards are harmless", async () => {
    const world = new FlowWorld();
    world.chat.lookUpAnswer = "cannot";
    world.chat.results.push({ kind: "unclear", why: "reset" });
    await world.say("robin", "route all traffic for app-x");
    world.clock.advance(5_000);
    await world.run();
    expect(world.chat.posted).toHaveLength(2);
    await world.click("ana", "approve", "CR-1");
    await world.click("ana", "approve", "CR-1");
    await world.run();
    expect(world.writes).toBe(1);
  });

  describe("by a worker that stood still", () => {
    const key = "CR-1:card";
    const context = { signal: new AbortController().signal, attempt: 1 };

    /** A card that is to show the first of two approvals. */
    async function halfApproved(): Promise<FlowWorld> {
      const world = new FlowWorld();
      world.rule = { ...world.rule, quorum: 2 };
      await world.say("robin", "route all traffic for app-x");
      await world.click("ana", "approve", "CR-1");
      return world;
    }

    test("is not sent once somebody else has taken over", async () => {
      const world = await halfApproved();
      const lease = new AbortController();
      // What a timer that is due does, as soon as timers are let run.
      const clock: Clock = {
        now: () => world.clock.now(),
        sleep: async () => lease.abort(new Error("taken over")),
      };
      const late = deliverOwed({ ...world.flow, clock }, key, { ...context, signal: lease.signal });
      await expect(late).rejects.toThrow("taken over");
      expect(world.chat.posted[0]?.views).toHaveLength(1);
    });

    test("and arrives after what came later: the card comes to show how it stands all the same", async () => {
      const world = await halfApproved();
      const [reached, goesOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const slow: Chat = {
        platform: "teams",
        post: (request) => world.chat.post(request),
        openDirect: (account) => world.chat.openDirect(account),
        lookUp: (place, wanted) => world.chat.lookUp(place, wanted),
        async update(request) {
          reached.resolve();
          await goesOn.promise;
          return world.chat.update(request);
        },
      };
      const late = deliverOwed({ ...world.flow, chats: new Map([["teams", slow]]) }, key, context);
      await reached.promise;
      await world.click("ben", "approve", "CR-1");
      await world.run();
      expect(world.card("CR-1").tone).toBe("good");
      goesOn.resolve();
      await late;
      expect(world.card("CR-1").tone).not.toBe("good");
      await world.run();
      expect(world.card("CR-1").tone).toBe("good");
    });
  });

  /** Time goes by, in seconds, and whatever is due is done. */
  async function pass(world: FlowWorld, seconds: number): Promise<void> {
    for (let passed = 0; passed < seconds; passed += 5) {
      world.clock.advance(5_000);
      await world.run();
    }
  }
  const reset = { kind: "unclear", why: "reset" } as const;
  const cards = (world: FlowWorld) => world.chat.posted.filter(({ key }) => key === "CR-1:card");
  /** The copy of the card that the bot knows of. */
  const lastCard = (world: FlowWorld) => cards(world).at(-1)?.views.at(-1);

  test("a chat that breaks connections for an hour is sent nothing meanwhile, and gets everything after it, with a note", async () => {
    const world = new FlowWorld();
    world.chat.lookUpAnswer = "away";
    world.chat.results.push(reset);
    await world.say("robin", "route all traffic for app-x");
    await pass(world, 3_600);
    expect(world.chat.posted).toHaveLength(1);
    world.chat.lookUpAnswer = "cannot";
    await pass(world, 70);
    expect(world.chat.posted).toHaveLength(2);
    expect(JSON.stringify(world.chat.posted[0]?.views)).not.toContain("twice");
    expect(JSON.stringify(world.chat.posted[1]?.views)).toContain("This may be here twice");
    // The note goes with what it was about.
    await world.click("ana", "approve", "CR-1");
    await world.run();
    expect(lastCard(world)?.tone).toBe("good");
    expect(JSON.stringify(lastCard(world))).not.toContain("twice");
  });

  test("one that answers but loses what it is sent gets few tries in that hour, whatever happens meanwhile, and one after it", async () => {
    const world = new FlowWorld();
    world.chat.lookUpAnswer = "cannot";
    world.chat.results.push(reset, reset, reset, reset, reset);
    await world.say("robin", "route all traffic for app-x");
    await pass(world, 60);
    await world.click("ben", "reject", "CR-1", "no");
    await pass(world, 3_600);
    expect(cards(world).length).toBeLessThanOrEqual(5);
    await pass(world, 3_600);
    expect(lastCard(world)?.summary).toContain("Rejected");
    expect(world.log.named("delivery-dead")).toEqual([]);
  });

  test("tries that certainly did not arrive are not counted among those that may have", async () => {
    const world = new FlowWorld();
    world.chat.lookUpAnswer = "cannot";
    const refused = { kind: "retry", afterMs: 1_000, why: "429" } as const;
    world.chat.results.push(...Array.from({ length: 10 }, () => refused), reset);
    await world.say("robin", "route all traffic for app-x");
    await pass(world, 120);
    expect(cards(world)).toHaveLength(2);
    expect(world.log.named("delivery-dead")).toEqual([]);
  });

  test("what was never heard of after six tries is given up, and said in the log", async () => {
    const world = new FlowWorld();
    world.chat.lookUpAnswer = "cannot";
    world.chat.results.push(...Array.from({ length: 20 }, () => reset));
    await world.say("robin", "help");
    await pass(world, 4 * 3_600);
    expect(world.chat.posted).toHaveLength(6);
    expect(world.log.named("delivery-dead")).toHaveLength(1);
  });

  test("a conversation that is gone is not tried for ever, and the request goes on", async () => {
    const world = new FlowWorld();
    world.chat.results.push({ kind: "gone", why: "channel deleted" });
    await world.say("robin", "route all traffic for app-x");
    await world.click("ana", "approve", "CR-1");
    await world.run();
    expect((await world.store.requests.get("CR-1"))?.state).toBe("confirmed");
  });

  test("a card that the chat refuses is told as one plain sentence instead, once", async () => {
    const world = new FlowWorld();
    world.chat.results.push({ kind: "refused", why: "invalid card" });
    await world.say("robin", "route all traffic for app-x");
    expect(world.shown.map(({ summary }) => summary)).toEqual([
      expect.stringContaining("CR-1: Application traffic"),
    ]);
    expect(world.shown[0]?.actions).toEqual([]);
    await world.say("ana", "approve CR-1");
    await world.click("ana", "confirm", world.shown.at(-1)?.actions[0]?.id ?? "");
    await world.run();
    expect(world.writes).toBe(1);
  });

  test("where even the plain sentence is refused, that is the end of it", async () => {
    const world = new FlowWorld();
    world.chat.results.push({ kind: "refused", why: "no" }, { kind: "refused", why: "no" });
    await world.say("robin", "route all traffic for app-x");
    expect(world.shown).toEqual([]);
    expect(world.log.named("delivery-dead")).toHaveLength(2);
  });

  test("an update that fails is repeated until the card shows the state as it is", async () => {
    const world = new FlowWorld();
    await world.say("robin", "route all traffic for app-x");
    await world.click("ben", "reject", "CR-1", "no");
    world.chat.results.push({ kind: "unclear", why: "reset" }, { kind: "retry", afterMs: 1000, why: "429" });
    await world.run();
    world.clock.advance(60_000);
    await world.run();
    world.clock.advance(60_000);
    await world.run();
    expect(world.card("CR-1").summary).toContain("Rejected");
  });
});
