import { describe, expect, test } from "vitest";
import type { FlowWorld } from "../support/flow-world.ts";
import { allFlagsOff } from "../support/observations.ts";
import { appX, flagsOf, minutes, pass, said, stateOf, temporary } from "../support/temporary-world.ts";

describe("a temporary change whose revert finds Azure away", () => {
  const away = {
    result: {
      kind: "refused",
      failure: { code: "azure-unreachable", message: "Azure could not be reached." },
    },
  } as const;
  const waiting = (world: FlowWorld) => said(world).split("could not be turned back yet").length - 1;

  test("is turned back when it is there again, and people are told once that it takes longer", async () => {
    const world = await temporary();
    world.routing.order.write(away);
    await pass(world, 120 * minutes);
    expect(await stateOf(world, "CR-2")).toBe("failed");
    expect(said(world)).toContain(
      "could not be turned back yet: CR-2 changed nothing. Azure could not be reached.",
    );
    expect(JSON.stringify(world.card("CR-1").blocks)).toContain(
      "Was to be turned back at 2026-11-22 16:00 UTC; I try again at 2026-11-22 16:05 UTC.",
    );
    world.routing.order.write(away);
    await world.pass(6 * minutes);
    expect(await stateOf(world, "CR-3")).toBe("failed");
    expect(flagsOf(world).applicationTraffic).toBe(true);
    await world.pass(10 * minutes);
    expect(await stateOf(world, "CR-4")).toBe("confirmed");
    expect(flagsOf(world)).toEqual(allFlagsOff);
    expect(waiting(world)).toBe(1);
    expect(JSON.stringify(world.card("CR-1").blocks)).toContain("Turned back by CR-4.");
  });

  test("for a day is told then, and not tried for ever", async () => {
    const world = await temporary();
    for (let times = 0; times < 100; times++) world.routing.order.write(away);
    await world.pass(40 * 60 * minutes);
    // After 0, 5, 10, 20 and 40 minutes and then every hour.
    expect(world.writes).toBeGreaterThan(25);
    expect(world.writes).toBeLessThan(35);
    expect(waiting(world)).toBe(1);
    expect(said(world)).toMatch(/was not turned back: CR-\d+ did not succeed/);
  });

  test("can be ended by hand meanwhile", async () => {
    const world = await temporary();
    world.routing.order.write(away);
    await pass(world, 121 * minutes);
    await world.click("robin", "end", "CR-1");
    await world.run();
    expect(flagsOf(world)).toEqual(allFlagsOff);
  });

  test("can be given more time meanwhile, from then on", async () => {
    const world = await temporary();
    for (let times = 0; times < 3; times++) world.routing.order.write(away);
    await world.pass(136 * minutes);
    await world.say("robin", "extend CR-1 by 10m");
    await world.click("ana", "approve", "CR-5");
    await world.run();
    expect(await stateOf(world, "CR-5")).toBe("confirmed");
    const { temporary: runs } = (await world.store.requests.aftercareOf("CR-1")) ?? {};
    expect(runs?.endsAt.getTime()).toBeGreaterThanOrEqual(world.clock.now().getTime() + 9 * minutes);
  });

  test("is given no time that is over when it is approved", async () => {
    const world = await temporary();
    for (let times = 0; times < 9; times++) world.routing.order.write(away);
    await world.pass(136 * minutes);
    await world.say("robin", "extend CR-1 by 1m");
    world.clock.advance(2 * minutes);
    await world.click("ana", "approve", "CR-5");
    await world.run();
    expect(await stateOf(world, "CR-5")).toBe("stale");
  });

  test("and somebody who changes the site meanwhile is not overwritten, but asked", async () => {
    const world = await temporary();
    world.routing.order.write(away);
    await pass(world, 120 * minutes);
    world.routing.setFlags(appX, { contentShareTraffic: true });
    await world.pass(10 * minutes);
    expect(await stateOf(world, "CR-3")).toBe("pending");
    expect(flagsOf(world).applicationTraffic).toBe(true);
  });
});
