import type { WebClient } from "@slack/web-api";
import type { Chat, Reply } from "../../ports/chat.ts";
import type { Log } from "../../ports/log.ts";
import { type Address, placeOf, refOf } from "./address.ts";
import type { Draft } from "./read-inbound.ts";
import { type NoticeLink, renderNotice } from "./render-view.ts";
import { sentences } from "./sentences.ts";
import { reasonOf } from "./web-api-errors.ts";

export type Answers = {
  /** Says something that this person alone sees. Never rejects: what cannot be shown is logged. */
  tell(user: string, address: Address, text: string, link?: NoticeLink): Promise<void>;
  /**
   * Does what the core answered at once to something that stands in the message `messageTs`, or was said on its own. Never
   * rejects.
   */
  carryOut(reply: Reply, draft: Draft, messageTs?: string): Promise<void>;
};

type AnswerTools = { readonly client: WebClient; readonly chat: Chat; readonly log: Log };

export function createAnswers({ client, chat, log }: AnswerTools): Answers {
  async function tell(user: string, { channel, thread }: Address, text: string, link?: NoticeLink) {
    try {
      await client.chat.postEphemeral({
        ...renderNotice(text, link),
        channel,
        user,
        ...(thread === undefined ? {} : { thread_ts: thread }),
      });
    } catch (error) {
      log.warn("slack-notice-not-shown", { reason: reasonOf(error) });
    }
  }

  return {
    tell,
    async carryOut(reply, draft, messageTs) {
      switch (reply.kind) {
        case "accepted":
          return;
        case "card": {
          // A request's card is drawn through the outbox, in order; an update from here could overtake a newer one.
          if (!reply.forEverybody || messageTs === undefined) return;
          const ref = refOf(draft.address.channel, messageTs);
          const sent = await chat.update({ place: placeOf(draft.address), ref, view: reply.view });
          if (sent.kind !== "sent") log.warn("slack-message-not-replaced", { reason: sent.why });
          return;
        }
        case "notice":
          return reply.again ? undefined : tell(draft.user, draft.address, reply.text, reply.link);
        case "busy":
          return tell(draft.user, draft.address, sentences.busy);
        default:
          return reply satisfies never;
      }
    },
  };
}
