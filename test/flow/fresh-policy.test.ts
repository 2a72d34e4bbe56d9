import { describe, expect, test } from "vitest";
import type { Policy } from "../../src/domain/change/approval-policy.ts";
import { FlowWorld } from "../support/flow-world.ts";
import { approved, toTheEnd } from "./approved-world.ts";

/**
 * Members of groups are remembered for a minute; whatever leads to a write, or decides about one, reads them anew. Here what
 * is remembered still names Ana among the approvers, and what is read anew does not.
 */
function rememberAna(world: FlowWorld): void {
  const remembered = world.policy;
  Object.assign(world.flow.directory, {
    policy: async (options?: { readonly fresh?: boolean }): Promise<Policy> => {
      if (options?.fresh !== true) return remembered;
      const [rule, ...others] = remembered.rules;
      if (!rule) throw new Error("there is no rule");
      return { ...remembered, rules: [{ ...rule, approve: ["ben"], breakGlass: [] }, ...others] };
    },
  });
}

const texts = async (reply: Promise<unknown>) => JSON.stringify(await reply);

describe("somebody who is no approver any more", () => {
  test.each(["approve", "reject", "cancel"] as const)("cannot %s", async (verb) => {
    const world = new FlowWorld();
    await world.say("robin", "route all traffic for app-x");
    rememberAna(world);
    await world.click("ana", verb, "CR-1", "Because.");
    expect((await world.store.requests.get("CR-1"))?.state).toBe("pending");
  });

  test("whose approval counted when it was given: it is not written", async () => {
    const world = new FlowWorld();
    await world.say("robin", "route all traffic for app-x");
    await world.click("ana", "approve", "CR-1");
    rememberAna(world);
    await world.run();
    expect(world.writes).toBe(0);
    expect((await world.store.requests.get("CR-1"))?.state).toBe("stale");
  });

  test("cannot end a temporary change, by button or by words", async () => {
    const world = new FlowWorld();
    world.rule = { ...world.rule, request: ["robin"] };
    await world.say("robin", "route all traffic for app-x for 2 hours");
    await world.click("ben", "approve", "CR-1");
    await world.run();
    rememberAna(world);
    expect(await texts(world.click("ana", "end", "CR-1"))).toContain("no change request CR-1");
    await world.say("ana", "end CR-1");
    expect(world.writes).toBe(1);
    expect((await world.store.requests.aftercareOf("CR-1"))?.temporary?.state).toBe("running");
  });

  test("cannot undo at once", async () => {
    const world = new FlowWorld();
    world.rule = { ...world.rule, request: ["robin"], watch: { forMs: 600_000 }, quickUndo: ["approver"] };
    await world.say("robin", "route all traffic for app-x");
    await world.click("ben", "approve", "CR-1");
    await world.run();
    rememberAna(world);
    await world.click("ana", "undo", "CR-1");
    await world.run();
    expect(world.writes).toBe(1);
    expect(await world.store.requests.get("CR-2")).toBeUndefined();
  });

  test("cannot review a broken glass", async () => {
    const world = new FlowWorld();
    world.rule = { ...world.rule, breakGlass: ["robin"] };
    await world.say("robin", "break glass: route all traffic for app-x because checkout is down");
    const asked = world.shown.flatMap(({ actions }) => actions).find(({ verb }) => verb === "confirm");
    await world.click("robin", "confirm", asked?.id ?? "");
    await world.run();
    rememberAna(world);
    expect(await texts(world.click("ana", "justified", "CR-1"))).toContain("not an approver");
    expect((await world.store.reviews.get("CR-1"))?.finding).toBeUndefined();
  });
});

describe("a directory that is away", () => {
  /** From the time `from` of reading anew on, for `times` readings, the group that Ana is in cannot be read. */
  function away(world: FlowWorld, from: number, times: number): void {
    const { policy } = world.flow.directory;
    let read = 0;
    Object.assign(world.flow.directory, {
      policy: async (options?: { readonly fresh?: boolean }): Promise<Policy> => {
        const known = await policy(options);
        if (options?.fresh === true) read += 1;
        if (options?.fresh !== true || read < from || read >= from + times) return known;
        return {
          ...known,
          rules: known.rules.map((rule) => ({ ...rule, approve: ["ben"], unreadable: ["on-call"] })),
        };
      },
    });
  }

  test.each([
    ["before the write begins", 1],
    ["right before it is sent", 2],
  ])("%s: the change waits and goes on, and no approval is lost", async (_when, from) => {
    const world = await approved();
    away(world, from, 2);
    await world.run();
    expect(world.writes).toBe(0);
    await toTheEnd(world);
    expect(world.writes).toBe(1);
    expect((await world.store.requests.get("CR-1"))?.state).toBe("confirmed");
  });

  test("is told in the thread", async () => {
    const world = await approved();
    away(world, 1, 1);
    await world.run();
    expect(world.latest).toContain(
      "CR-1 is approved and waits: Who is in on-call could not be read, so whether the approvals count cannot be told.",
    );
  });

  test("for as long as a busy Azure is waited for, in the middle: nothing is written, and why is told", async () => {
    const world = await approved();
    away(world, 2, Number.POSITIVE_INFINITY);
    await toTheEnd(world);
    expect(world.writes).toBe(0);
    expect(world.latest).toContain("Not applied. Nothing was changed. Who is in on-call could not be read");
  });

  test("does not keep a broken glass from ending when its right is gone", async () => {
    const world = new FlowWorld();
    world.rule = { ...world.rule, breakGlass: ["robin"] };
    await world.say("robin", "break glass: route all traffic for app-x because checkout is down");
    const asked = world.shown.flatMap(({ actions }) => actions).find(({ verb }) => verb === "confirm");
    world.rule = { ...world.rule, unreadable: ["on-call"] };
    await world.click("robin", "confirm", asked?.id ?? "");
    world.rule = { ...world.rule, breakGlass: [] };
    await world.run();
    expect((await world.store.requests.get("CR-1"))?.state).toBe("stale");
  });
});
