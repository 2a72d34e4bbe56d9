import { describe, expect, test } from "vitest";
import type { Policy } from "../../src/domain/change/approval-policy.ts";
import { FlowWorld } from "../support/flow-world.ts";

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
