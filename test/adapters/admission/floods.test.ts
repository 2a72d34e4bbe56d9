/** A flood from one person, through the endpoints of both chats. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { admitInbound } from "../../../src/adapters/admission/admit-inbound.ts";
import type { Inbound, Receive } from "../../../src/ports/chat.ts";
import { createRecordedLog } from "../../support/recorded-log.ts";
import { executeActivity, messageActivity } from "../../support/teams-activities.ts";
import { startTeamsBench, type TeamsBench } from "../../support/teams-harness.ts";
import { clickPayload, commandFields, eventPayload, mention } from "../slack/payloads.ts";
import { readMessage } from "../slack/read-message.ts";
import { type Running, startAdapter } from "../slack/running-adapter.ts";

let stored: Inbound[];
const core: Receive = async (inbound) => {
  stored.push(inbound);
  return inbound.kind === "click" ? { kind: "notice", text: "Approved." } : { kind: "accepted" };
};
/** Anew for each test. */
const limited = () => admitInbound(core, { messagesPerMinute: 3, clicksPerMinute: 2 }, createRecordedLog());
beforeEach(() => {
  stored = [];
});

describe("Slack", () => {
  let running: Running;
  beforeAll(async () => {
    running = await startAdapter();
    await running.started();
  });
  afterAll(() => running.close());
  beforeEach(() => {
    running.reset();
    running.receiveWith(limited());
  });
  const said = () => running.peer.messages.map(({ content }) => readMessage(content).shown);
  const command = async (text: string, more: Record<string, string> = {}) => {
    const answer = await running.command(commandFields(text, { trigger_id: `${Math.random()}`, ...more }));
    expect(answer.status).toBe(200);
    return readMessage(JSON.parse(answer.body)).shown;
  };

  it("each command beyond the limit is answered with what to do, and nothing of it is stored", async () => {
    for (let count = 0; count < 3; count += 1) expect(await command("status")).toMatch(/^Received/);
    for (let count = 0; count < 3; count += 1) {
      expect(await command("status")).toMatch(
        /^I take 3 messages a minute from one person: wait \d+ seconds/,
      );
    }
    expect(stored).toHaveLength(3);
    expect(await command("status", { user_id: "U0BEN", user_name: "ben" })).toMatch(/^Received/);
  });

  it("mentions beyond the limit are acknowledged, and their author hears it once", async () => {
    for (let count = 0; count < 6; count += 1) {
      expect((await running.event(eventPayload(mention("status"), `EvFlood${count}`))).status).toBe(200);
    }
    await expect.poll(said).toEqual([expect.stringMatching(/^I take 3 messages a minute/)]);
    expect(running.peer.messages[0]?.onlyFor).toBe("U0ANA");
    expect(stored).toHaveLength(3);
  });

  it("a flood of messages leaves the clicks of its author and of others alone", async () => {
    for (let count = 0; count < 6; count += 1) await command("status");
    expect((await running.interact(clickPayload())).status).toBe(200);
    await expect.poll(said).toEqual(["Approved."]);
  });

  it("forgeries count for nobody", async () => {
    for (let count = 0; count < 10; count += 1) {
      const forged = await running.command(commandFields("status"), {
        headers: { "x-slack-signature": `v0=${"0".repeat(64)}` },
      });
      expect(forged.status).toBe(401);
    }
    expect(await command("status")).toMatch(/^Received/);
  });

  describe("when too much is under way", () => {
    beforeEach(() => running.receiveWith(async () => ({ kind: "busy" })));

    it("a command is answered so", async () => {
      expect(await command("status")).toMatch(/busy: nothing was done\. Please try again/);
    });

    it("an event is left to be delivered again", async () => {
      expect((await running.event(eventPayload(mention("status")))).status).toBe(503);
    });

    it("whoever clicked is told", async () => {
      expect((await running.interact(clickPayload())).status).toBe(200);
      await expect.poll(said).toEqual([expect.stringMatching(/busy: nothing was done\. Please try again/)]);
    });
  });
});

describe("Teams", () => {
  let bench: TeamsBench;
  beforeAll(async () => {
    bench = await startTeamsBench();
  });
  afterAll(() => bench.close());
  beforeEach(() => {
    bench.peer.reset();
    bench.receiveWith(limited());
  });
  const options = () => ({ serviceUrl: bench.peer.serviceUrl });
  const say = async () => (await bench.deliver(messageActivity("status", options()))).status;
  const press = () => bench.deliver(executeActivity({ verb: "approve", data: { id: "CR-1" } }, options()));
  const posted = () => bench.peer.messages.map(({ activity }) => JSON.stringify(activity));

  it("messages beyond the limit are acknowledged, and their author hears it once", async () => {
    for (let count = 0; count < 6; count += 1) expect(await say()).toBe(200);
    await expect.poll(posted).toEqual([expect.stringContaining("I take 3 messages a minute")]);
    expect(stored).toHaveLength(3);
  });

  it("each press beyond the limit is answered with what to do", async () => {
    for (let count = 0; count < 6; count += 1) await say();
    for (let count = 0; count < 2; count += 1) {
      expect((await press()).body).toMatchObject({ value: "Approved." });
    }
    for (let count = 0; count < 2; count += 1) {
      const { status, body } = await press();
      expect(status).toBe(200);
      expect(body).toMatchObject({ value: expect.stringContaining("I take 2 clicks a minute") });
    }
  });

  it("forgeries count for nobody", async () => {
    for (let count = 0; count < 10; count += 1) {
      const forged = { authorization: `Bearer ${(await bench.peer.sign()).slice(0, -4)}AAAA` };
      expect((await bench.deliver(messageActivity("status", options()), forged)).status).toBe(401);
    }
    expect(await say()).toBe(200);
    expect(stored).toHaveLength(1);
  });

  describe("when too much is under way", () => {
    beforeEach(() => {
      // What was said to somebody a moment ago is over.
      bench.advance(11_000);
      bench.receiveWith(async () => ({ kind: "busy" }));
    });

    it("the author of a message is told, once for a while", async () => {
      expect(await say()).toBe(200);
      expect(await say()).toBe(200);
      expect(posted()).toEqual([
        expect.stringContaining("busy and nothing was done. Please try again in a moment."),
      ]);
    });

    it("a message whose author cannot be told is left to be delivered again", async () => {
      bench.peer.failNext("gone");
      expect(await say()).toBe(503);
      expect(await say()).toBe(200);
    });

    it("one that could not be stored is not acknowledged, and its author hears what to do if it does not come again", async () => {
      bench.receiveWith(() => Promise.reject(new Error("the store is down")));
      expect(await say()).toBe(503);
      await expect
        .poll(posted)
        .toEqual([expect.stringContaining("If no answer follows within a minute, please write again.")]);
    });

    it("a press is answered so", async () => {
      expect((await press()).body).toMatchObject({ value: { code: "busy" } });
    });
  });
});
