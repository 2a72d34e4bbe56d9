import { describe, expect, test } from "vitest";
import { channel, FlowWorld, people } from "../support/flow-world.ts";

const titles = (world: FlowWorld) => world.card("CR-1").actions.map(({ title }) => title);

describe("withdrawing an approval", () => {
  async function approvedOnce(): Promise<FlowWorld> {
    const world = new FlowWorld();
    world.rule = { ...world.rule, quorum: 2 };
    await world.say("robin", "route all traffic for app-x");
    await world.click("ana", "approve", "CR-1");
    await world.run();
    return world;
  }

  test("takes one's own approval back until the quorum is reached, and is in the audit", async () => {
    const world = await approvedOnce();
    expect(titles(world)).toEqual(["Approve", "Reject", "Withdraw my approval", "Cancel request"]);
    expect(await world.click("ana", "withdraw", "CR-1")).toMatchObject({ kind: "card" });
    await world.run();
    expect((await world.store.requests.get("CR-1"))?.approvals).toEqual([]);
    expect(world.card("CR-1").summary).toContain("2 approvals by Ana Alvarez or Ben Becker");
    expect(titles(world)).toEqual(["Approve", "Reject", "Cancel request"]);
    expect(world.store.events.at(-1)).toMatchObject({
      kind: "withdrawn",
      person: { id: "ana" },
      details: { approvals: "0 of 2" },
    });
    await world.say("ana", "history of CR-1");
    expect(world.latest).toContain("Ana Alvarez took the approval back, 0 of 2 left");
    await world.click("ben", "approve", "CR-1");
    await world.run();
    expect(world.writes).toBe(0);
    await world.click("ana", "approve", "CR-1");
    await world.run();
    expect((await world.store.requests.get("CR-1"))?.state).toBe("confirmed");
  });

  test("is not undone by the click that came before it, delivered once more", async () => {
    const world = new FlowWorld();
    world.rule = { ...world.rule, quorum: 2 };
    await world.say("robin", "route all traffic for app-x");
    const click = (id: string, verb: "approve" | "withdraw") =>
      world.receive({ kind: "click", id, actor: people.ana, place: channel, verb, target: "CR-1" });
    const approvals = async () => (await world.store.requests.get("CR-1"))?.approvals.length;
    await click("first", "approve");
    expect(await approvals()).toBe(1);
    await click("second", "withdraw");
    const audited = world.store.events.length;
    expect(await click("first", "approve")).toMatchObject({ kind: "card" });
    expect(await approvals()).toBe(0);
    await click("third", "approve");
    expect(await click("second", "withdraw")).toMatchObject({ kind: "card" });
    expect(await approvals()).toBe(1);
    expect(world.store.events).toHaveLength(audited + 1);
  });

  test("is no way for a refused click to count later", async () => {
    const world = await approvedOnce();
    const again = () =>
      world.receive({
        kind: "click",
        id: "refused",
        actor: people.olga,
        place: channel,
        verb: "approve",
        target: "CR-1",
      });
    expect(await again()).toMatchObject({ kind: "notice" });
    world.rule = { ...world.rule, approve: ["ana", "ben", "olga"] };
    expect(await again()).toMatchObject({ kind: "card" });
    expect((await world.store.requests.get("CR-1"))?.approvals).toHaveLength(1);
  });

  test("is for nobody else, and not for one who has not approved", async () => {
    const world = await approvedOnce();
    for (const who of ["ben", "robin", "olga"] as const) {
      expect(await world.click(who, "withdraw", "CR-1")).toMatchObject({
        kind: "notice",
        text: expect.stringContaining("You have not approved CR-1"),
      });
    }
    expect((await world.store.requests.get("CR-1"))?.approvals).toHaveLength(1);
  });

  test("works for somebody who is no approver any more, and not once enough have approved", async () => {
    const world = await approvedOnce();
    world.rule = { ...world.rule, approve: ["ben"] };
    expect(await world.click("ana", "withdraw", "CR-1")).toMatchObject({ kind: "card" });
    const late = new FlowWorld();
    await late.say("robin", "route all traffic for app-x");
    await late.click("ana", "approve", "CR-1");
    expect(await late.click("ana", "withdraw", "CR-1")).toMatchObject({
      kind: "notice",
      text: "CR-1 is already decided: approved by you.",
    });
  });

  test.each([
    ["withdraw", "approve"],
    ["approve", "withdraw"],
  ] as const)("racing with the deciding click (%s first) has one outcome", async (first, second) => {
    const world = await approvedOnce();
    const by = { withdraw: "ana", approve: "ben" } as const;
    const replies = await Promise.all([
      world.click(by[first], first, "CR-1"),
      world.click(by[second], second, "CR-1"),
    ]);
    await world.run();
    const request = await world.store.requests.get("CR-1");
    expect(["pending", "confirmed"]).toContain(request?.state);
    const withdrawn = world.store.events.some(({ kind }) => kind === "withdrawn");
    expect(withdrawn).toBe(request?.state === "pending");
    expect(world.writes).toBe(withdrawn ? 0 : 1);
    expect(replies.filter(({ kind }) => kind === "card").length).toBe(withdrawn ? 2 : 1);
  });

  test("by text asks the person first, about exactly this plan, and then does what the button does", async () => {
    const world = await approvedOnce();
    await world.say("ana", "I take back my approval of CR-1, the plan misses a slot");
    const question = world.shown.at(-1);
    expect(question?.summary).toContain("Ana Alvarez, do you want to withdraw your approval of CR-1");
    expect(question?.title).toBe("Withdraw your approval of CR-1?");
    expect(JSON.stringify(question)).toContain("the plan misses a slot");
    expect((await world.store.requests.get("CR-1"))?.approvals).toHaveLength(1);
    const prompt = question?.actions[0]?.id ?? "";
    expect(await world.click("ben", "confirm", prompt)).toMatchObject({
      text: "This question is for Ana Alvarez.",
    });
    expect(JSON.stringify(await world.click("ana", "confirm", prompt))).toContain(
      "Ana Alvarez withdrew the approval of CR-1.",
    );
    expect(await world.click("ana", "confirm", prompt)).toMatchObject({
      text: expect.stringContaining("no longer open"),
    });
    await world.run();
    expect((await world.store.requests.get("CR-1"))?.approvals).toEqual([]);
    expect(titles(world)).toEqual(["Approve", "Reject", "Cancel request"]);
    expect(world.store.events.at(-1)).toMatchObject({
      kind: "withdrawn",
      surface: "text",
      details: { approvals: "0 of 2" },
    });
  });

  test("by text withdraws nothing of one who has not approved, and nothing that is dismissed", async () => {
    const world = await approvedOnce();
    await world.say("ben", "withdraw my approval of CR-1");
    const [confirm] = world.shown.at(-1)?.actions ?? [];
    expect(JSON.stringify(await world.click("ben", "confirm", confirm?.id ?? ""))).toContain(
      "You have not approved CR-1",
    );
    await world.say("ana", "withdraw my approval of CR-1");
    const [, no] = world.shown.at(-1)?.actions ?? [];
    expect(JSON.stringify(await world.click("ana", "dismiss", no?.id ?? ""))).toContain(
      "CR-1 was left as it is.",
    );
    expect((await world.store.requests.get("CR-1"))?.approvals).toHaveLength(1);
  });
});
