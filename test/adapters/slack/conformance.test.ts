import { type Answer, type ChatFault, type ChatHarness, describeChat } from "../../contract/chat.ts";
import { answerJson, type BotAnswer, type Fault, workspace } from "../../support/slack-peer.ts";
import { ana, clickPayload, directMessage, eventPayload, mention, submissionPayload } from "./payloads.ts";
import { readMessage } from "./read-message.ts";
import { startAdapter } from "./running-adapter.ts";

const faults: Readonly<Record<ChatFault, Fault>> = {
  "reset-after-receipt": ({ response }) => void response.destroy(),
  "server-error": ({ response }) => answerJson(response, { ok: false }, 503),
  hang: () => undefined,
  throttled: ({ response }) =>
    answerJson(response, { ok: false, error: "ratelimited" }, 429, { "retry-after": "2" }),
  gone: ({ response }) => answerJson(response, { ok: false, error: "is_archived" }),
  refused: ({ response }) => answerJson(response, { ok: false, error: "invalid_blocks" }),
};

/** What Slack's client does to typed text before an app sees it. */
function typed(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

describeChat("Slack", async (): Promise<ChatHarness> => {
  // Short, for the fault that hangs.
  const running = await startAdapter({ settings: { apiTimeoutMs: 1_000 } });
  await running.started();
  const { peer } = running;
  let deliveries = 0;
  const fresh = () => {
    deliveries += 1;
    return String(deliveries);
  };

  type Said = Parameters<ChatHarness["say"]>[0];
  function said({ where, text, delivery, edited }: Said) {
    const more = edited ? { edited: { user: ana, ts: "1700000009.000000" } } : {};
    const event = where === "direct" ? directMessage(typed(text), more) : mention(typed(text), more);
    return eventPayload(event, `Ev${delivery ?? fresh()}`);
  }

  async function answered(send: () => Promise<BotAnswer>): Promise<Answer> {
    const before = peer.messages.length;
    const { status } = await send();
    const alone = peer.messages.slice(before).find(({ onlyFor }) => onlyFor === ana);
    return { status, notice: alone && readMessage(alone.content).shown };
  }

  return {
    platform: "slack",
    chat: running.adapter.chat,
    receiveWith: running.receiveWith,
    speaker: { tenant: workspace.team, user: ana },
    unreachable: "U0GONE",
    say: (what) => answered(() => running.event(said(what))),
    sayForged: (what) => answered(() => running.event(said(what), { secret: "another secret" })),
    async click({ verb, id, input, delivery = fresh() }) {
      const card = peer.messages.findLast(({ onlyFor }) => onlyFor === undefined);
      const button = card && readMessage(card.content).buttons.find(({ actionId }) => actionId === verb);
      if (!card || !button || button.value !== id) throw new Error(`there is no button ${verb} with ${id}`);
      const click = clickPayload({
        actionId: verb,
        value: id,
        messageTs: card.ts,
        channel: card.channel,
        actionTs: `1700000005.${delivery.replace(/\D/g, "")}`,
        ...(button.blockId ? { blockId: button.blockId } : {}),
        ...(card.thread ? { thread: card.thread } : {}),
      });
      const clicked = await answered(() => running.interact(click));
      if (input === undefined) return clicked;
      const view = peer.views.at(-1);
      if (!view) throw new Error("no form was opened");
      return answered(() => running.interact(submissionPayload(view, input)));
    },
    shown: () =>
      peer.messages
        .filter(({ onlyFor }) => onlyFor === undefined)
        .map(({ channel, thread, content }) => {
          const { shown, buttons } = readMessage(content);
          return { conversation: channel, thread, text: shown, buttons: buttons.map(({ title }) => title) };
        }),
    postsSeen: () => peer.calls.filter(({ method }) => method === "chat.postMessage").length,
    failNext: (fault) => peer.fail(["chat.postMessage", "chat.update", "conversations.open"], faults[fault]),
    reset: running.reset,
    close: running.close,
  };
});
