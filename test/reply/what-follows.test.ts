import { describe, expect, test } from "vitest";
import { renderView } from "../../src/adapters/slack/render-view.ts";
import { renderCard } from "../../src/adapters/teams/card/render-card.ts";
import { checkBlocks } from "../../src/playground/slack/block-kit.ts";
import type { View } from "../../src/reply/view.ts";
import { FlowWorld } from "../support/flow-world.ts";
import { sampleTarget } from "../support/observations.ts";

const appX = sampleTarget("app-x").resourceId;
const minutes = 60_000;

async function running(): Promise<FlowWorld> {
  const world = await pending();
  await world.click("ana", "approve", "CR-1");
  await world.run();
  return world;
}

async function pending(): Promise<FlowWorld> {
  const world = new FlowWorld();
  world.rule = { ...world.rule, watch: { forMs: 10 * minutes }, quickUndo: ["requester"] };
  await world.say("robin", "route all traffic for app-x for 2 hours because of the audit");
  return world;
}

async function pass(world: FlowWorld, ms: number): Promise<void> {
  world.clock.advance(ms);
  await world.run();
}

/** The words about what follows a change, as people come to see them. */
const moments: Record<string, () => Promise<View | undefined>> = {
  "temporary-pending": async () => (await pending()).card("CR-1"),
  "temporary-running": async () => (await running()).card("CR-1"),
  "temporary-reminder": async () => {
    const world = await running();
    await pass(world, 110 * minutes);
    return world.shown.find(({ summary }) => summary.includes("to ask for more time"));
  },
  "temporary-foreign-edit": async () => {
    const world = await running();
    world.routing.setFlags(appX, { contentShareTraffic: true });
    await pass(world, 120 * minutes);
    await pass(world, 1);
    return world.shown.find(({ summary }) => summary.includes("I do not turn it back by myself"));
  },
  "temporary-extension": async () => {
    const world = await running();
    await world.say("robin", "extend CR-1 by 1h");
    return world.card("CR-2");
  },
  "temporary-extended": async () => {
    const world = await running();
    await world.say("robin", "extend CR-1 by 1h");
    await world.click("ana", "approve", "CR-2");
    await world.run();
    return world.shown.find(({ title }) => title === "CR-2: confirmed");
  },
  worse: async () => {
    const world = await running();
    world.routing.change(appX, { state: "Stopped" });
    await pass(world, 30_000);
    await pass(world, 15_000);
    return world.shown.find(({ title }) => title === "Worse since CR-1");
  },
  "quick-undo": async () => {
    const world = await running();
    await world.click("robin", "undo", "CR-1");
    await world.run();
    return world.card("CR-2");
  },
};

describe("what follows a change, in both chats", () => {
  test.each(Object.keys(moments))("%s", async (name) => {
    const view = await moments[name]?.();
    if (!view) throw new Error(`${name} was never shown`);
    expect(checkBlocks(renderView(view).blocks, () => "b")).toMatchObject({ ok: true });
    // Below its head a card shows the plan, whose words are not the subject here.
    const head = { ...view, blocks: view.blocks.slice(0, 4) };
    const message = renderView(head);
    const golden = (chat: string) => `../golden/${chat}/${name}.json`;
    await expect(`${JSON.stringify(message, null, 2)}\n`).toMatchFileSnapshot(golden("slack"));
    await expect(`${JSON.stringify(renderCard(head), null, 2)}\n`).toMatchFileSnapshot(golden("teams"));
  });
});
