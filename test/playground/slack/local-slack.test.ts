import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTinyPlayground, type TinyPlayground } from "../../support/tiny-playground.ts";

const channel = { platform: "slack", conversation: "on-call" } as const;
const direct = { platform: "slack", conversation: "direct" } as const;

/** The real Bolt against the local Slack, over both of Slack's transports. */
describe.each(["http", "socket"] as const)("over %s", (slackTransport) => {
  let tiny: TinyPlayground;
  beforeAll(async () => {
    tiny = await startTinyPlayground({ slackTransport });
  });
  afterAll(() => tiny?.stop());

  async function ask(where: typeof channel | typeof direct, text: string) {
    const said = await tiny.say({ ...where, as: "robin", text });
    const { messages } = await tiny.wait({ as: "robin", ...where, after: said.seq });
    const [message] = messages;
    if (message === undefined) throw new Error("no answer");
    return { said, message };
  }

  test("a mention in a channel is answered in its thread, with what was typed escaped", async () => {
    const { said, message } = await ask(channel, "@Routebot <b> & <!channel>");
    expect(said.delivery?.what).toBe("event app_mention");
    expect(said.message?.text).toBe("<@U0ROUTEBOT> &lt;b&gt; &amp; &lt;!channel&gt;");
    expect(message).toMatchObject({
      text: "you said: &lt;b&gt; &amp; &lt;!channel&gt;",
      thread: said.message?.id,
    });
  });

  test("the bot is not told of a channel message without a mention", async () => {
    const said = await tiny.say({ ...channel, as: "robin", text: "good morning" });
    expect(said).toMatchObject({ delivery: null, why: "the bot is not mentioned" });
  });

  test("a direct message needs no mention and nobody else sees it", async () => {
    const { message } = await ask(direct, "just us");
    expect(message.text).toBe("you said: just us");
    const { messages } = await tiny.world("ana");
    expect(messages.find(({ id }) => id === message.id)).toBeUndefined();
  });

  test("a slash command: acknowledged with a text, answered by response_url and ephemerally", async () => {
    const said = await tiny.say({ ...channel, as: "ana", text: "/routebot status app-x" });
    expect(said).toMatchObject({ message: null, problem: null });
    await tiny.wait({ as: "ana", after: said.seq, contains: "psst" });
    const mine = (await tiny.world("ana")).messages.filter(({ seq }) => seq > said.seq);
    expect(mine.map(({ text, ephemeral }) => [text, ephemeral])).toEqual([
      ["looking at status app-x", true],
      ["status app-x, said to all", false],
      ["psst", true],
    ]);
    const others = (await tiny.world("robin")).messages.filter(({ seq }) => seq > said.seq);
    expect(others.map(({ text }) => text)).toEqual(["status app-x, said to all"]);
  });

  test("a button changes the message for everybody", async () => {
    const { message } = await ask(channel, "@Routebot card");
    expect(message.actions.map(({ title }) => title)).toEqual(["Approve", "Reject", "Sleep"]);
    const clicked = await tiny.click({ ...channel, messageId: message.id, as: "ana", action: "approve" });
    expect(clicked).toMatchObject({ acknowledged: true, problem: null });
    const { messages } = await tiny.wait({ as: "robin", after: clicked.seq, id: message.id });
    expect(messages[0]).toMatchObject({ plainText: "Request was approved by <@U0ANA0001>", actions: [] });
  });

  test("a form: required, refused with errors, then taken", async () => {
    const { message } = await ask(channel, "@Routebot card");
    const clicked = await tiny.click({ ...channel, messageId: message.id, as: "ben", action: "Reject" });
    const { modals } = await tiny.wait({ as: "ben", kind: "modal", after: clicked.seq });
    const modalId = modals[0]?.id;
    expect(modals[0]?.inputs).toEqual([
      { id: "reason", label: "Why?", type: "plain_text_input", required: true },
    ]);
    const empty = await tiny.submit({ modalId, as: "ben" });
    expect(empty).toMatchObject({
      delivery: null,
      modal: { errors: { reason: "Please complete this required field." } },
    });
    const short = await tiny.submit({ modalId, as: "ben", values: { reason: "no" } });
    expect(short).toMatchObject({
      acknowledged: true,
      modal: { state: "open", errors: { reason: "Say a little more." } },
    });
    const taken = await tiny.submit({ modalId, as: "ben", values: { reason: "not tonight" } });
    expect(taken).toMatchObject({ acknowledged: true, problem: null, modal: { state: "closed" } });
    await tiny.wait({ as: "robin", after: taken.seq, id: message.id, contains: "not tonight" });
  });

  test("a click that is not acknowledged within three seconds is told to the person", async () => {
    const { message } = await ask(channel, "@Routebot card");
    const clicked = await tiny.click({ ...channel, messageId: message.id, as: "ana", action: "sleep" });
    expect(clicked).toMatchObject({ acknowledged: false, problem: "This app is not responding. Try again." });
    expect(clicked.delivery.attempts).toHaveLength(1);
  });

  test("blocks that Slack would not take are refused", async () => {
    const { message } = await ask(direct, "bad card");
    expect(message.text).toContain("refused: An API error occurred: invalid_blocks");
  });
});
