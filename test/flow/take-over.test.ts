import { describe, expect, test } from "vitest";
import { applyPlan } from "../../src/flow/apply-plan.ts";
import { approved, appX, failure } from "./approved-world.ts";

describe("a worker that dies", () => {
  const context = { signal: new AbortController().signal, attempt: 1 };

  test("after the approval: the next one applies, exactly once", async () => {
    const world = await approved();
    // The first worker read the site and died; nothing is recorded but the approval.
    await world.run();
    expect(world.writes).toBe(1);
  });

  test("between the record and the write: the identical write is sent by whoever takes over", async () => {
    const world = await approved();
    world.routing.order.write(() => {
      throw new Error("killed");
    });
    await expect(applyPlan(world.flow, "CR-1", context)).rejects.toThrow("killed");
    expect((await world.store.requests.get("CR-1"))?.state).toBe("applying");
    await world.run();
    expect(world.latest).toContain("Done.");
    const sent = world.routing.calls.filter(({ method }) => method === "write");
    expect(new Set(sent.map((call) => JSON.stringify(call))).size).toBe(1);
  });

  test("between the write and its record: it is read back, not written again", async () => {
    const world = await approved();
    world.routing.order.write(() => {
      world.routing.setFlags(appX, { applicationTraffic: true });
      throw new Error("killed");
    });
    await expect(applyPlan(world.flow, "CR-1", context)).rejects.toThrow("killed");
    await world.run();
    expect(world.latest).toContain("Done.");
    expect(world.writes).toBe(1);
  });

  test("while Azure still works on what it sent: the operation is waited for, and the write not sent beside it", async () => {
    const world = await approved();
    world.routing.order.write(() => {
      world.routing.change(appX, { operationInProgress: "op-1" });
      throw new Error("killed");
    });
    await expect(applyPlan(world.flow, "CR-1", context)).rejects.toThrow("killed");
    const successor = { ...world.flow, holder: "worker-2" };
    const looked = await applyPlan(successor, "CR-1", context);
    expect(looked.kind).toBe("again");
    expect(world.writes).toBe(1);
    world.routing.setFlags(appX, { applicationTraffic: true });
    const { operationInProgress: _ended, ...observation } = world.routing.site(appX);
    world.routing.order.observe({ kind: "observed", observation });
    expect(await applyPlan(successor, "CR-1", context)).toEqual({ kind: "done" });
    await world.run();
    expect(world.latest).toContain("Done.");
    expect(world.writes).toBe(1);
  });

  test("overtaken by one that had lost the job and stops: whoever has the job goes on, and the request is not left behind", async () => {
    const world = await approved();
    const lost = new AbortController();
    // The one with the job reads the site; meanwhile the late one begins, and is stopped before it writes.
    world.routing.order.observe(async () => {
      world.routing.order.write(() => {
        throw new Error("killed");
      });
      const late = { ...world.flow, holder: "late" };
      await expect(applyPlan(late, "CR-1", { signal: lost.signal, attempt: 1 })).rejects.toThrow("killed");
      return { kind: "observed", observation: world.routing.site(appX) };
    });
    const result = await applyPlan(world.flow, "CR-1", { ...context, attempt: 2 });
    expect((await world.store.requests.get("CR-1"))?.state).toBe("applying");
    expect(result).toMatchObject({ kind: "again" });
    expect(await applyPlan(world.flow, "CR-1", { ...context, attempt: 3 })).toEqual({ kind: "done" });
    expect((await world.store.requests.get("CR-1"))?.state).toBe("confirmed");
  });

  test("overtaken by the same process before it has recorded what it sent: that is not taken for somebody else's change", async () => {
    const world = await approved();
    const looking = Promise.withResolvers<void>();
    const recorded = Promise.withResolvers<void>();
    const next: Promise<unknown>[] = [];
    world.routing.order.write(async () => {
      // The database is slow: the job is lost meanwhile, and taken again here.
      world.routing.order.observe(async () => {
        looking.resolve();
        await recorded.promise;
        return { kind: "observed", observation: world.routing.site(appX) };
      });
      next.push(applyPlan(world.flow, "CR-1", { ...context, attempt: 2 }));
      await looking.promise;
      return { result: { kind: "accepted", receipt: { status: 200 } } };
    });
    await applyPlan(world.flow, "CR-1", context);
    recorded.resolve();
    await Promise.all(next);
    await world.run();
    expect(world.latest).toContain("Done.");
    expect(world.writes).toBe(1);
  });

  test("overtaken while it looks at the site: it does not write", async () => {
    const world = await approved();
    world.routing.order.write(() => {
      throw new Error("killed");
    });
    await expect(applyPlan(world.flow, "CR-1", context)).rejects.toThrow("killed");
    const before = world.routing.site(appX);
    world.routing.order.observe(async () => {
      // The next worker does the whole job meanwhile, and then somebody changes the site back.
      await applyPlan({ ...world.flow, holder: "worker-3" }, "CR-1", context);
      world.routing.setFlags(appX, before.storedMap);
      return { kind: "observed", observation: before };
    });
    const writes = world.writes;
    await applyPlan({ ...world.flow, holder: "worker-2" }, "CR-1", context);
    expect(world.writes).toBe(writes + 1);
    expect((await world.store.requests.get("CR-1"))?.state).toBe("confirmed");
    expect(world.routing.site(appX).flags.applicationTraffic).toBe(false);
  });

  test("overtaken while it asks the policy once more: it does not write", async () => {
    const world = await approved();
    const { policy } = world.flow.directory;
    let asked = 0;
    const directory = {
      ...world.flow.directory,
      policy: async (options?: { readonly fresh?: boolean }) => {
        // The first time at the beginning, the second time right before the write.
        if (options?.fresh && ++asked === 2) {
          await applyPlan({ ...world.flow, holder: "worker-2" }, "CR-1", context);
        }
        return policy(options);
      },
    };
    await applyPlan({ ...world.flow, directory }, "CR-1", context);
    expect(asked).toBe(2);
    expect(world.writes).toBe(1);
    expect((await world.store.requests.get("CR-1"))?.state).toBe("confirmed");
  });

  test("and stays away for longer than the time to apply: nothing is sent any more, and that is told", async () => {
    const world = await approved();
    world.routing.order.write(() => {
      throw new Error("killed");
    });
    await expect(applyPlan(world.flow, "CR-1", context)).rejects.toThrow("killed");
    world.clock.advance(8 * 60 * 60_000);
    await world.run();
    expect(world.writes).toBe(1);
    expect(world.latest).toContain("Outcome unknown");
    expect(world.latest).toContain("The time to apply it was over");
  });

  test("and whose successor is refused: what the first one sent may still come, so nothing else is claimed", async () => {
    const world = await approved();
    world.routing.order.write(() => {
      throw new Error("killed");
    });
    await expect(applyPlan(world.flow, "CR-1", context)).rejects.toThrow("killed");
    for (let i = 0; i < 40; i++) {
      world.routing.order.write({
        result: { kind: "refused", failure: failure("azure-busy", "Another operation is in progress.") },
      });
    }
    const successor = { ...world.flow, holder: "worker-2" };
    let result = await applyPlan(successor, "CR-1", context);
    while (result.kind === "again") {
      world.clock.advance(result.afterMs);
      result = await applyPlan(successor, "CR-1", context);
    }
    await world.run();
    expect(world.latest).toContain("Outcome unknown");
    expect(world.latest).not.toContain("Nothing was changed");
  });

  test("after the approver lost the right in between: it is not sent again", async () => {
    const world = await approved();
    world.routing.order.write(() => {
      throw new Error("killed");
    });
    await expect(applyPlan(world.flow, "CR-1", context)).rejects.toThrow("killed");
    world.rule = { ...world.rule, approve: ["ben"] };
    await world.run();
    expect(world.writes).toBe(1);
    expect(world.latest).toContain("Outcome unknown");
  });

  test("after somebody else changed the site in between: unknown, and never a different write", async () => {
    const world = await approved();
    world.routing.order.write(() => {
      world.routing.setFlags(appX, { contentShareTraffic: true });
      throw new Error("killed");
    });
    await expect(applyPlan(world.flow, "CR-1", context)).rejects.toThrow("killed");
    await world.run();
    expect(world.latest).toContain("Outcome unknown");
    expect(world.writes).toBe(1);
  });

  test("a predecessor that wakes up again can record nothing", async () => {
    const world = await approved();
    let wake = () => {};
    const slept = new Promise<void>((resolve) => {
      wake = resolve;
    });
    world.routing.order.write(async () => {
      await slept;
      return { result: { kind: "accepted", receipt: { status: 200 } } };
    });
    const sleeper = applyPlan({ ...world.flow, holder: "sleeper" }, "CR-1", context);
    while (world.writes === 0) await Promise.resolve();
    await world.run();
    expect(world.latest).toContain("Done.");
    const ended = await world.store.requests.get("CR-1");
    wake();
    await sleeper;
    expect(await world.store.requests.get("CR-1")).toEqual(ended);
    expect(world.shown.filter(({ title }) => title === "CR-1: confirmed")).toHaveLength(1);
  });
});
