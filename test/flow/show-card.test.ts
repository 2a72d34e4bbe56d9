import { expect, test } from "vitest";
import { channel, directChat, FlowWorld, otherChannel, people, type Who } from "../support/flow-world.ts";

const look = (world: FlowWorld, who: Who, place = channel) =>
  world.receive({ kind: "viewed", id: `look-${who}`, actor: people[who], place, target: "CR-1" });

async function opened(): Promise<FlowWorld> {
  const world = new FlowWorld();
  await world.say("robin", "route all traffic for app-x");
  return world;
}

test("each person is shown the card that is theirs, and nothing comes of looking", async () => {
  const world = await opened();
  const before = await world.store.requests.get("CR-1");
  const events = world.store.events.length;
  const buttons = async (who: Who) => {
    const reply = await look(world, who);
    return reply.kind === "card" ? reply.view.actions.map(({ verb }) => verb) : reply.kind;
  };
  expect(await buttons("ana")).toEqual(["approve", "reject", "cancel"]);
  expect(await buttons("robin")).toEqual(["cancel"]);
  expect(await buttons("olga")).toEqual([]);
  expect(await world.store.requests.get("CR-1")).toEqual(before);
  expect(world.store.events).toHaveLength(events);
});

test("the card is drawn by the policy now in force", async () => {
  const world = await opened();
  world.rule = { ...world.rule, approve: ["ben"] };
  expect(await look(world, "ana")).toMatchObject({ kind: "card", view: { actions: [] } });
});

test("a client that asks from elsewhere learns nothing that its person may not see", async () => {
  const world = await opened();
  for (const place of [otherChannel, directChat]) {
    expect(await look(world, "olga", place)).toMatchObject({
      kind: "notice",
      text: expect.stringContaining("I know no change request"),
    });
    expect(await look(world, "ana", place)).toMatchObject({ kind: "card" });
  }
});
