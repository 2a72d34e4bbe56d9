import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Inbound, Reply } from "../../../src/ports/chat.ts";
import {
  executeActivity,
  messageActivity,
  submitActivity,
  teamsIds,
} from "../../support/teams-activities.ts";
import { startTeamsBench, type TeamsBench } from "../../support/teams-harness.ts";
import { views } from "../../support/views.ts";

describe("what reaches the core from Teams", () => {
  let bench: TeamsBench;
  let received: Inbound[];
  let reply: Reply;

  beforeAll(async () => {
    bench = await startTeamsBench();
  });
  afterAll(() => bench.close());
  beforeEach(() => {
    received = [];
    reply = { kind: "accepted" };
    bench.peer.reset();
    bench.receiveWith(async (inbound) => {
      received.push(inbound);
      return reply;
    });
  });

  const options = (where: "channel" | "direct" = "channel") => ({ serviceUrl: bench.peer.serviceUrl, where });
  const message = (words: string, changes: Record<string, unknown> = {}) => ({
    ...messageActivity(words, options()),
    ...changes,
  });

  describe("messages", () => {
    it("know where they were said: channel and thread, chat, group", async () => {
      await bench.deliver(message("a"));
      await bench.deliver(messageActivity("b", options("direct")));
      await bench.deliver(
        message("c", {
          conversation: {
            id: "19:group@thread.v2",
            conversationType: "groupChat",
            tenantId: teamsIds.tenant,
          },
        }),
      );
      expect(received.map(({ place: { address, ...place } }) => place)).toEqual([
        {
          platform: "teams",
          tenant: teamsIds.tenant,
          kind: "channel",
          conversation: teamsIds.channel,
          thread: teamsIds.thread,
        },
        { platform: "teams", tenant: teamsIds.tenant, kind: "direct", conversation: teamsIds.direct },
        { platform: "teams", tenant: teamsIds.tenant, kind: "group", conversation: "19:group@thread.v2" },
      ]);
    });

    it.each([
      ["<at>Routebot</at> status", "status"],
      ["<at>Routebot</at>&nbsp;status\n", "status"],
      ["status <at>Routebot</at>", "status"],
      ["<at>Routebot</at> <at>Routebot</at> status", "status"],
      ["<at>Routebot</at> ask <at>Bo Lindqvist</at> about it", "ask Bo Lindqvist about it"],
      ["<at>Routebot</at> R&D <data> &amp; &lt;x&gt;", "R&D <data> &amp; &lt;x&gt;"],
      ["<at>Routebot</at>\u00a0two\u00a0words", "two words"],
      ["<at>Routebot</at>", ""],
    ])("%j is heard as %j", async (text, heard) => {
      const entities = [
        { type: "clientInfo" },
        { type: "mention", mentioned: { id: teamsIds.bot, name: "Routebot" }, text: "<at>Routebot</at>" },
        { type: "mention", mentioned: { id: "29:bo", name: "Bo Lindqvist" }, text: "<at>Bo Lindqvist</at>" },
        { type: "mention", mentioned: null },
      ];
      await bench.deliver(message("", { text, entities }));
      expect(received).toMatchObject([{ kind: "message", text: heard }]);
    });

    it("written as XML are heard without its escapes", async () => {
      await bench.deliver(
        message("", { text: "<at>Routebot</at> R&amp;D &lt;b&gt; &amp;lt;", textFormat: "xml" }),
      );
      expect(received).toMatchObject([{ text: "R&D <b> &lt;" }]);
    });

    it.each([
      ["do not mention the bot", { entities: [], text: "route all traffic for shop-web" }],
      [
        "mention somebody of the same name",
        {
          entities: [
            { type: "mention", mentioned: { id: "29:other", name: "Routebot" }, text: "<at>Routebot</at>" },
          ],
        },
      ],
      [
        "are edits",
        { type: "messageUpdate", channelData: { eventType: "editMessage", tenant: { id: teamsIds.tenant } } },
      ],
      ["are deleted", { type: "messageDelete" }],
      ["are reactions", { type: "messageReaction" }],
      ["are typing", { type: "typing" }],
      ["come from no person of the organisation", { from: { id: "28:another-bot", name: "Bot" } }],
      ["come from an unknown kind of conversation", { conversation: { id: "x", tenantId: teamsIds.tenant } }],
    ])("are not taken if they %s", async (_name, changes) => {
      expect((await bench.deliver(message("approve CR-12", changes))).status).toBe(200);
      expect(received).toEqual([]);
    });

    it("need no mention in a group chat's stead only when they are direct", async () => {
      const group = { id: "19:group@thread.v2", conversationType: "groupChat", tenantId: teamsIds.tenant };
      await bench.deliver(message("", { text: "status", entities: [], conversation: group }));
      expect(received).toEqual([]);
      await bench.deliver(messageActivity("status", options("direct")));
      expect(received).toHaveLength(1);
    });

    it("of the same id in two conversations are two messages", async () => {
      await bench.deliver(message("a", { id: "1" }));
      await bench.deliver({ ...messageActivity("b", options("direct")), id: "1" });
      expect(received[0]?.id).not.toBe(received[1]?.id);
    });

    it("name their author in lower case, and the speaker's own tenant where it is told", async () => {
      await bench.deliver(
        message("a", {
          from: {
            id: "29:x",
            name: "Ana",
            aadObjectId: teamsIds.user.toUpperCase(),
            tenantId: teamsIds.tenant,
          },
        }),
      );
      expect(received[0]?.actor).toEqual({
        account: { platform: "teams", tenant: teamsIds.tenant, user: teamsIds.user },
        displayName: "Ana",
      });
    });

    it("answered with a notice are answered in the thread, after the acknowledgement", async () => {
      reply = { kind: "notice", text: "Too busy." };
      expect(await bench.deliver(message("status"))).toMatchObject({ status: 200, text: "" });
      await expect.poll(() => bench.peer.messages.length).toBe(1);
      expect(bench.peer.messages[0]?.conversationId).toBe(`${teamsIds.channel};messageid=${teamsIds.thread}`);
    });
  });

  describe("presses of buttons", () => {
    const press = (data: unknown, more: { verb?: string; trigger?: string } = {}) =>
      executeActivity(
        { verb: more.verb ?? "approve", data, messageId: "card-1" },
        { ...options(), ...(more.trigger && { trigger: more.trigger }) },
      );

    it("are answered with the card as it is now, for the person who pressed", async () => {
      reply = { kind: "card", view: views.confirmed };
      const { status, body } = await bench.deliver(press({ id: "id-1" }));
      expect(status).toBe(200);
      expect(body).toMatchObject({
        statusCode: 200,
        type: "application/vnd.microsoft.card.adaptive",
        value: { type: "AdaptiveCard", version: "1.5" },
      });
      expect(JSON.stringify(body)).toContain("CR-12 is done");
      expect(bench.peer.requests).toEqual([]);
    });

    it("are answered with a notice, on the card if there is one", async () => {
      reply = { kind: "notice", text: "You asked for it *yourself*." };
      expect((await bench.deliver(press({ id: "id-1" }))).body).toEqual({
        statusCode: 200,
        type: "application/vnd.microsoft.activity.message",
        value: "You asked for it *yourself*.",
      });
      reply = { ...reply, view: views["confirm-prompt"] };
      const { body } = await bench.deliver(press({ id: "id-1" }));
      expect(body).toMatchObject({ type: "application/vnd.microsoft.card.adaptive" });
      expect(JSON.stringify(body)).toContain("You asked for it *yourself*.");
      expect(JSON.stringify(body)).toContain("Approve CR-12?");
    });

    it("are acknowledged in words when the answer comes later", async () => {
      expect((await bench.deliver(press({ id: "id-1" }))).body).toMatchObject({
        statusCode: 200,
        type: "application/vnd.microsoft.activity.message",
      });
    });

    it("are told that nothing was done when nothing could be stored", async () => {
      bench.receiveWith(async () => {
        throw new Error("the store is down");
      });
      const { status, body } = await bench.deliver(press({ id: "id-1" }));
      expect(status).toBe(200);
      expect(body).toMatchObject({
        statusCode: 500,
        type: "application/vnd.microsoft.error",
        value: { message: expect.stringContaining("nothing was done") },
      });
    });

    it.each([
      ["an automatic refresh", () => press({ id: "id-1" }, { trigger: "automatic" }), 501],
      ["another invoke", () => ({ ...press({ id: "id-1" }), name: "composeExtension/query" }), 501],
    ])("are not %s", async (_name, make, status) => {
      expect((await bench.deliver(make())).status).toBe(status);
      expect(received).toEqual([]);
    });

    it.each([
      ["an unknown verb", () => press({ id: "id-1" }, { verb: "grant-all" })],
      ["a verb of the data alone", () => press({ id: "id-1", verb: "approve" }, { verb: "grant-all" })],
      ["no id", () => press({})],
      ["an id that is no string", () => press({ id: { $gt: "" } })],
      ["no data", () => press(undefined)],
      ["another action", () => ({ ...press({ id: "id-1" }), value: { action: { type: "Action.Submit" } } })],
      ["no value", () => ({ ...press({ id: "id-1" }), value: undefined })],
    ])("with %s are told that the button is not known", async (_name, make) => {
      const { status, body } = await bench.deliver(make());
      expect(status).toBe(200);
      expect(body).toMatchObject({ statusCode: 400, type: "application/vnd.microsoft.error" });
      expect(received).toEqual([]);
    });

    it("in an old client arrive as a message, and the card they were on is replaced", async () => {
      reply = { kind: "card", view: views.confirmed };
      const { chat } = bench.adapter;
      await bench.deliver(message("status"));
      const place = received[0]?.place;
      if (!place) throw new Error("the message did not arrive");
      await expect.poll(() => bench.peer.messages.length).toBe(1);
      const sent = await chat.post({ place, view: views["approval-request"], key: "k" });
      expect(sent.kind).toBe("sent");
      const card = bench.peer.messages.at(-1);
      const { status } = await bench.deliver(
        submitActivity(
          { data: { verb: "reject", id: "id-1", "input-1": "why not" }, messageId: card?.id ?? "" },
          options(),
        ),
      );
      expect(status).toBe(200);
      expect(received.at(-1)).toMatchObject({
        kind: "click",
        verb: "reject",
        target: "id-1",
        input: "why not",
      });
      await expect.poll(() => JSON.stringify(card?.activity)).toContain("CR-12 is done");
      expect(bench.peer.messages).toHaveLength(2);
    });

    it("in an old client need no mention, and carry nothing but our own buttons", async () => {
      expect(
        (await bench.deliver(submitActivity({ data: { verb: "grant-all", id: "x" } }, options()))).status,
      ).toBe(400);
      expect((await bench.deliver(submitActivity({ data: "approve" }, options()))).status).toBe(400);
      expect(received).toEqual([]);
    });
  });

  describe("installations", () => {
    const installed = (changes: Record<string, unknown>) =>
      message("", { text: undefined, entities: [], ...changes });

    it("are told once, though Teams tells of them in two ways", async () => {
      await bench.deliver(installed({ type: "installationUpdate", action: "add" }));
      await bench.deliver(installed({ type: "conversationUpdate", membersAdded: [{ id: teamsIds.bot }] }));
      expect(received).toMatchObject([{ kind: "installed" }, { kind: "installed" }]);
      expect(received[0]?.id).toBe(received[1]?.id);
    });

    it("are not removals, nor other people who join", async () => {
      await bench.deliver(installed({ type: "installationUpdate", action: "remove" }));
      await bench.deliver(installed({ type: "conversationUpdate", membersAdded: [{ id: "29:someone" }] }));
      await bench.deliver(installed({ type: "conversationUpdate" }));
      expect(received).toEqual([]);
    });
  });
});

describe("when the core takes longer than Teams waits", () => {
  it("a press is answered honestly, a message is left to be delivered again, and the core goes on", async () => {
    const bench = await startTeamsBench();
    bench.hurry();
    let finished = 0;
    const finish: (() => void)[] = [];
    bench.receiveWith(async () => {
      await new Promise<void>((resolve) => finish.push(resolve));
      finished += 1;
      return { kind: "accepted" };
    });
    const options = { serviceUrl: bench.peer.serviceUrl };
    const pressed = await bench.deliver(executeActivity({ verb: "approve", data: { id: "id-1" } }, options));
    expect(pressed.status).toBe(200);
    expect(pressed.body).toMatchObject({ type: "application/vnd.microsoft.activity.message" });
    expect(JSON.stringify(pressed.body)).not.toMatch(/nothing was done/);
    expect((await bench.deliver(messageActivity("status", options))).status).toBe(503);
    for (const resolve of finish) resolve();
    await expect.poll(() => finished).toBe(2);
    await bench.close();
  });
});
