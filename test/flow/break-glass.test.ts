import { describe, expect, test } from "vitest";
import type { View } from "../../src/reply/view.ts";
import { FlowWorld, type Who } from "../support/flow-world.ts";
import { appX, toTheEnd } from "./approved-world.ts";

const wish = "break glass: route all traffic for app-x because checkout is down";

function worldWith(more: Partial<FlowWorld["rule"]> = {}): FlowWorld {
  const world = new FlowWorld();
  world.rule = { ...world.rule, breakGlass: ["robin"], quorum: 2, ...more };
  return world;
}

const stateOf = async (world: FlowWorld, id: `CR-${number}` = "CR-1") =>
  (await world.store.requests.get(id))?.state;

function question(world: FlowWorld): View {
  const view = world.shown.findLast(({ title }) => title?.startsWith("Break glass for"));
  if (!view) throw new Error("nobody was asked");
  return view;
}

async function confirm(world: FlowWorld, who: Who = "robin") {
  const reply = await world.click(who, "confirm", question(world).actions[0]?.id ?? "");
  await world.run();
  return reply;
}

async function broken(): Promise<FlowWorld> {
  const world = worldWith();
  await world.say("robin", wish);
  await confirm(world);
  return world;
}

describe("break glass", () => {
  test("asks a second time, with the plan, the reason and who is skipped; nothing is written before", async () => {
    const world = worldWith();
    await world.say("robin", wish);
    expect(await stateOf(world)).toBe("pending");
    expect(world.writes).toBe(0);
    expect(question(world).summary).toContain("without approval?");
    expect(question(world).summary).toContain("Ana Alvarez and Ben Becker would be skipped and told at once");
    expect(JSON.stringify(question(world).blocks)).toContain("checkout is down");
    expect(await confirm(world, "ana")).toMatchObject({ text: "This question is for Robin Reyes." });
    expect(await stateOf(world)).toBe("pending");
  });

  test("once confirmed, is written without the quorum and says so everywhere", async () => {
    const world = await broken();
    expect(await stateOf(world)).toBe("confirmed");
    expect(world.writes).toBe(1);
    expect(world.card("CR-1").summary).toContain(
      "Without approval (break glass by Robin Reyes), applied, and read back",
    );
    expect(JSON.stringify(world.card("CR-1").blocks)).toContain(
      "Robin Reyes (2026-11-22 14:00 UTC): checkout is down",
    );
    expect(world.store.events.find(({ kind }) => kind === "break-glass")).toMatchObject({
      person: { id: "robin" },
      account: { user: "robin" },
      from: "pending",
      to: "approved",
      policyVersion: "policy-1",
      details: { why: "checkout is down", skipped: "ana, ben", approvals: "0" },
    });
  });

  test("tells everybody who was skipped at once: in the thread, and each alone", async () => {
    const world = worldWith();
    await world.say("robin", wish);
    await world.click("robin", "confirm", question(world).actions[0]?.id ?? "");
    const owed = world.store.deliveries
      .map(({ owed }) => owed)
      .filter(({ key }) => key.startsWith("CR-1:break-glass"));
    expect(owed.map(({ key }) => key)).toEqual([
      "CR-1:break-glass-question",
      "CR-1:break-glass",
      "CR-1:break-glass:to:ana",
      "CR-1:break-glass:to:ben",
    ]);
    expect(world.writes).toBe(0);
  });

  test.each([
    ["without a reason", "break glass: route all traffic for app-x", "Say why it cannot wait"],
    [
      "by somebody whom the rule does not name",
      wish,
      "not among those who may have changes written without approval",
    ],
  ])("%s is refused, and nothing is asked for", async (_, text, answer) => {
    const world = worldWith();
    if (text === wish) world.rule = { ...world.rule, breakGlass: ["ben"] };
    await world.say("robin", text);
    expect(world.latest).toContain(answer);
    expect(await world.store.requests.listOpen({ limit: 5 })).toEqual([]);
  });

  test("that is not confirmed waits for approval like any other request", async () => {
    const world = worldWith({ quorum: 1 });
    await world.say("robin", wish);
    await world.click("robin", "dismiss", question(world).actions[1]?.id ?? "");
    expect(await stateOf(world)).toBe("pending");
    await world.click("ana", "approve", "CR-1");
    await world.run();
    expect(await stateOf(world)).toBe("confirmed");
    expect((await world.store.requests.get("CR-1"))?.permit).toBeUndefined();
    expect(await world.store.reviews.due({ limit: 5 })).toEqual([]);
  });

  test("is bound to the plan that was confirmed: a site that changed makes it out of date", async () => {
    const world = worldWith();
    await world.say("robin", wish);
    world.routing.setFlags(appX, { imagePullTraffic: true });
    await confirm(world);
    expect(world.writes).toBe(0);
    expect(await stateOf(world)).toBe("stale");
  });

  test("does not count any more when the right is taken away before the write", async () => {
    const world = worldWith();
    await world.say("robin", wish);
    await world.click("robin", "confirm", question(world).actions[0]?.id ?? "");
    world.rule = { ...world.rule, breakGlass: [] };
    await world.run();
    expect(world.writes).toBe(0);
    expect(await stateOf(world)).toBe("stale");
  });

  test.each(["reject", "cancel", "approve"] as const)("racing with %s has one outcome", async (verb) => {
    const world = worldWith({ quorum: 1 });
    await world.say("robin", wish);
    await Promise.all([
      world.click("robin", "confirm", question(world).actions[0]?.id ?? ""),
      world.click("ana", verb, "CR-1"),
    ]);
    await toTheEnd(world);
    const request = await world.store.requests.get("CR-1");
    const isBroken = request?.permit !== undefined;
    expect(world.writes).toBe(isBroken || verb === "approve" ? 1 : 0);
    expect(await world.store.reviews.due({ limit: 5 })).toHaveLength(isBroken ? 1 : 0);
    expect(
      isBroken ||
        request?.state === (verb === "approve" ? "confirmed" : `${verb}${verb === "cancel" ? "led" : "ed"}`),
    ).toBe(true);
  });

  test("is not held up by a freeze, unless the policy says so, nor by what waits in one; a stop holds it", async () => {
    const freeze = {
      name: "always",
      zone: "UTC",
      stopsBreakGlass: false,
      spans: [{ kind: "weekly", from: 0, to: 7 * 24 * 60 }],
    } as const;
    const world = worldWith({ quorum: 1, freeze: [freeze] });
    await world.say("robin", "enable backup/restore over vnet for app-x");
    await world.click("ana", "approve", "CR-1");
    await world.run();
    await world.say("robin", wish);
    await confirm(world);
    expect(await stateOf(world, "CR-1")).toBe("approved");
    expect(await stateOf(world, "CR-2")).toBe("confirmed");

    const strict = worldWith({ freeze: [{ ...freeze, stopsBreakGlass: true }] });
    await strict.say("robin", wish);
    await confirm(strict);
    expect(await stateOf(strict)).toBe("approved");
    expect(strict.writes).toBe(0);

    const stopped = worldWith();
    await stopped.say("ana", "freeze all changes");
    await stopped.say("robin", wish);
    await confirm(stopped);
    expect(await stateOf(stopped)).toBe("approved");
    expect(stopped.writes).toBe(0);
  });
});

describe("the review of a break glass", () => {
  test("stays in pending until it is done, and blocks that person's next break glass", async () => {
    const world = await broken();
    await world.say("ben", "pending");
    expect(JSON.stringify(world.shown.at(-1)?.blocks)).toContain("written without approval by Robin Reyes");
    expect(world.shown.at(-1)?.actions.map(({ title }) => title)).toEqual([
      "CR-1 was justified",
      "CR-1 was not justified",
    ]);
    await world.say("olga", "pending");
    expect(JSON.stringify(world.shown.at(-1))).not.toContain("CR-1");
    await world.say("robin", "break glass: route all traffic for app-y because checkout is down");
    expect(world.latest).toContain("Your change CR-1 was written without approval and is not reviewed yet");

    const reply = await world.click("ben", "justified", "CR-1", "Checkout was down indeed.");
    expect(reply).toMatchObject({
      kind: "card",
      forEverybody: true,
      view: {
        summary: expect.stringContaining("Ben Becker found the break glass of CR-1 by Robin Reyes justified"),
      },
    });
    await world.run();
    expect(world.latest).toContain("Checkout was down indeed.");
    expect(world.store.events.at(-1)).toMatchObject({
      kind: "reviewed",
      request: "CR-1",
      person: { id: "ben" },
      details: { verdict: "justified", of: "robin", note: "Checkout was down indeed." },
    });
    await world.say("ben", "history of CR-1");
    expect(world.latest).toContain(
      "Robin Reyes broke the glass, to have it written without approval: checkout is down",
    );
    expect(world.latest).toContain("Ben Becker found the break glass justified: Checkout was down indeed.");
    await world.say("ben", "history of app-x");
    expect(world.latest).toContain("without approval (break glass by Robin Reyes)");
    await world.say("ben", "pending");
    expect(world.latest).toContain("Nothing is open");
    await world.say("robin", "break glass: route all traffic for app-y because checkout is down");
    expect(question(world).title).toBe("Break glass for CR-2?");
  });

  test("is by somebody else who could approve; what was found first counts", async () => {
    const world = await broken();
    for (const [who, said] of [
      ["robin", "somebody else has to review it"],
      ["olga", "not an approver"],
    ] as const) {
      expect(await world.click(who, "justified", "CR-1")).toMatchObject({
        text: expect.stringContaining(said),
      });
      expect(world.store.events.at(-1)).toMatchObject({ kind: "refused", person: { id: who } });
    }
    expect(await world.click("ana", "not-justified", "CR-1")).toMatchObject({
      text: "Say why not; nothing was recorded.",
    });
    const replies = await Promise.all([
      world.click("ana", "not-justified", "CR-1", "It could have waited."),
      world.click("ben", "justified", "CR-1"),
    ]);
    expect(replies.filter(({ kind }) => kind === "card")).toHaveLength(1);
    expect(world.store.events.filter(({ kind }) => kind === "reviewed")).toHaveLength(1);
    await world.run();
    expect(world.shown.filter(({ title }) => title?.startsWith("CR-1: break glass "))).toHaveLength(1);
  });

  test("of two that the same person confirms at once, the second is refused", async () => {
    const world = worldWith();
    await world.say("robin", wish);
    const first = question(world).actions[0]?.id ?? "";
    await world.say("robin", "break glass: route all traffic for app-y because checkout is down");
    const second = question(world).actions[0]?.id ?? "";
    await Promise.all([world.click("robin", "confirm", first), world.click("robin", "confirm", second)]);
    await world.run();
    expect(world.writes).toBe(1);
    expect(await world.store.reviews.due({ limit: 5 })).toHaveLength(1);
    expect([await stateOf(world, "CR-1"), await stateOf(world, "CR-2")].toSorted()).toEqual([
      "confirmed",
      "pending",
    ]);
    expect(world.store.events.find(({ details }) => details.code === "review-due")).toBeDefined();
  });
});
