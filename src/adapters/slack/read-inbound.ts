/**
 * From what Slack sent to what the core takes in. Ids are the same for every delivery of the same thing: Slack's event id, a
 * command's trigger, a click's button and moment, a form's view and version.
 */
import type { z } from "zod";
import type { Actor } from "../../domain/actor.ts";
import type { Inbound } from "../../ports/chat.ts";
import { type Verb, verbs } from "../../reply/view.ts";
import { type Address, placeOf } from "./address.ts";
import { formContextOf, formField } from "./form.ts";
import type { Identity } from "./identity.ts";
import type {
  ClickPayload,
  commandPayload,
  eventPayload,
  JoinedEvent,
  SaidEvent,
  submissionPayload,
} from "./payloads.ts";
import { typedText, withoutMention } from "./text.ts";

/** An inbound message that still lacks its author's name. */
export type Draft = {
  readonly user: string;
  /** Workspaces that Slack named for the author. */
  readonly teams: readonly string[];
  readonly handle?: string;
  readonly address: Address;
  /** Of a form: the message with its button. */
  readonly message?: string;
  readonly complete: (actor: Actor) => Inbound;
};

/** `undefined` for what is not said to the bot by a person: bots, edits and every other subtype, other channels' chatter. */
export function readEvent(
  { event_id, event }: z.infer<typeof eventPayload>,
  me: Identity,
): Draft | undefined {
  const id = `slack:event:${event_id}`;
  return event.type === "member_joined_channel" ? readJoined(event, id, me) : readSaid(event, id, me);
}

function readSaid(event: SaidEvent, id: string, me: Identity): Draft | undefined {
  const { user, channel, thread_ts, ts } = event;
  if (user === undefined || user === me.botUser || event.bot_id !== undefined) return undefined;
  if (event.subtype !== undefined || event.edited !== undefined || event.hidden) return undefined;
  // Direct messages arrive as `message`, everything else as `app_mention`: each thing said once.
  const direct = channel.startsWith("D");
  if (direct !== (event.type === "message")) return undefined;
  const address: Address = { v: 1, team: me.team, channel, thread: thread_ts ?? ts };
  const text = typedText(withoutMention(event.text, me.botUser));
  return {
    user,
    teams: teamsOf(event),
    address,
    complete: (actor) => ({ kind: "message", id, actor, place: placeOf(address), text }),
  };
}

function readJoined(event: JoinedEvent, id: string, me: Identity): Draft | undefined {
  if (event.user !== me.botUser || event.inviter === undefined) return undefined;
  const address: Address = { v: 1, team: me.team, channel: event.channel };
  return {
    user: event.inviter,
    teams: [],
    address,
    complete: (actor) => ({ kind: "installed", id, actor, place: placeOf(address) }),
  };
}

function teamsOf({ team, user_team, source_team }: SaidEvent): string[] {
  return [user_team, source_team, team].filter((one) => one !== undefined);
}

export function readCommand(payload: z.infer<typeof commandPayload>, me: Identity): Draft {
  const address: Address = { v: 1, team: me.team, channel: payload.channel_id };
  const text = typedText(withoutMention(payload.text, me.botUser));
  return {
    user: payload.user_id,
    teams: [payload.team_id],
    ...(payload.user_name === undefined ? {} : { handle: payload.user_name }),
    address,
    complete: (actor) => ({
      kind: "message",
      id: `slack:command:${payload.trigger_id}`,
      actor,
      place: placeOf(address),
      text,
    }),
  };
}

/** A click on one of our buttons; `undefined` for any other button. */
export type Click = { readonly verb: Verb; readonly target: string; readonly draft: Draft };

export function readClick(payload: ClickPayload, me: Identity): Click | undefined {
  const { user, channel, container, message } = payload;
  const [{ action_id, action_ts, value: target }] = payload.actions;
  const verb = verbs.find((one) => one === action_id.split(":")[0]);
  if (verb === undefined) return undefined;
  const thread = message?.thread_ts ?? container.thread_ts;
  const address: Address = {
    v: 1,
    team: me.team,
    channel: channel.id,
    ...(thread === undefined ? {} : { thread }),
  };
  const id = ["slack:click", channel.id, container.message_ts, action_id, user.id, action_ts].join(":");
  return {
    verb,
    target,
    draft: {
      ...authorOf(user),
      address,
      complete: (actor) => ({ kind: "click", id, actor, place: placeOf(address), verb, target }),
    },
  };
}

/** A form that was sent; `undefined` for any that this adapter did not open. */
export function readSubmission({ user, view }: z.infer<typeof submissionPayload>): Draft | undefined {
  const context = formContextOf(view.private_metadata);
  if (context === undefined) return undefined;
  const { verb, target, address, message } = context;
  const input = view.state.values[formField]?.[formField]?.value ?? "";
  return {
    ...authorOf(user),
    address,
    ...(message === undefined ? {} : { message }),
    complete: (actor) => ({
      kind: "click",
      id: `slack:form:${view.id}:${view.hash}`,
      actor,
      place: placeOf(address),
      verb,
      target,
      input,
    }),
  };
}

function authorOf(user: ClickPayload["user"]): Pick<Draft, "user" | "teams" | "handle"> {
  const handle = user.username ?? user.name;
  return {
    user: user.id,
    teams: user.team_id === undefined ? [] : [user.team_id],
    ...(handle === undefined ? {} : { handle }),
  };
}
