/**
 * What happens to each thing that Slack delivers. Slack waits three seconds: it gets its acknowledgement once the core has
 * stored the matter, or, for clicks and commands that take longer, just before the time is over; the person then hears the
 * rest in a message that only they see.
 */
import type { KnownBlock } from "@slack/types";
import type { WebClient } from "@slack/web-api";
import type { Chat, Receive, Reply } from "../../ports/chat.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import { createAnswers } from "./answers.ts";
import { actorOf, type Home } from "./author.ts";
import { type Form, type FormContext, formField, formOfButton, modalOf } from "./form.ts";
import { createMembership } from "./membership.ts";
import { clickPayload, commandPayload, eventPayload, submissionPayload } from "./payloads.ts";
import type { LookUpProfile } from "./people.ts";
import { type Draft, readClick, readCommand, readEvent, readSubmission } from "./read-inbound.ts";
import { renderNotice } from "./render-view.ts";
import { sentences } from "./sentences.ts";
import { type Settled, settleWithin } from "./settle-within.ts";
import { typedText } from "./text.ts";
import { reasonOf } from "./web-api-errors.ts";

/** Slack gives three seconds; the network has the rest. */
const ackWithinMs = 2_400;
const membershipWithinMs = 900;

/** Slack must deliver this again. */
export class NotStoredError extends Error {
  override readonly name = "NotStoredError";
}

export type ListenerTools = {
  readonly client: WebClient;
  readonly chat: Chat;
  readonly receive: Receive;
  readonly home: Home;
  readonly lookUpProfile: LookUpProfile;
  readonly clock: Clock;
  readonly log: Log;
  /** Takes note of what goes on after the acknowledgement. */
  readonly goOn: (work: Promise<unknown>) => void;
};

type OpenedBy = { readonly user: string; readonly triggerId: string };
type Private = { response_type: "ephemeral"; text: string; blocks: KnownBlock[] };
type FormErrors = { response_action: "errors"; errors: Record<string, string> };

export type Listeners = {
  /** Resolves when the event may be acknowledged; rejects with a `NotStoredError` if it has to come again. */
  event(body: unknown): Promise<void>;
  command(body: unknown, ack: (answer: Private) => Promise<void>): Promise<void>;
  click(body: unknown, ack: () => Promise<void>): Promise<void>;
  submission(body: unknown, ack: (answer?: FormErrors) => Promise<void>): Promise<void>;
};

export function createListeners(tools: ListenerTools): Listeners {
  const { client, home, clock, log } = tools;
  const { tell, carryOut } = createAnswers(tools);
  const membershipIn = createMembership(client, clock);

  /** People of a workspace that is not allowed get a refusal, and the core hears nothing of them. */
  async function hand(draft: Draft): Promise<Reply> {
    const actor = await actorOf(draft, home, tools.lookUpProfile);
    const { tenant } = actor.account;
    if (tenant !== home.me.team) {
      log.warn("slack-foreign-author", { team: tenant.slice(0, 40) });
      return { kind: "notice", text: sentences.notForGuests };
    }
    return tools.receive(draft.complete(actor));
  }

  function within<T>(work: Promise<T>, since: number): Promise<Settled<T>> {
    return settleWithin(work, Math.max(0, ackWithinMs - (clock.now().getTime() - since)), clock);
  }

  /** Carries out what the core answers, whenever it does; the person hears of a failure. Never rejects. */
  async function finish(work: Promise<Reply>, draft: Draft, messageTs?: string): Promise<void> {
    const reply = await work.catch((error: unknown) => {
      log.error("slack-not-stored", error);
      return { kind: "notice", text: sentences.busy } as const;
    });
    await carryOut(reply, draft, messageTs);
  }

  async function openForm(form: Form, context: FormContext, by: OpenedBy): Promise<void> {
    try {
      await client.views.open({ trigger_id: by.triggerId, view: modalOf(form, context) });
    } catch (error) {
      log.warn("slack-form-not-opened", { reason: reasonOf(error) });
      await tell(by.user, context.address, sentences.formFailed);
    }
  }

  return {
    async event(body) {
      const since = clock.now().getTime();
      const payload = eventPayload.safeParse(body).data;
      const draft = payload && readEvent(payload, home.me);
      if (draft === undefined) return log.debug("slack-event-ignored");
      const handed = await within(hand(draft), since);
      switch (handed.kind) {
        case "done":
          if (handed.value.kind === "busy") throw new NotStoredError("too much is under way");
          tools.goOn(carryOut(handed.value, draft));
          return;
        case "failed":
          log.error("slack-not-stored", handed.error);
          throw new NotStoredError("the event could not be stored");
        case "late":
          log.warn("slack-not-stored-in-time");
          throw new NotStoredError("the event was not stored in time");
        default:
          return handed satisfies never;
      }
    },

    async command(body, ack) {
      const since = clock.now().getTime();
      const payload = commandPayload.safeParse(body).data;
      if (payload === undefined) return ack(privately(sentences.notUnderstood));
      const draft = readCommand(payload, home.me);
      const membership = await settleWithin(membershipIn(payload.channel_id), membershipWithinMs, clock);
      if (membership.kind === "done" && membership.value === "no") return ack(privately(sentences.notHere));
      const work = hand(draft);
      const handed = await within(work, since);
      switch (handed.kind) {
        case "done":
          return ack(privately(spoken(handed.value, `${payload.command} ${typedText(payload.text)}`)));
        case "failed":
          log.error("slack-not-stored", handed.error);
          return ack(privately(sentences.busy));
        case "late":
          await ack(privately(sentences.slow));
          return tools.goOn(finish(work, draft));
        default:
          return handed satisfies never;
      }
    },

    async click(body, ack) {
      const since = clock.now().getTime();
      const payload = clickPayload.safeParse(body).data;
      const click = payload && readClick(payload, home.me);
      if (payload === undefined || click === undefined) {
        log.debug("slack-click-ignored");
        return ack();
      }
      const { draft, verb, target } = click;
      const [{ action_id, block_id }] = payload.actions;
      const form = formOfButton(block_id, action_id);
      const work = form
        ? openForm(
            form,
            { v: 1, verb, target, address: draft.address, message: payload.container.message_ts },
            { user: draft.user, triggerId: payload.trigger_id },
          )
        : finish(hand(draft), draft, payload.container.message_ts);
      await within(work, since);
      tools.goOn(work);
      return ack();
    },

    async submission(body, ack) {
      const since = clock.now().getTime();
      const payload = submissionPayload.safeParse(body).data;
      const draft = payload && readSubmission(payload);
      if (draft === undefined) {
        log.debug("slack-form-ignored");
        return ack();
      }
      const work = hand(draft);
      const handed = await within(work, since);
      switch (handed.kind) {
        case "done":
          if (handed.value.kind === "busy") return ack(busyForm);
          await within(carryOut(handed.value, draft, draft.message), since);
          return ack();
        case "failed":
          log.error("slack-not-stored", handed.error);
          return ack(busyForm);
        case "late":
          await ack();
          return tools.goOn(finish(work, draft, draft.message));
        default:
          return handed satisfies never;
      }
    },
  };
}

function privately(text: string): Private {
  return { response_type: "ephemeral", ...renderNotice(text) };
}

/** The form stays open, with what was typed. */
const busyForm: FormErrors = { response_action: "errors", errors: { [formField]: sentences.busy } };

function spoken(reply: Reply, typed: string): string {
  if (reply.kind === "busy") return sentences.busy;
  return reply.kind === "notice" ? reply.text : sentences.taken(typed.trim());
}
