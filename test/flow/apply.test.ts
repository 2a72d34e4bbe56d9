import { describe, expect, test } from "vitest";
import { applyPlan } from "../../src/flow/apply-plan.ts";
import { handlers } from "../../src/flow/handlers.ts";
import { FlowWorld } from "../support/flow-world.ts";
import { approved, appX, failure, toTheEnd } from "./approved-world.ts";

describe("what was approved is what is written", () => {
  test("a site that changed after the plan makes the request out of date, and nothing is written", async () => {
    const world = await approved();
    world.routing.setFlags(appX, { imagePullTraffic: true });
    await world.run();
    expect(world.writes).toBe(0);
    expect(world.card("CR-1").summary).toContain("imagePullTraffic was false and is true");
  });

  test("a site that somebody else already changed to just that is out of date as well, not confirmed", async () => {
    const world = await approved();
    world.routing.setFlags(appX, { applicationTraffic: true });
    await world.run();
    expect(world.writes).toBe(0);
    expect((await world.store.requests.get("CR-1"))?.state).toBe("stale");
  });

  test("a changed legacy setting, integration or SKU counts", async () => {
    for (const change of [
      {
        legacy: {
          WEBSITE_VNET_ROUTE_ALL: "on",
          WEBSITE_PULL_IMAGE_OVER_VNET: "absent",
          WEBSITE_CONTENTOVERVNET: "absent",
        },
      },
      { integration: { kind: "none" } },
      { sku: "Basic" },
    ] as const) {
      const world = await approved();
      world.routing.change(appX, change);
      await world.run();
      expect((await world.store.requests.get("CR-1"))?.state).toBe("stale");
    }
  });

  test("an approver who lost the right in between no longer counts", async () => {
    const world = await approved();
    world.rule = { ...world.rule, approve: ["ben"] };
    await world.run();
    expect(world.writes).toBe(0);
    expect(world.latest).toContain("The approvals no longer count");
  });

  test("keys that we do not know are sent back unchanged", async () => {
    const world = new FlowWorld();
    world.routing.setFlags(appX, { someNewTraffic: true });
    await world.say("robin", "route all traffic for app-x");
    await world.click("ana", "approve", "CR-1");
    await world.run();
    expect(world.routing.calls.find(({ method }) => method === "write")).toMatchObject({
      wanted: { applicationTraffic: true, allTraffic: false, someNewTraffic: true },
    });
  });
});

describe("done is only what was read back", () => {
  test("accepted, and the site still reads as before", async () => {
    const world = await approved();
    world.routing.order.write({
      result: { kind: "accepted", receipt: { status: 200, requestId: "r-1" } },
      apply: "nothing",
    });
    await world.run();
    expect(world.latest).toContain("Accepted but not applied");
    expect(JSON.stringify(world.shown.at(-1)?.blocks)).toContain("r-1");
    expect(world.card("CR-1").tone).toBe("bad");
  });

  test("accepted, and Azure is still at it when the time to read back is over: unknown, since it may still come", async () => {
    const world = await approved();
    const before = world.routing.site(appX);
    world.routing.order.verify({
      kind: "different",
      observation: before,
      failure: failure("azure-busy", "Azure accepted the change and is still working on it."),
    });
    await toTheEnd(world);
    expect(world.latest).toContain("Outcome unknown");
    expect(world.latest).toContain("still working on it");
    expect(world.latest).not.toContain("then ask again");
  });

  test("only a part reads back", async () => {
    const world = new FlowWorld();
    await world.say("robin", "enable image pull and backup over vnet for app-x");
    await world.click("ana", "approve", "CR-1");
    world.routing.order.write({
      result: { kind: "accepted", receipt: { status: 200 } },
      apply: { backupRestoreTraffic: true },
    });
    await world.run();
    expect(world.latest).toContain("Partly applied");
  });

  test("it cannot be read back: unknown, never success", async () => {
    const world = await approved();
    world.routing.order.verify({
      kind: "unreadable",
      failure: failure("azure-unreachable", "Azure did not answer."),
    });
    await world.run();
    expect(world.latest).toContain("Outcome unknown");
  });

  test("no clear answer, but it was done: confirmed by the reading", async () => {
    const world = await approved();
    world.routing.order.write({
      result: { kind: "unclear", failure: failure("azure-unreachable", "The connection broke.") },
      apply: "all",
    });
    await world.run();
    expect(world.latest).toContain("Done.");
    expect(world.writes).toBe(1);
  });

  test("no clear answer, and it was not done: unknown, and it is not sent again blindly", async () => {
    const world = await approved();
    world.routing.order.write({
      result: { kind: "unclear", failure: failure("azure-unreachable", "The connection broke.") },
      apply: "nothing",
    });
    await world.run();
    expect(world.latest).toContain("Outcome unknown");
    expect(world.writes).toBe(1);
    await world.say("robin", "history of CR-1");
    expect(world.latest).toContain("Azure gave no clear answer to the write");
  });
});

describe("what the card shows meanwhile", () => {
  test("an approved change that waits for its turn is shown as approved a moment later", async () => {
    const world = new FlowWorld();
    await world.say("robin", "route all traffic for app-x");
    await world.click("ana", "approve", "CR-1");
    world.clock.advance(1_000);
    // Only what looks at time limits and what speaks to the chat runs: the change itself waits behind another one.
    await world.store.work.start(handlers(world.flow));
    await world.store.work.runNext("deadline");
    await world.store.work.runNext("deliver");
    expect(world.card("CR-1").summary).toContain("Approved.");
    await world.run();
    expect(world.card("CR-1").summary).toContain("Done.");
  });

  test("a change that is done at once is drawn once, with its end", async () => {
    const world = await approved();
    await world.run();
    expect(world.chat.posted.find(({ key }) => key === "CR-1:card")?.views).toHaveLength(2);
  });
});

describe("when Azure says no", () => {
  test("busy is asked again, with pauses, and then done", async () => {
    const world = await approved();
    for (let i = 0; i < 3; i++) {
      world.routing.order.write({
        result: { kind: "refused", failure: failure("azure-busy", "Another operation is in progress.") },
      });
    }
    await toTheEnd(world);
    expect(world.latest).toContain("Done.");
    expect(world.writes).toBe(4);
  });

  test("busy for too long is told, with nothing changed", async () => {
    const world = await approved();
    for (let i = 0; i < 40; i++) {
      world.routing.order.write({
        result: { kind: "refused", failure: failure("azure-busy", "Another operation is in progress.") },
      });
    }
    await toTheEnd(world);
    expect(world.latest).toContain("Not applied. Nothing was changed. Another operation is in progress.");
  });

  test("denied is not asked again; the missing permission is named", async () => {
    const world = await approved();
    world.routing.order.write({
      result: {
        kind: "refused",
        failure: {
          ...failure("azure-denied", "Azure denied it."),
          missingAction: "Microsoft.Web/sites/Write",
        },
      },
    });
    await world.run();
    expect(world.writes).toBe(1);
    expect(JSON.stringify(world.shown.at(-1))).toContain("Microsoft.Web/sites/Write");
  });

  test("an approval that is past its time is not even looked into", async () => {
    const world = await approved();
    const observed = () => world.routing.calls.filter(({ method }) => method === "observe").length;
    const before = observed();
    world.clock.advance(2 * 60 * 60_000);
    const context = { signal: new AbortController().signal, attempt: 1 };
    expect(await applyPlan(world.flow, "CR-1", context)).toEqual({ kind: "done" });
    expect(observed()).toBe(before);
    expect((await world.store.requests.get("CR-1"))?.state).toBe("expired");
  });

  test("another operation that began meanwhile is waited for, and that is told", async () => {
    const world = await approved();
    world.routing.order.observe(() => ({
      kind: "observed",
      observation: { ...world.routing.site(appX), operationInProgress: "op-1" },
    }));
    await world.run();
    expect(world.writes).toBe(0);
    expect(world.latest).toContain("another operation in progress");
    await toTheEnd(world);
    expect(world.latest).toContain("Done.");
  });

  test("a reading that takes until the time to apply is over: nothing is sent", async () => {
    const world = await approved();
    world.routing.order.observe(() => {
      world.clock.advance(2 * 60 * 60_000);
      return { kind: "observed", observation: world.routing.site(appX) };
    });
    await world.run();
    expect(world.writes).toBe(0);
    expect((await world.store.requests.get("CR-1"))?.state).toBe("expired");
  });

  test("unreadable before the write: waits, tells the thread once, and goes on when it is back", async () => {
    const world = await approved();
    for (let i = 0; i < 2; i++) {
      world.routing.order.observe({
        kind: "failed",
        failure: failure("azure-unreachable", "Azure did not answer."),
      });
    }
    await toTheEnd(world);
    expect(world.shown.filter(({ summary }) => summary.includes("approved and waits"))).toHaveLength(1);
    expect(world.latest).toContain("Done.");
  });

  test.each(["approved", "applying"])(
    "an Azure that asks to be left alone for a day keeps nobody waiting behind an %s request for longer than its own time",
    async (state) => {
      const world = await approved();
      if (state === "applying") {
        world.routing.order.write(() => {
          throw new Error("killed");
        });
        const context = { signal: new AbortController().signal, attempt: 1 };
        await expect(applyPlan(world.flow, "CR-1", context)).rejects.toThrow("killed");
      }
      const asked = { ...failure("azure-throttled", "Slow down."), retryAfterMs: 24 * 60 * 60_000 };
      for (let i = 0; i < 9; i++) world.routing.order.observe({ kind: "failed", failure: asked });
      const since = world.clock.now().getTime();
      await toTheEnd(world);
      for (let due = world.store.work.nextDue; due; due = world.store.work.nextDue) {
        if (world.store.work.waiting.every(({ job }) => job.kind !== "apply")) break;
        world.clock.advance(Math.max(due.getTime() - world.clock.now().getTime(), 1));
        await world.run();
      }
      expect(world.clock.now().getTime() - since).toBeLessThan(62 * 60_000);
    },
  );
});
