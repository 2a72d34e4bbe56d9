import { expect, test } from "vitest";
import { FlowWorld } from "../support/flow-world.ts";

async function requested(): Promise<FlowWorld> {
  const world = new FlowWorld();
  await world.say("robin", "route all traffic for app-x");
  return world;
}

test("a decision by text on what is decided already asks nothing", async () => {
  const world = await requested();
  await world.click("ana", "approve", "CR-1");
  await world.run();
  await world.say("ben", "approve CR-1");
  expect(world.shown.at(-1)).toMatchObject({
    actions: [],
    summary: "CR-1 is already decided: it was applied and confirmed.",
  });
  await world.say("ben", "withdraw my approval of CR-1");
  expect(world.latest).toContain("already decided");
});

test("the card says of its plan whether it is so now, was so before, or never came about", async () => {
  const world = await requested();
  const columns = () => JSON.stringify(world.card("CR-1").blocks.find(({ kind }) => kind === "table"));
  expect(columns()).toContain('["Traffic","Now","After"]');
  await world.click("ana", "approve", "CR-1");
  await world.run();
  expect(columns()).toContain('["Traffic","Before","After"]');
  const other = await requested();
  await other.click("robin", "cancel", "CR-1");
  await other.run();
  expect(JSON.stringify(other.card("CR-1").blocks)).toContain('["Traffic","Before","Planned"]');
});
