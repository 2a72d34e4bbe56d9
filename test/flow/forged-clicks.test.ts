import { describe, expect, test } from "vitest";
import { unknownRequest } from "../../src/flow/record-decision.ts";
import type { Reply } from "../../src/ports/chat.ts";
import { directChat, FlowWorld, otherChannel } from "../support/flow-world.ts";

/** What a client can be made to send, whatever is on the screen: any verb, any id, from anywhere the bot is. */
async function requested(): Promise<FlowWorld> {
  const world = new FlowWorld();
  await world.say("robin", "route all traffic for app-x");
  return world;
}
const text = (reply: Reply) => JSON.stringify(reply);
const unknown = unknownRequest("CR-1").message;

describe("a guessed id", () => {
  test("shows an outsider nothing outside the conversation that has the card, and decides nothing", async () => {
    const world = await requested();
    for (const verb of ["approve", "reject", "cancel"] as const) {
      for (const place of [otherChannel, directChat]) {
        const reply = await world.click("olga", verb, "CR-1", "because", place);
        expect(reply).toEqual({ kind: "notice", text: unknown });
      }
    }
    const here = await world.click("olga", "approve", "CR-1");
    expect(text(here)).toContain("not an approver");
    expect((await world.store.requests.get("CR-1"))?.revision).toBe(1);
    // Each attempt is in the audit, with the account that made it.
    const refused = world.store.events.filter(({ kind }) => kind === "refused");
    expect(refused).toHaveLength(7);
    expect(refused.every(({ account }) => account?.user === "olga")).toBe(true);
  });

  test("in the words of a message shows an outsider nothing either", async () => {
    const world = await requested();
    for (const words of ["approve CR-1", "reject CR-1 because no", "cancel CR-1"]) {
      for (const place of [otherChannel, directChat]) {
        await world.say("olga", words, place);
        expect(world.latest).toBe(unknown);
      }
    }
    await world.say("ben", "approve CR-1", otherChannel);
    expect(world.latest).toContain("asked for in another conversation");
  });

  test.each(["CR-2", "CR-0", "CR-01", "CR-1 ", "cr-1; drop", "CR-99999999999999999999", "", "__proto__"])(
    "%j that no card carries decides nothing",
    async (target) => {
      const world = await requested();
      const reply = await world.click("olga", "approve", target);
      expect(reply.kind).toBe("notice");
      expect((await world.store.requests.get("CR-1"))?.approvals).toEqual([]);
    },
  );
});

describe("questions", () => {
  async function asked() {
    const world = await requested();
    await world.say("ana", "approve CR-1");
    const [yes, no] = world.shown.at(-1)?.actions ?? [];
    return { world, prompt: yes?.id ?? "", no: no?.id ?? "" };
  }

  test("of somebody else can be neither answered nor put aside", async () => {
    const { world, prompt } = await asked();
    for (const verb of ["confirm", "dismiss", "pick"] as const) {
      for (const id of [prompt, `${prompt}.0`]) {
        expect((await world.click("ben", verb, id)).kind).toBe("notice");
      }
    }
    // That somebody tried to decide with it is in the audit.
    expect(world.store.events.filter(({ kind }) => kind === "refused")).toMatchObject([
      { request: "CR-1", person: { id: "ben" }, details: { wanted: "approve", code: "prompt-not-yours" } },
    ]);
    expect(await world.click("ana", "confirm", prompt)).toMatchObject({ kind: "card" });
  });

  test("are answered by their own verb and id only", async () => {
    const { world, prompt } = await asked();
    for (const [verb, id] of [
      ["pick", `${prompt}.0`],
      ["pick", prompt],
      ["approve", prompt],
      ["confirm", `${prompt}.0`],
      ["confirm", "CR-1"],
    ] as const) {
      expect((await world.click("ana", verb, id)).kind).toBe("notice");
    }
    expect((await world.store.requests.get("CR-1"))?.approvals).toEqual([]);
  });

  test("that were put aside cannot be confirmed from the old message", async () => {
    const { world, prompt, no } = await asked();
    await world.click("ana", "dismiss", no);
    expect((await world.click("ana", "confirm", prompt)).kind).toBe("notice");
    await world.run();
    expect(world.writes).toBe(0);
  });

  test("of many sites: an index that was not offered does nothing", async () => {
    const world = new FlowWorld();
    await world.say("robin", "route all traffic for ap-x");
    const pick = world.shown.at(-1)?.actions.find(({ verb }) => verb === "pick")?.id ?? "";
    for (const index of ["9", "-1", "00", "x"]) {
      const reply = await world.click("robin", "pick", pick.replace(/\d$/, index));
      expect(reply.kind).toBe("notice");
    }
    await world.run();
    expect(await world.store.requests.listOpen({ limit: 5 })).toEqual([]);
  });
});

describe("old buttons", () => {
  test.each(["approve", "reject", "cancel"] as const)(
    "%s on a card of a request that has ended changes nothing",
    async (verb) => {
      const world = await requested();
      await world.click("ana", "approve", "CR-1");
      await world.run();
      const before = await world.store.requests.get("CR-1");
      for (const who of ["robin", "ana", "ben", "olga"] as const) {
        expect(["notice", "card"]).toContain((await world.click(who, verb, "CR-1", "late")).kind);
      }
      await world.run();
      expect(await world.store.requests.get("CR-1")).toEqual(before);
      expect(world.writes).toBe(1);
    },
  );

  test("the same delivery again and again is one approval", async () => {
    const world = new FlowWorld();
    world.rule = { ...world.rule, quorum: 2 };
    await world.say("robin", "route all traffic for app-x");
    await Promise.all(Array.from({ length: 20 }, () => world.click("ana", "approve", "CR-1")));
    expect((await world.store.requests.get("CR-1"))?.approvals).toHaveLength(1);
    await world.run();
    expect(world.writes).toBe(0);
  });
});
