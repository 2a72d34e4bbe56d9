import { describe, expect, test, vi } from "vitest";
import { channel, directChat, FlowWorld, otherChannel } from "../support/flow-world.ts";
import { sampleSite } from "../support/observations.ts";

const titles = (world: FlowWorld, id = "CR-1") => world.card(id).actions.map(({ title }) => title);

async function requested(): Promise<FlowWorld> {
  const world = new FlowWorld();
  await world.say("robin", "route all traffic for app-x");
  return world;
}

describe("asking for a change", () => {
  test("posts a card with all flags before and after, the approvers and three buttons; nothing is written", async () => {
    const world = await requested();
    const card = world.card("CR-1");
    expect(card.title).toBe("CR-1: Application traffic (Route All) on for app-x");
    expect(card.summary).toContain("One approval by Ana Alvarez or Ben Becker");
    const table = card.blocks.find((block) => block.kind === "table");
    expect(table?.rows).toHaveLength(6);
    expect(titles(world)).toEqual(["Approve", "Reject", "Cancel request"]);
    expect(world.writes).toBe(0);
  });

  test("of something that is so already asks nobody", async () => {
    const world = new FlowWorld([
      sampleSite("app-x", { flags: { allTraffic: true, applicationTraffic: false } }),
    ]);
    await world.say("robin", "route all traffic for app-x");
    expect(world.latest).toContain("Nothing to change");
    expect(world.shown).toHaveLength(1);
    expect(world.shown[0]?.actions).toEqual([]);
  });

  test("what if: shows the plan and requests nothing", async () => {
    const world = new FlowWorld();
    await world.say("robin", "what would happen if we route all traffic for app-x?");
    expect(world.latest).toContain("Dry run");
    expect(await world.store.requests.listOpen({ limit: 5 })).toEqual([]);
  });

  test("by somebody without the right is refused before the plan is shown", async () => {
    const world = new FlowWorld();
    await world.say("olga", "route all traffic for app-x");
    expect(world.latest).toContain("not among those who may ask");
    expect(await world.store.requests.listOpen({ limit: 5 })).toEqual([]);
  });

  test("where no rule covers the site nobody can", async () => {
    const world = new FlowWorld([sampleSite("app-x", { place: { resourceGroup: "rg-secret" } })]);
    await world.say("robin", "route all traffic for app-x");
    expect(world.latest).toContain("No rule of the policy covers app-x");
  });

  test.each([
    ["route all traffic for app-x and app-z", 'I know no site "app-z"'],
    ["route all traffic for app-z", 'I know no site "app-z"'],
  ])("%s: what cannot be done whole is not done at all", async (text, answer) => {
    const world = new FlowWorld();
    await world.say("robin", text);
    expect(world.latest).toContain(answer);
    expect(await world.store.requests.listOpen({ limit: 5 })).toEqual([]);
  });

  test("while an opposite or equal one is open is refused; another flag may wait beside it, and both cards say so", async () => {
    const world = await requested();
    await world.say("robin", "route all traffic for app-x");
    expect(world.latest).toContain("CR-1 for app-x is open and asks for the same");
    await world.say("robin", "enable backup/restore over vnet for app-x");
    const [second] = (await world.store.requests.listOpen({ limit: 5 })).slice(1);
    expect(second).toBeDefined();
    expect(JSON.stringify(world.card("CR-1").blocks)).toContain(`Also open for this site: ${second?.id}`);
    expect(JSON.stringify(world.card(second?.id ?? "").blocks)).toContain("Also open for this site: CR-1");
    await world.click("robin", "cancel", second?.id ?? "");
    await world.run();
    expect(JSON.stringify(world.card("CR-1").blocks)).not.toContain("Also open");
  });

  test("the same message twice opens one request", async () => {
    const world = new FlowWorld();
    const message = {
      kind: "message",
      id: "m-1",
      actor: {
        account: { platform: "teams", tenant: "tenant-1", user: "robin" },
        displayName: "Robin Reyes",
      },
      place: channel,
      text: "route all traffic for app-x",
    } as const;
    await world.receive(message);
    await world.receive(message);
    await world.run();
    await world.receive(message);
    await world.run();
    expect(await world.store.requests.listOpen({ limit: 5 })).toHaveLength(1);
    expect(world.chat.posted).toHaveLength(1);
  });
});

describe("approving", () => {
  test("one's own request is refused with the reason, whatever else one may", async () => {
    const world = new FlowWorld();
    await world.say("ana", "route all traffic for app-x");
    const reply = await world.click("ana", "approve", "CR-1");
    expect(reply).toMatchObject({
      kind: "notice",
      text: expect.stringContaining("somebody else has to approve it: Ben Becker"),
    });
    await world.run();
    expect(world.writes).toBe(0);
    expect(world.store.events.at(-1)).toMatchObject({ kind: "refused", details: { code: "self-approval" } });
  });

  test("by somebody who is no approver is refused, and the card stays as it is", async () => {
    const world = await requested();
    const reply = await world.click("olga", "approve", "CR-1");
    expect(reply).toMatchObject({ kind: "notice", text: expect.stringContaining("not an approver") });
    await world.run();
    expect(world.card("CR-1").tone).toBe("waiting");
    expect(world.writes).toBe(0);
  });

  test("by somebody else applies, reads back and confirms in the thread; the card loses its buttons and names the decider", async () => {
    const world = await requested();
    const reply = await world.click("ana", "approve", "CR-1");
    expect(reply).toMatchObject({ kind: "card" });
    await world.run();
    expect(world.writes).toBe(1);
    expect(world.card("CR-1").actions).toEqual([]);
    expect(world.card("CR-1").summary).toContain("Approved by Ana Alvarez, applied, and read back");
    expect(world.latest).toContain("CR-1");
    const report = world.shown.at(-1);
    expect(report?.title).toBe("CR-1: confirmed");
    expect(report?.blocks.find((block) => block.kind === "table")?.rows[1]).toEqual([
      "Application traffic (Route All)",
      "on",
      "through the VNet",
    ]);
  });

  test("costs Azure one reading for the plan, one before the write, the write and the read-back", async () => {
    const world = await requested();
    await world.click("ana", "approve", "CR-1");
    await world.run();
    expect(world.routing.calls.map(({ method }) => method)).toEqual([
      "find",
      "observe",
      "observe",
      "write",
      "verify",
    ]);
  });

  test("twice by the same person is once; the second click gets the card as it is", async () => {
    const world = await requested();
    await world.click("ana", "approve", "CR-1");
    const again = await world.click("ana", "approve", "CR-1");
    expect(again.kind).toBe("card");
    await world.run();
    const late = await world.click("ben", "approve", "CR-1");
    expect(late).toMatchObject({ kind: "notice", text: expect.stringContaining("already decided") });
    expect(world.writes).toBe(1);
  });

  test("needs as many persons as the quorum says", async () => {
    const world = new FlowWorld();
    world.rule = { ...world.rule, quorum: 2 };
    await world.say("robin", "route all traffic for app-x");
    await world.click("ana", "approve", "CR-1");
    await world.click("ana", "approve", "CR-1");
    await world.run();
    expect(world.writes).toBe(0);
    expect(world.card("CR-1").summary).toContain("One approval by");
    await world.click("ben", "approve", "CR-1");
    await world.run();
    expect(world.writes).toBe(1);
    expect(world.card("CR-1").summary).toContain("Ana Alvarez and Ben Becker");
  });
});

describe("rejecting and cancelling", () => {
  test("one rejection with a reason ends it, and everybody sees by whom and why", async () => {
    const world = await requested();
    await world.click("ben", "reject", "CR-1", "not during the sale");
    await world.run();
    expect(world.card("CR-1")).toMatchObject({
      actions: [],
      summary: expect.stringContaining("Rejected by Ben Becker"),
    });
    expect(world.latest).toContain("not during the sale");
    expect((await world.click("ana", "approve", "CR-1")).kind).toBe("notice");
    await world.run();
    expect(world.writes).toBe(0);
  });

  test("a rejection without a reason decides nothing", async () => {
    const world = await requested();
    expect(await world.click("ben", "reject", "CR-1", "  ")).toMatchObject({
      kind: "notice",
      text: expect.stringContaining("Say why"),
    });
    expect((await world.store.requests.get("CR-1"))?.state).toBe("pending");
  });

  test("the requester cancels, before and after the approval, until the write starts", async () => {
    const world = await requested();
    await world.click("ana", "approve", "CR-1");
    await world.click("robin", "cancel", "CR-1");
    await world.run();
    expect(world.writes).toBe(0);
    expect(world.latest).toContain("Cancelled by Robin Reyes");
  });

  test("an outsider cannot cancel; nobody can once it has ended", async () => {
    const world = await requested();
    expect(await world.click("olga", "cancel", "CR-1")).toMatchObject({ kind: "notice" });
    await world.click("ana", "approve", "CR-1");
    await world.run();
    expect(await world.click("robin", "cancel", "CR-1")).toMatchObject({
      kind: "notice",
      text: expect.stringContaining("already ended"),
    });
  });
});

describe("time", () => {
  test("a request that nobody decides on expires visibly, and cannot be approved afterwards", async () => {
    const world = await requested();
    world.clock.advance(4 * 60 * 60_000);
    await world.run();
    expect(world.card("CR-1").summary).toContain("Expired. It was not decided in time.");
    expect(world.latest).toContain("Nothing was changed");
    expect((await world.click("ana", "approve", "CR-1")).kind).toBe("notice");
  });

  test("a click that comes before the clock's own work finds it expired all the same", async () => {
    const world = await requested();
    world.clock.advance(4 * 60 * 60_000);
    expect(await world.click("ana", "approve", "CR-1")).toMatchObject({ kind: "notice" });
    await world.run();
    expect(world.card("CR-1").summary).toContain("Expired");
    expect(world.writes).toBe(0);
  });

  test("an approved request that could not be applied in time expires instead of surprising anybody", async () => {
    const world = await requested();
    await world.click("ana", "approve", "CR-1");
    world.clock.advance(60 * 60_000);
    await world.run();
    expect(world.card("CR-1").summary).toContain("could not be applied in time");
    expect(world.writes).toBe(0);
  });
});

describe("deciding by text", () => {
  test("shows the plan and asks; only the asked person can confirm, once", async () => {
    const world = await requested();
    await world.say("ana", "approve CR-1");
    const question = world.shown.at(-1);
    expect(question?.summary).toContain("Ana Alvarez, do you want to approve CR-1");
    const prompt = question?.actions[0]?.id ?? "";
    expect(world.writes).toBe(0);
    expect(await world.click("ben", "confirm", prompt)).toMatchObject({
      text: "This question is for Ana Alvarez.",
    });
    expect(await world.click("ana", "confirm", prompt)).toMatchObject({ kind: "card", forEverybody: true });
    expect(await world.click("ana", "confirm", prompt)).toMatchObject({
      text: expect.stringContaining("no longer open"),
    });
    await world.run();
    expect(world.writes).toBe(1);
    expect(world.store.events.find(({ kind }) => kind === "approval")).toMatchObject({ surface: "text" });
  });

  test("a crash before the decision is stored leaves the question open: the next click decides", async () => {
    const world = await requested();
    await world.say("ana", "approve CR-1");
    const prompt = world.shown.at(-1)?.actions[0]?.id ?? "";
    const transition = vi
      .spyOn(world.store.requests, "transition")
      .mockRejectedValueOnce(new Error("the process died"));
    await expect(world.click("ana", "confirm", prompt)).rejects.toThrow("the process died");
    transition.mockRestore();
    expect((await world.store.requests.get("CR-1"))?.approvals).toEqual([]);
    expect(await world.click("ana", "confirm", prompt)).toMatchObject({ kind: "card" });
    await world.run();
    expect(world.writes).toBe(1);
  });

  test("of many clicks on one question at once, one answers it, and its refusal is audited once", async () => {
    const world = await requested();
    world.rule = { ...world.rule, approve: ["ben"] };
    await world.say("ana", "approve CR-1");
    const prompt = world.shown.at(-1)?.actions[0]?.id ?? "";
    const replies = await Promise.all(Array.from({ length: 8 }, () => world.click("ana", "confirm", prompt)));
    expect(replies.filter(({ kind }) => kind === "card")).toHaveLength(1);
    expect(world.store.events.filter(({ kind }) => kind === "refused")).toHaveLength(1);
  });

  test("a confirmation that comes too late decides nothing", async () => {
    const world = await requested();
    await world.say("ana", "approve CR-1");
    const prompt = world.shown.at(-1)?.actions[0]?.id ?? "";
    world.clock.advance(11 * 60_000);
    expect(await world.click("ana", "confirm", prompt)).toMatchObject({ kind: "notice" });
    await world.run();
    expect(world.writes).toBe(0);
  });

  test("self-approval is refused on this way, too", async () => {
    const world = await requested();
    await world.say("robin", "approve CR-1");
    const prompt = world.shown.at(-1)?.actions[0]?.id ?? "";
    expect(JSON.stringify(await world.click("robin", "confirm", prompt))).toContain(
      "somebody else has to approve",
    );
    await world.run();
    expect(world.writes).toBe(0);
  });

  test("works in a direct chat and not in another channel; a rejection keeps its reason", async () => {
    const world = await requested();
    await world.say("ben", "reject CR-1 because not during the sale", otherChannel);
    expect(world.latest).toContain("asked for in another conversation");
    await world.say("ben", "reject CR-1 because not during the sale", directChat);
    await world.click("ben", "confirm", world.shown.at(-1)?.actions[0]?.id ?? "");
    await world.run();
    expect(world.card("CR-1").summary).toContain("Why: not during the sale");
  });

  test("a question about another plan than the request's decides nothing", async () => {
    const world = await requested();
    const prompt = {
      id: "old-question",
      person: { id: "ana", name: "Ana Alvarez" },
      expiresAt: new Date(world.clock.now().getTime() + 60_000),
      asks: { kind: "decision", request: "CR-1", decision: "approve", fingerprint: "0".repeat(64) },
    } as const;
    await world.store.requests.record({ events: [], owed: [], jobs: [], prompts: [prompt] });
    const reply = await world.click("ana", "confirm", prompt.id);
    expect(JSON.stringify(reply)).toContain("not the plan that you were shown");
    expect((await world.store.requests.get("CR-1"))?.state).toBe("pending");
  });

  test("a click after the time is over ends the request there and then", async () => {
    const world = await requested();
    world.clock.advance(5 * 60 * 60_000);
    expect(await world.click("ana", "approve", "CR-1")).toMatchObject({ kind: "notice" });
    expect((await world.store.requests.get("CR-1"))?.state).toBe("expired");
  });

  test("a rejection without a reason is not even asked back", async () => {
    const world = await requested();
    await world.say("ben", "reject CR-1");
    expect(world.latest).toContain("Say why");
    expect(world.shown.at(-1)?.actions).toEqual([]);
  });

  test("cancel acts at once", async () => {
    const world = await requested();
    await world.say("robin", "cancel CR-1");
    expect(world.card("CR-1").summary).toContain("Cancelled by Robin Reyes");
    expect(world.shown).toHaveLength(2);
  });
});

describe("questions", () => {
  test("status tells stored and effective values", async () => {
    const world = new FlowWorld([
      sampleSite("app-x", { flags: { allTraffic: true, imagePullTraffic: false } }),
    ]);
    await world.say("olga", "status of app-x");
    expect(world.latest).toContain("Container image pull off through the VNet");
  });

  test("pending lists what is open", async () => {
    const world = await requested();
    await world.say("ben", "pending");
    expect(world.latest).toContain("CR-1");
    await world.say("ben", "my pending requests");
    expect(world.latest).toContain("No request of yours is open");
  });

  test("help, and what is not understood, gets examples", async () => {
    const world = new FlowWorld();
    await world.say("olga", "help");
    expect(world.shown.at(-1)?.title).toBe("What I can do");
    await world.say("olga", "please make me a sandwich");
    expect(world.shown).toHaveLength(2);
  });
});
