import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { admitInbound, mostUnderWay } from "../../../src/adapters/admission/admit-inbound.ts";
import type { Inbound, Receive, Reply } from "../../../src/ports/chat.ts";
import { createRecordedLog } from "../../support/recorded-log.ts";

const place = {
  platform: "teams",
  tenant: "t1",
  kind: "direct",
  conversation: "c1",
  address: "{}",
} as const;
const actorOf = (user: string) => ({
  account: { platform: "teams", tenant: "t1", user } as const,
  displayName: user,
});
let last = 0;
const next = () => {
  last += 1;
  return `id-${last}`;
};
const message = (user: string): Inbound => ({
  kind: "message",
  id: next(),
  actor: actorOf(user),
  place,
  text: "x",
});
const click = (user: string): Inbound => ({
  kind: "click",
  id: next(),
  actor: actorOf(user),
  place,
  verb: "approve",
  target: "CR-1",
});
const viewed = (user: string): Inbound => ({
  kind: "viewed",
  id: next(),
  actor: actorOf(user),
  place,
  target: "CR-1",
});

const settings = { messagesPerMinute: 3, clicksPerMinute: 2 };

describe("how much one person may send", () => {
  let core: Inbound[];
  let admit: Receive;
  beforeEach(() => {
    vi.useFakeTimers();
    core = [];
    admit = admitInbound(
      async (inbound) => {
        core.push(inbound);
        return { kind: "accepted" };
      },
      settings,
      createRecordedLog(),
    );
  });
  afterEach(() => void vi.useRealTimers());

  const send = async (all: readonly Inbound[]) => {
    const replies: Reply[] = [];
    for (const one of all) replies.push(await admit(one));
    return replies;
  };
  const times = (count: number, make: () => Inbound) => Array.from({ length: count }, make);

  it("says beyond it what to do, and that it was said", async () => {
    const replies = await send(times(5, () => message("robin")));
    expect(core).toHaveLength(3);
    expect(replies.map(({ kind }) => kind)).toEqual(["accepted", "accepted", "accepted", "notice", "notice"]);
    expect(replies[3]).toEqual({
      kind: "notice",
      text: "I take 3 messages a minute from one person: wait 60 seconds, then send again what was not answered.",
    });
    expect(replies[4]).toMatchObject({ again: true });
  });

  it("is counted for each person, on each platform and tenant", async () => {
    await send(times(9, () => message("robin")));
    expect(await admit(message("ana"))).toEqual({ kind: "accepted" });
    const elsewhere = message("robin");
    const { actor } = elsewhere;
    const account = { ...actor.account, tenant: "t2" };
    expect(await admit({ ...elsewhere, actor: { ...actor, account } })).toEqual({ kind: "accepted" });
  });

  it("is counted apart for what is said, pressed and looked at", async () => {
    await send(times(9, () => message("robin")));
    expect(await send(times(3, () => click("robin")))).toEqual([
      { kind: "accepted" },
      { kind: "accepted" },
      expect.objectContaining({ text: expect.stringMatching(/^I take 2 clicks a minute .*wait 60 seconds/) }),
    ]);
    const looks = await send(times(9, () => viewed("robin")));
    expect(looks.filter(({ kind }) => kind === "accepted")).toHaveLength(8);
    expect(looks[8]).toMatchObject({ text: expect.stringContaining("looked at too often") });
  });

  it("is there again when the minute is over, and told anew after it", async () => {
    await send(times(5, () => message("robin")));
    await vi.advanceTimersByTimeAsync(40_000);
    expect(await admit(message("robin"))).toMatchObject({ text: expect.stringContaining("wait 20 seconds") });
    await vi.advanceTimersByTimeAsync(20_001);
    const replies = await send(times(4, () => message("robin")));
    expect(replies.map(({ kind }) => kind)).toEqual(["accepted", "accepted", "accepted", "notice"]);
    expect(replies[3]).not.toHaveProperty("again");
  });
});

describe("how much may be under way", () => {
  const many = { messagesPerMinute: 9_999, clicksPerMinute: 9_999 };

  it("beyond it everybody is told at once that it is busy, clicks have room of their own, and it recovers", async () => {
    const gate = Promise.withResolvers<Reply>();
    let asked = 0;
    const admit = admitInbound(
      (inbound) => {
        asked += 1;
        return inbound.kind === "message" ? gate.promise : Promise.resolve({ kind: "accepted" });
      },
      many,
      createRecordedLog(),
    );
    const waiting = Array.from({ length: mostUnderWay.messages }, (_, index) =>
      admit(message(`person-${index % 20}`)),
    );
    await vi.waitUntil(() => asked === mostUnderWay.messages);
    expect(await admit(message("robin"))).toEqual({ kind: "busy" });
    expect(asked).toBe(mostUnderWay.messages);
    expect(await admit(click("ana"))).toEqual({ kind: "accepted" });
    gate.resolve({ kind: "accepted" });
    await Promise.all(waiting);
    expect(await admit(message("robin"))).toEqual({ kind: "accepted" });
  });

  it("what could not be stored makes room like everything else", async () => {
    const admit = admitInbound(() => Promise.reject(new Error("down")), many, createRecordedLog());
    for (let count = 0; count <= mostUnderWay.messages; count += 1) {
      await expect(admit(message("robin"))).rejects.toThrow("down");
    }
  });
});
