import { describe, expect, test } from "vitest";
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
