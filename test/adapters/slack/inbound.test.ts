import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Reply } from "../../../src/ports/chat.ts";
import { workspace } from "../../support/slack-peer.ts";
import { views } from "../../support/views.ts";
import {
  ana,
  clickPayload,
  commandFields,
  directMessage,
  eventPayload,
  mention,
  submissionPayload,
} from "./payloads.ts";
import { readMessage } from "./read-message.ts";
import { type Running, startAdapter } from "./running-adapter.ts";

const { channel, direct, team } = workspace;
const actor = { account: { platform: "slack", tenant: team, user: ana }, displayName: "Name of U0ANA" };

function place(kind: "channel" | "direct", conversation: string, thread?: string) {
  const where = thread === undefined ? {} : { thread };
  return {
    platform: "slack",
    tenant: team,
    kind,
    conversation,
    ...where,
    address: JSON.stringify({ v: 1, team, channel: conversation, ...where }),
  };
}

let running: Running;
beforeAll(async () => {
  running = await startAdapter();
  await running.started();
});
afterAll(() => running.close());
beforeEach(() => running.reset());

const alone = () => running.peer.messages.filter(({ onlyFor }) => onlyFor !== undefined);
const broken = async (): Promise<Reply> => {
  throw new Error("the store is down");
};

describe("events", () => {
  it("reads a mention at the top of a channel as the start of a thread", async () => {
    await running.event(eventPayload(mention("status of shop-web"), "Ev7"));
    expect(running.received).toEqual([
      {
        kind: "message",
        id: "slack:event:Ev7",
        actor,
        place: place("channel", channel, "1700000001.000100"),
        text: "status of shop-web",
      },
    ]);
  });

  it("keeps the thread of a mention inside one", async () => {
    await running.event(eventPayload(mention("yes", { thread_ts: "1600000000.000001" })));
    expect(running.received[0]?.place).toEqual(place("channel", channel, "1600000000.000001"));
  });

  it("reads a direct message", async () => {
    await running.event(eventPayload(directMessage("help"), "Ev8"));
    expect(running.received).toEqual([
      {
        kind: "message",
        id: "slack:event:Ev8",
        actor,
        place: place("direct", direct, "1700000002.000100"),
        text: "help",
      },
    ]);
  });

  it("undoes what Slack made of the typed text", async () => {
    const text =
      "route &lt;all&gt; for <http://shop-web.azurewebsites.net|shop-web.azurewebsites.net> &amp;amp; tell <@U0BEN|ben>, <@U0CY> in <#C1|ops> <https://a.example/x?a=1&amp;b=2> <!here>";
    await running.event(eventPayload(directMessage(`<@${workspace.botUser}|routebot>: ${text}`)));
    expect(running.received).toMatchObject([
      {
        text: "route <all> for shop-web.azurewebsites.net &amp; tell @ben, @U0CY in #ops https://a.example/x?a=1&b=2 @here",
      },
    ]);
  });

  const silent = {
    "the bot's own message": directMessage("x", { user: workspace.botUser }),
    "a bot's message": directMessage("x", { bot_id: "B0OTHER" }),
    "a bot's message of old": directMessage("x", { subtype: "bot_message", bot_id: "B0OTHER" }),
    "an edit": {
      type: "message",
      subtype: "message_changed",
      channel: direct,
      channel_type: "im",
      ts: "1700000002.000200",
      message: { user: ana, text: "approve CR-1", ts: "1700000002.000100" },
    },
    "an edited mention": mention("x", { edited: { user: ana, ts: "1700000009.000000" } }),
    "any other subtype": mention("x", { subtype: "channel_topic" }),
    "a message in a channel without a mention": directMessage("x", { channel, channel_type: "channel" }),
    "a mention in a direct chat, which arrives as a message too": mention("x", { channel: direct }),
    "somebody else's arrival": { type: "member_joined_channel", user: ana, channel, inviter: "U0BEN" },
  };
  it.each(Object.entries(silent))("ignores %s", async (_, event) => {
    expect((await running.event(eventPayload(event))).status).toBe(200);
    expect(running.received).toEqual([]);
  });

  it("says that it was added to a channel, and by whom", async () => {
    const event = { type: "member_joined_channel", user: workspace.botUser, channel, inviter: ana };
    await running.event(eventPayload(event, "Ev9"));
    expect(running.received).toEqual([
      { kind: "installed", id: "slack:event:Ev9", actor, place: place("channel", channel) },
    ]);
  });

  it("gives a repeated delivery the same id", async () => {
    const repeated = { "x-slack-retry-num": "1", "x-slack-retry-reason": "http_timeout" };
    await running.event(eventPayload(mention("status"), "Ev10"));
    await running.event(eventPayload(mention("status"), "Ev10"), { headers: repeated });
    expect(running.received.map(({ id }) => id)).toEqual(["slack:event:Ev10", "slack:event:Ev10"]);
  });

  it("answers 503 when it could not be stored, so that Slack delivers again", async () => {
    running.receiveWith(broken);
    expect((await running.event(eventPayload(mention("status")))).status).toBe(503);
  });

  it("acknowledges only after it was stored", async () => {
    const order: string[] = [];
    const gate = Promise.withResolvers<Reply>();
    const arrived = Promise.withResolvers<void>();
    running.receiveWith(async () => {
      arrived.resolve();
      return gate.promise.finally(() => order.push("stored"));
    });
    const answer = running.event(eventPayload(mention("status"))).then(() => order.push("acknowledged"));
    await arrived.promise;
    gate.resolve({ kind: "accepted" });
    await answer;
    expect(order).toEqual(["stored", "acknowledged"]);
  });

  it("names people by their id when Slack does not say who they are", async () => {
    running.peer.answer("users.info", { ok: false, error: "missing_scope" });
    await running.event(eventPayload(mention("status", { user: "U0NEW" })));
    expect(running.received[0]?.actor).toEqual({
      account: { platform: "slack", tenant: team, user: "U0NEW" },
      displayName: "U0NEW",
      guest: true,
    });
  });
});

describe("the slash command", () => {
  it("is stored, and acknowledged to the one who typed it alone", async () => {
    const answer = await running.command(commandFields("route all traffic for R&amp;D"));
    expect(running.received).toEqual([
      {
        kind: "message",
        id: "slack:command:13345224609.738474920",
        actor,
        place: place("channel", channel),
        text: "route all traffic for R&D",
      },
    ]);
    expect(answer.status).toBe(200);
    const said = JSON.parse(answer.body);
    expect(said.response_type).toBe("ephemeral");
    expect(readMessage(said).shown).toContain("/routebot route all traffic for R&D.");
    expect(readMessage(said).shown).toContain("answer follows");
    expect(running.peer.messages).toEqual([]);
  });

  it("is declined where the bot could not answer", async () => {
    const there = await running.command(commandFields("status", { channel_id: workspace.elsewhere }));
    expect(readMessage(JSON.parse(there.body)).shown).toMatch(/not in this conversation.*nothing was done/);
    running.peer.answer("conversations.info", { ok: false, error: "channel_not_found" });
    const secret = await running.command(commandFields("status", { channel_id: "D0OTHERS" }));
    expect(readMessage(JSON.parse(secret.body)).shown).toMatch(/nothing was done/);
    expect(running.received).toEqual([]);
  });

  it("is taken when Slack does not tell whether the bot is there", async () => {
    running.peer.answer("conversations.info", { ok: false, error: "missing_scope" });
    await running.command(commandFields("status", { channel_id: "C0UNTOLD" }));
    expect(running.received).toHaveLength(1);
  });

  it("asks Slack once a minute where the bot is a member, and each time where it is not", async () => {
    const asked = () => running.peer.calls.filter(({ method }) => method === "conversations.info").length;
    for (const channel_id of ["C0MANY", "C0MANY", "C0MANY"])
      await running.command(commandFields("status", { channel_id }));
    expect(asked()).toBe(1);
    const { elsewhere } = workspace;
    for (const channel_id of [elsewhere, elsewhere])
      await running.command(commandFields("status", { channel_id }));
    expect(asked()).toBe(3);
    expect(running.received).toHaveLength(3);
  });

  it("says that nothing was done when it could not be stored", async () => {
    running.receiveWith(broken);
    const answer = await running.command(commandFields("status"));
    expect(answer.status).toBe(200);
    expect(readMessage(JSON.parse(answer.body)).shown).toMatch(/nothing was done/);
  });

  it("shows a notice of the core", async () => {
    running.receiveWith(async () => ({ kind: "notice", text: "Too many at once." }));
    const answer = await running.command(commandFields("status"));
    expect(readMessage(JSON.parse(answer.body)).shown).toBe("Too many at once.");
  });
});

describe("clicks", () => {
  const click = clickPayload({ thread: "1700000001.000100" });

  it("are read with verb, id, person and thread", async () => {
    expect(await running.interact(click)).toEqual({ status: 200, body: "" });
    expect(running.received).toEqual([
      {
        kind: "click",
        id: `slack:click:${channel}:1700000003.000100:approve:${ana}:1700000004.000200`,
        actor,
        place: place("channel", channel, "1700000001.000100"),
        verb: "approve",
        target: "9Yl3vX0qk2mB7nT4",
      },
    ]);
  });

  it("differ by their moment and are the same when they are delivered again", async () => {
    await running.interact(click);
    await running.interact(click);
    await running.interact(clickPayload({ actionTs: "1700000005.000200" }));
    expect(new Set(running.received.map(({ id }) => id)).size).toBe(2);
  });

  it("on buttons that are not ours are acknowledged and nothing else", async () => {
    expect((await running.interact(clickPayload({ actionId: "vote" }))).status).toBe(200);
    expect(running.received).toEqual([]);
  });

  it("find the verb of a further button of the same kind", async () => {
    await running.interact(clickPayload({ actionId: "confirm:2", value: "second" }));
    expect(running.received).toMatchObject([{ verb: "confirm", target: "second" }]);
  });

  it("are answered with a notice in the thread, to the person alone", async () => {
    running.receiveWith(async () => ({ kind: "notice", text: "You asked for this yourself <!here>." }));
    await running.interact(click);
    expect(alone()).toMatchObject([{ onlyFor: ana, channel, thread: "1700000001.000100" }]);
    expect(readMessage(alone()[0]?.content)).toMatchObject({
      shown: "You asked for this yourself <!here>.",
      parsed: [],
    });
  });

  it("replace a message that nothing else updates, and leave a request's card to the outbox", async () => {
    const where = JSON.parse(JSON.stringify(place("channel", channel)));
    await running.adapter.chat.post({ place: where, view: views["confirm-prompt"], key: "p" });
    const [prompt] = running.peer.messages;
    const onPrompt = clickPayload({ actionId: "confirm", value: "pr_6hT0", messageTs: prompt?.ts ?? "" });
    running.receiveWith(async () => ({ kind: "card", view: views.confirmed }));
    await running.interact(onPrompt);
    expect(readMessage(prompt?.content).shown).toContain("Approve CR-12?");
    running.receiveWith(async () => ({ kind: "card", view: views.confirmed, forEverybody: true }));
    await running.interact(onPrompt);
    expect(readMessage(prompt?.content).shown).toContain("CR-12 is done");
    expect(readMessage(prompt?.content).buttons).toEqual([]);
  });

  it("are acknowledged, and the person told, when they could not be stored", async () => {
    running.receiveWith(broken);
    expect((await running.interact(click)).status).toBe(200);
    expect(readMessage(alone()[0]?.content).shown).toMatch(/nothing was done/);
  });
});

describe("forms", () => {
  /** Posts a card and clicks its Reject button. */
  async function openForm(triggerId = "1.2.abc") {
    const where = JSON.parse(JSON.stringify(place("channel", channel, "1700000001.000100")));
    await running.adapter.chat.post({ place: where, view: views["approval-request"], key: "card" });
    const card = running.peer.messages.at(-1);
    const button = readMessage(card?.content).buttons.find(({ title }) => title === "Reject");
    return running.interact(
      clickPayload(
        {
          actionId: "reject",
          thread: "1700000001.000100",
          messageTs: card?.ts ?? "",
          value: button?.value ?? "",
          blockId: button?.blockId ?? "",
        },
        { trigger_id: triggerId },
      ),
    );
  }
  const form = () => {
    const [view] = running.peer.views;
    if (!view) throw new Error("no form was opened");
    return view;
  };

  it("open at the click, with the words of the view, and hand nothing on yet", async () => {
    expect((await openForm()).status).toBe(200);
    expect(running.received).toEqual([]);
    expect(form().view).toMatchObject({
      title: { text: "Reject CR-12" },
      submit: { text: "Reject" },
      blocks: [{ label: { text: "Why?" }, optional: false, element: { max_length: 300 } }],
    });
  });

  it("are handed on as the click with its input", async () => {
    await openForm();
    const answer = await running.interact(submissionPayload(form(), "freeze until <Monday> & *later*"));
    expect(answer).toEqual({ status: 200, body: "" });
    expect(running.received).toEqual([
      {
        kind: "click",
        id: `slack:form:${form().id}:${form().hash}`,
        actor,
        place: place("channel", channel, "1700000001.000100"),
        verb: "reject",
        target: "9Yl3vX0qk2mB7nT4",
        input: "freeze until <Monday> & *later*",
      },
    ]);
  });

  it("replace the message with their button when nothing else updates it", async () => {
    await openForm();
    running.receiveWith(async () => ({ kind: "card", view: views.confirmed, forEverybody: true }));
    await running.interact(submissionPayload(form(), "looked at it"));
    const card = running.peer.messages.at(-1);
    expect(readMessage(card?.content).shown).toContain("CR-12 is done");
    expect(readMessage(card?.content).buttons).toEqual([]);
  });

  it("left empty have an empty input", async () => {
    await openForm();
    await running.interact(submissionPayload(form(), null));
    expect(running.received).toMatchObject([{ input: "" }]);
  });

  it("stay open, with what was typed, when they could not be stored", async () => {
    await openForm();
    running.receiveWith(broken);
    const answer = await running.interact(submissionPayload(form(), "no"));
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body)).toMatchObject({
      response_action: "errors",
      errors: { answer: expect.stringMatching(/nothing was done/) },
    });
  });

  it("show a notice of the core in the thread of the card", async () => {
    await openForm();
    running.receiveWith(async () => ({ kind: "notice", text: "CR-12 was decided already." }));
    expect(await running.interact(submissionPayload(form(), "no"))).toEqual({ status: 200, body: "" });
    expect(alone()).toMatchObject([{ onlyFor: ana, thread: "1700000001.000100" }]);
  });

  it("that Slack does not open are told", async () => {
    await openForm("expired");
    expect(running.peer.views).toEqual([]);
    expect(readMessage(alone()[0]?.content).shown).toMatch(/could not be opened: nothing was done/);
  });

  it("that somebody else made are not read", async () => {
    const view = { id: "V1", hash: "h", view: { callback_id: "routebot_form", private_metadata: "{}" } };
    expect((await running.interact(submissionPayload(view, "x"))).status).toBe(200);
    expect(running.received).toEqual([]);
  });
});
