import { describe, expect, test } from "vitest";
import { FlowWorld } from "../support/flow-world.ts";
import { allFlagsOff, sampleTarget } from "../support/observations.ts";
import { appX, flagsOf, minutes, pass, said, stateOf, temporary } from "../support/temporary-world.ts";

const appY = sampleTarget("app-y").resourceId;

describe("a temporary change", () => {
  test("says on its card that the approval covers turning it back", async () => {
    const world = new FlowWorld();
    await world.say("robin", "route all traffic for app-x for 2 hours");
    const card = world.card("CR-1");
    expect(card.title).toBe("CR-1: Application traffic (Route All) on (temporary, 2 hours) for app-x");
    expect(JSON.stringify(card.blocks)).toContain("Then it is turned back without another approval");
  });

  test("counts from the confirmation, and is turned back by a request that needs no approval", async () => {
    const world = new FlowWorld();
    await world.say("robin", "route all traffic for app-x for 2 hours");
    await pass(world, 3 * 60 * minutes);
    await world.click("ana", "approve", "CR-1");
    await world.run();
    expect(JSON.stringify(world.card("CR-1").blocks)).toContain("To be turned back at 2026-11-22 19:00 UTC.");
    const told = world.shown.find(({ title }) => title === "CR-1: confirmed");
    expect(JSON.stringify(told)).toContain("To be turned back at 2026-11-22 19:00 UTC.");
    await pass(world, 119 * minutes);
    expect(flagsOf(world).applicationTraffic).toBe(true);
    await pass(world, 1 * minutes);
    expect(flagsOf(world)).toEqual(allFlagsOff);
    expect(await world.store.requests.get("CR-2")).toMatchObject({
      state: "confirmed",
      approvals: [],
      requester: { id: "robin" },
      follows: { kind: "revert", of: "CR-1" },
      permit: { kind: "revert" },
    });
    expect(world.card("CR-2").summary).toContain("Approved with CR-1, whose time is over");
    await world.say("robin", "history of CR-1");
    expect(world.latest).toContain("it was turned back by CR-2");
    const card = JSON.stringify(world.card("CR-1"));
    expect(card).toContain("Turned back by CR-2.");
    expect(world.card("CR-1").actions).toEqual([]);
    expect(world.store.work.waiting).toEqual([]);
    const opened = world.store.events.find(({ request }) => request === "CR-2");
    expect(opened).toMatchObject({
      kind: "opened",
      details: { permit: "revert", revert: "CR-1" },
    });
    expect(opened?.person).toBeUndefined();
  });

  test("reminds before its end, once", async () => {
    const world = await temporary();
    await pass(world, 109 * minutes);
    expect(said(world)).not.toContain("is turned back at");
    await pass(world, 1 * minutes);
    expect(world.latest).toContain("is turned back at 2026-11-22 16:00 UTC");
    expect(world.shown.at(-1)?.actions).toMatchObject([{ verb: "end", id: "CR-1" }]);
    await pass(world, 5 * minutes);
    expect(said(world).split('Write "extend').length).toBe(2);
  });

  test("that somebody else has changed is asked about, with the foreign edit", async () => {
    const world = await temporary();
    world.routing.setFlags(appX, { contentShareTraffic: true });
    await pass(world, 120 * minutes);
    expect(flagsOf(world).applicationTraffic).toBe(true);
    expect(await world.store.requests.get("CR-2")).toMatchObject({
      state: "pending",
      follows: { kind: "revert", of: "CR-1" },
    });
    expect(said(world)).toContain("contentShareTraffic was false and is true");
    expect(JSON.stringify(world.card("CR-1"))).toContain("CR-2 asks whether to turn it back");
    await world.click("robin", "approve", "CR-2");
    expect(await stateOf(world, "CR-2")).toBe("pending");
    await world.click("ben", "approve", "CR-2");
    await world.run();
    expect(flagsOf(world)).toEqual({ ...allFlagsOff, contentShareTraffic: true });
  });

  test("of several sites turns back those that are as it left them, and asks about the others", async () => {
    const world = await temporary("route all traffic for app-x and app-y for 2 hours");
    world.routing.setFlags(appX, { contentShareTraffic: true });
    await pass(world, 120 * minutes);
    expect(flagsOf(world, appY)).toEqual(allFlagsOff);
    expect(flagsOf(world).applicationTraffic).toBe(true);
    expect(await stateOf(world, "CR-2")).toBe("confirmed");
    expect(await world.store.requests.get("CR-3")).toMatchObject({ state: "pending" });
    expect(world.card("CR-3").title).toContain("for app-x");
  });

  test("that somebody has put back already is left at that, and said", async () => {
    const world = await temporary();
    world.routing.setFlags(appX, { applicationTraffic: false });
    await pass(world, 120 * minutes);
    expect(world.writes).toBe(1);
    expect(said(world)).toContain("Not turned back: app-x no longer says what was changed");
  });

  test("is turned back under a policy that has lost its rule, since that was approved", async () => {
    const world = await temporary();
    world.rule = { ...world.rule, sites: { ...world.rule.sites, names: ["none"] } };
    await pass(world, 120 * minutes);
    expect(flagsOf(world)).toEqual(allFlagsOff);
  });

  test("whose site cannot be read is tried again, and told once", async () => {
    const world = await temporary();
    const failure = { code: "azure-unreachable", message: "Azure cannot be reached." } as const;
    for (let round = 0; round < 3; round++) world.routing.order.observe({ kind: "failed", failure });
    await pass(world, 120 * minutes);
    await pass(world, 30_000);
    expect(flagsOf(world).applicationTraffic).toBe(true);
    expect(said(world).split("could not be turned back yet").length).toBe(2);
    await pass(world, 30_000);
    await pass(world, 30_000);
    expect(flagsOf(world)).toEqual(allFlagsOff);
  });

  test("whose revert finds the site changed in the last moment is looked at anew", async () => {
    const world = await temporary();
    world.clock.advance(120 * minutes);
    await world.store.work.runNext("aftercare");
    expect(await stateOf(world, "CR-2")).toBe("approved");
    world.routing.setFlags(appX, { contentShareTraffic: true });
    await world.run();
    await pass(world, 1);
    expect(await stateOf(world, "CR-2")).toBe("stale");
    expect(await stateOf(world, "CR-3")).toBe("pending");
    expect(flagsOf(world).applicationTraffic).toBe(true);
  });

  test("whose revert fails is told, with a button for an undo, and not tried for ever", async () => {
    const world = await temporary();
    world.routing.order.write({
      result: { kind: "refused", failure: { code: "azure-denied", message: "No." } },
    });
    await pass(world, 120 * minutes);
    expect(await stateOf(world, "CR-2")).toBe("failed");
    expect(said(world)).toContain("was not turned back: CR-2 did not succeed");
    await pass(world, 600 * minutes);
    expect(world.writes).toBe(2);
    await world.click("robin", "undo", "CR-1");
    await world.run();
    expect(world.card("CR-3").title).toContain("Undo of CR-1");
  });

  test("that failed half-way is turned back as far as it got", async () => {
    const world = new FlowWorld();
    world.routing.order.write({ result: { kind: "accepted", receipt: { status: 200 } } });
    world.routing.order.write({
      result: { kind: "refused", failure: { code: "azure-denied", message: "No." } },
    });
    await world.say("robin", "route all traffic for app-x and app-y for 2 hours");
    await world.click("ana", "approve", "CR-1");
    await world.run();
    expect(await stateOf(world, "CR-1")).toBe("failed");
    await pass(world, 120 * minutes);
    expect(flagsOf(world)).toEqual(allFlagsOff);
  });

  test("longer than the rule allows is refused", async () => {
    const world = new FlowWorld();
    world.rule = { ...world.rule, maxDurationMs: 60 * minutes };
    await world.say("robin", "route all traffic for app-x for 2 hours");
    expect(world.latest).toContain("may last 60 minutes at most");
    expect(await world.store.requests.get("CR-1")).toBeUndefined();
    await world.say("robin", "route all traffic for app-x for 1 hour");
    expect(world.card("CR-1").title).toContain("temporary, 60 minutes");
  });

  test("with another request open for its site is turned back all the same", async () => {
    const world = await temporary();
    await world.say("robin", "stop routing all traffic for app-x");
    await pass(world, 120 * minutes);
    expect(flagsOf(world)).toEqual(allFlagsOff);
  });
});

describe("the end of a temporary change", () => {
  const always = {
    name: "always",
    zone: "UTC",
    stopsBreakGlass: true,
    spans: [{ kind: "weekly", from: 0, to: 7 * 24 * 60 }],
  } as const;

  test("is not held up by a freeze, for it was approved with the change", async () => {
    const world = await temporary();
    world.rule = { ...world.rule, freeze: [always] };
    await pass(world, 120 * minutes);
    expect(await stateOf(world, "CR-2")).toBe("confirmed");
    expect(flagsOf(world)).toEqual(allFlagsOff);
  });

  test("is held by a stop, for as long as that lasts, and that is told; afterwards it follows by itself", async () => {
    const world = await temporary();
    await world.say("ana", "freeze all changes because of an incident");
    await pass(world, 120 * minutes);
    expect(flagsOf(world).applicationTraffic).toBe(true);
    expect(world.latest).toContain("CR-2 is approved and waits: all changes are stopped by Ana Alvarez");
    expect(world.card("CR-2").summary).toContain("It waits: all changes are stopped by Ana Alvarez");
    // Longer than a request has to begin.
    await world.pass(150 * minutes);
    expect(flagsOf(world).applicationTraffic).toBe(true);
    expect(world.writes).toBe(1);
    await world.say("ana", "unfreeze");
    await world.pass(1 * minutes);
    expect(flagsOf(world)).toEqual(allFlagsOff);
    expect(JSON.stringify(world.card("CR-1"))).toMatch(/Turned back by CR-\d+\./);
    expect(world.writes).toBe(2);
  });
});

describe("more time", () => {
  test("needs an approval under the same rule, writes nothing, and counts", async () => {
    const world = await temporary();
    await world.say("robin", "extend CR-1 by 1h");
    expect(world.card("CR-2").title).toBe("CR-2: Keep CR-1 until 2026-11-22 17:00 UTC for app-x");
    await world.click("robin", "approve", "CR-2");
    expect(await stateOf(world, "CR-2")).toBe("pending");
    await world.click("ana", "approve", "CR-2");
    await world.run();
    expect(await stateOf(world, "CR-2")).toBe("confirmed");
    expect(world.card("CR-2").summary).toContain("CR-1 is turned back at 2026-11-22 17:00 UTC. Nothing was");
    expect(JSON.stringify(world.card("CR-1"))).toContain("To be turned back at 2026-11-22 17:00 UTC.");
    expect(world.writes).toBe(1);
    await pass(world, 125 * minutes);
    expect(flagsOf(world).applicationTraffic).toBe(true);
    await pass(world, 55 * minutes);
    expect(flagsOf(world)).toEqual(allFlagsOff);
    expect(world.store.events.filter(({ kind }) => kind === "extended")).toHaveLength(1);
  });

  test("that was approved too late does not bring the change back", async () => {
    const world = await temporary();
    await world.say("robin", "extend CR-1 by 1h");
    await pass(world, 120 * minutes);
    expect(flagsOf(world)).toEqual(allFlagsOff);
    await world.click("ana", "approve", "CR-2");
    await world.run();
    expect(await stateOf(world, "CR-2")).toBe("stale");
    expect(flagsOf(world)).toEqual(allFlagsOff);
  });

  test("asked for twice is granted once: the second no longer says when it ends", async () => {
    const world = await temporary();
    await world.say("robin", "extend CR-1 by 1h");
    await world.say("robin", "extend CR-1 by 2h");
    await world.click("ana", "approve", "CR-2");
    await world.run();
    await world.click("ana", "approve", "CR-3");
    await world.run();
    expect(await stateOf(world, "CR-3")).toBe("stale");
    expect(world.latest).toContain("CR-1 ends at another time by now");
  });

  test("cannot go beyond what the rule allows in all", async () => {
    const world = new FlowWorld();
    world.rule = { ...world.rule, maxDurationMs: 150 * minutes };
    await world.say("robin", "route all traffic for app-x for 2 hours");
    await world.click("ana", "approve", "CR-1");
    await world.run();
    await world.say("robin", "extend CR-1 by 1h");
    expect(world.latest).toContain("at most here, extensions included");
  });

  test("is only for temporary changes that still run", async () => {
    const world = await temporary();
    await pass(world, 120 * minutes);
    await world.say("robin", "extend CR-1 by 1h");
    expect(world.latest).toContain("CR-1 is no longer temporary. Turned back by CR-2.");
    const lasting = await temporary("route all traffic for app-x");
    await lasting.say("robin", "extend CR-1 by 1h");
    expect(lasting.latest).toContain("CR-1 is no temporary change");
  });
});

describe("more time in a freeze or a stop", () => {
  test.each(["freeze", "stop"])(
    "is given at once in a %s: it writes nothing, and the end would",
    async (hold) => {
      const world = await temporary();
      const endOf = async (of: FlowWorld) =>
        (await of.store.requests.aftercareOf("CR-1"))?.temporary?.endsAt.getTime() ?? 0;
      const endsAt = await endOf(world);
      if (hold === "stop") await world.say("ana", "freeze all changes");
      else {
        const spans = [{ kind: "weekly", from: 0, to: 7 * 24 * 60 }] as const;
        world.rule = {
          ...world.rule,
          freeze: [{ name: "always", zone: "UTC", stopsBreakGlass: true, spans }],
        };
      }
      // Approved before, and waiting for the end of the hold.
      await world.say("robin", "enable backup/restore over vnet for app-x");
      await world.click("ana", "approve", "CR-2");
      await pass(world, 10 * minutes);
      await world.say("robin", "extend CR-1 by 1h");
      expect(JSON.stringify(world.card("CR-3").blocks)).not.toContain("Once approved, the change waits");
      await world.click("ana", "approve", "CR-3");
      await pass(world, 1 * minutes);
      expect(await stateOf(world, "CR-3")).toBe("confirmed");
      expect(await stateOf(world, "CR-2")).toBe("approved");
      expect((await endOf(world)) - endsAt).toBe(60 * minutes);
      expect(world.writes).toBe(1);
    },
  );
});

describe("an early end", () => {
  test("by words or by the button turns it back at once, without another approval", async () => {
    for (const how of ["words", "button"] as const) {
      const world = await temporary();
      await pass(world, 10 * minutes);
      expect(world.card("CR-1").actions).toMatchObject([{ verb: "end", id: "CR-1" }]);
      if (how === "words") await world.say("robin", "end CR-1");
      else await world.click("ana", "end", "CR-1");
      await world.run();
      await world.run();
      expect(flagsOf(world)).toEqual(allFlagsOff);
      expect(world.store.events.find(({ kind }) => kind === "ended-early")).toMatchObject({
        person: { id: how === "words" ? "robin" : "ana" },
        surface: how === "words" ? "text" : "button",
      });
    }
  });

  test("is for the requester and the approvers alone", async () => {
    const world = await temporary();
    world.rule = { ...world.rule, request: ["robin", "ana", "olga"] };
    await world.say("olga", "end CR-1");
    expect(world.latest).toContain("Only Robin Reyes and the approvers can end CR-1");
    expect(await world.click("olga", "end", "CR-1")).toMatchObject({ kind: "notice" });
    expect(flagsOf(world).applicationTraffic).toBe(true);
    expect(world.store.events.at(-1)).toMatchObject({ kind: "refused", details: { wanted: "end" } });
  });

  test("of a change with a foreign edit asks as its end in time would", async () => {
    const world = await temporary();
    world.routing.setFlags(appX, { contentShareTraffic: true });
    await world.say("robin", "end CR-1");
    await world.run();
    expect(await stateOf(world, "CR-2")).toBe("pending");
    expect(flagsOf(world).applicationTraffic).toBe(true);
  });

  test("clicked twice does it once", async () => {
    const world = await temporary();
    await Promise.all([world.click("ana", "end", "CR-1"), world.click("robin", "end", "CR-1")]);
    await world.run();
    await world.run();
    expect(world.writes).toBe(2);
    expect(await world.store.requests.get("CR-3")).toBeUndefined();
  });
});
