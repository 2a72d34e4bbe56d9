import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Reminders } from "../../src/domain/change/approval-policy.ts";
import { remindersDue } from "../../src/domain/change/reminder.ts";
import { FlowWorld } from "../support/flow-world.ts";

const minute = 60_000;
const remind: Reminders = { afterMs: 15 * minute, escalate: ["ben"], escalateAfterMs: 60 * minute };

async function requested(more: Partial<Reminders> = {}): Promise<FlowWorld> {
  const world = new FlowWorld();
  world.rule = { ...world.rule, remind: { ...remind, ...more } };
  await world.say("robin", "route all traffic for app-x");
  return world;
}

/** Runs everything that comes within that time, each job at its own. */
async function pass(world: FlowWorld, minutes: number): Promise<void> {
  const end = world.clock.now().getTime() + minutes * minute;
  for (;;) {
    await world.run();
    const due = world.store.work.nextDue?.getTime() ?? Number.POSITIVE_INFINITY;
    if (due > end) break;
    world.clock.advance(Math.max(due - world.clock.now().getTime(), 1));
  }
  world.clock.advance(end - world.clock.now().getTime());
}

const told = (world: FlowWorld, part: string) => world.chat.posted.filter(({ key }) => key.includes(part));

describe("a request that nobody decides", () => {
  test("is called to mind in its thread, with growing pauses, until the time to decide is over", async () => {
    const world = await requested({ escalate: [] });
    const counts: number[] = [];
    for (let quarter = 0; quarter < 16; quarter++) {
      await pass(world, 15);
      counts.push(told(world, ":reminder:").length);
    }
    expect(counts).toEqual([1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3, 4, 4]);
    expect(told(world, ":reminder:1")[0]?.views[0]?.summary).toBe(
      "CR-1 (Application traffic (Route All) on for app-x) still waits: one approval by Ana Alvarez or Ben Becker, before 2026-11-22 18:00 UTC.",
    );
    await pass(world, 60);
    expect((await world.store.requests.get("CR-1"))?.state).toBe("expired");
    expect(world.latest).toContain("It was not decided in time");
    expect(told(world, ":reminder:")).toHaveLength(4);
    expect(world.store.work.waiting).toEqual([]);
  });

  test("is brought to those to whom the rule escalates, once, in the thread and each alone", async () => {
    const world = await requested();
    await pass(world, 59);
    expect(told(world, ":escalation")).toEqual([]);
    await pass(world, 120);
    expect(told(world, ":escalation").map(({ key }) => key)).toEqual([
      "CR-1:escalation",
      "CR-1:escalation:to:ben",
    ]);
    expect(told(world, ":escalation")[0]?.views[0]?.summary).toContain(
      "asked by Robin Reyes, is not decided yet. To Ben Becker",
    );
  });

  test("is not called to mind once it is decided, nor where the rule does not say so", async () => {
    const decided = await requested();
    await decided.click("ana", "reject", "CR-1", "Not now.");
    await pass(decided, 300);
    expect(told(decided, ":reminder:")).toEqual([]);
    const silent = new FlowWorld();
    await silent.say("robin", "route all traffic for app-x");
    await pass(silent, 300);
    expect(told(silent, ":reminder:")).toEqual([]);
  });

  test("is called to mind once for each time, also when the worker dies after it or nothing ran for long", async () => {
    const world = await requested();
    const { record } = world.store.requests;
    let crashes = 2;
    Object.assign(world.store.requests, {
      record: async (effects: Parameters<typeof record>[0]) => {
        const result = await record(effects);
        if (effects.owed.some(({ key }) => key.includes(":reminder:")) && crashes-- > 0)
          throw new Error("killed");
        return result;
      },
    });
    world.clock.advance(15 * minute);
    for (let crash = 0; crash < 2; crash++) {
      await expect(world.run()).rejects.toThrow("remind failed");
      world.clock.advance(10_000);
    }
    await world.run();
    expect(told(world, ":reminder:")).toHaveLength(1);
    // Down over two reminders: the latest is said, the others are not made up for.
    world.clock.advance(100 * minute);
    await world.run();
    expect(told(world, ":reminder:").map(({ key }) => key)).toEqual(["CR-1:reminder:1", "CR-1:reminder:3"]);
    expect(told(world, ":escalation:to:")).toHaveLength(1);
  });
});

test("reminders come at 1, 3, 7 … times the first pause, and the next look is at the next of them", () => {
  const openedAt = new Date("2026-11-22T14:00:00Z");
  fc.assert(
    fc.property(
      fc.integer({ min: 1_000, max: 10_000_000 }),
      fc.integer({ min: 0, max: 100_000_000 }),
      fc.option(fc.integer({ min: 1, max: 50_000_000 }), { nil: undefined }),
      (afterMs, passed, escalateAfterMs) => {
        const rule = {
          afterMs,
          escalate: ["ana"],
          ...(escalateAfterMs === undefined ? {} : { escalateAfterMs }),
        };
        const decideBy = new Date(openedAt.getTime() + 80_000_000);
        const at = (ms: number) =>
          remindersDue({ openedAt, decideBy }, rule, new Date(openedAt.getTime() + ms));
        const now = at(passed);
        const times = Array.from({ length: 20 }, (_, index) => afterMs * (2 ** (index + 1) - 1));
        expect(now.count).toBe(times.filter((time) => time <= passed).length);
        expect(now.escalated).toBe(passed >= (escalateAfterMs ?? 3 * afterMs));
        if (now.next) {
          const next = now.next.getTime() - openedAt.getTime();
          expect(next).toBeGreaterThan(passed);
          expect(at(next - 1)).toMatchObject({ count: now.count, escalated: now.escalated });
          const then = at(next);
          expect(then.count > now.count || then.escalated !== now.escalated).toBe(true);
          expect(now.next.getTime()).toBeLessThan(decideBy.getTime());
        }
      },
    ),
  );
});
