/** The payloads that Slack sends to a bot, in the shapes seen on the wire. */
import { type PersonId, people } from "../people.ts";
import { type Place, slackWorkspace } from "../places.ts";
import type { FoundAction } from "../world/clickable.ts";
import type { JsonObject, Message, Modal } from "../world/world-model.ts";

const { teamId, domain, appId, botUserId, botId } = slackWorkspace;
/** Slack still sends the old verification token; nobody may rely on it. */
const verificationToken = "not-to-be-relied-on";

const team = { id: teamId, domain };

function userOf(as: PersonId): JsonObject {
  const { slack } = people[as];
  return { id: slack.userId, username: slack.handle, name: slack.handle, team_id: teamId };
}

export interface EventPayload {
  readonly event: JsonObject;
  readonly eventId: string;
  readonly now: Date;
}

export function eventPayload({ event, eventId, now }: EventPayload): JsonObject {
  return {
    token: verificationToken,
    team_id: teamId,
    context_team_id: teamId,
    context_enterprise_id: null,
    api_app_id: appId,
    event,
    type: "event_callback",
    event_id: eventId,
    event_time: Math.floor(now.getTime() / 1000),
    authorizations: [
      {
        enterprise_id: null,
        team_id: teamId,
        user_id: botUserId,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: false,
    event_context: `4-${eventId}`,
  };
}

/** `app_mention` in a channel, `message` with `channel_type` im in a direct chat. */
export function messageEvent(message: Message, place: Place, as: PersonId): JsonObject {
  return {
    type: place.kind === "direct" ? "message" : "app_mention",
    user: people[as].slack.userId,
    ts: message.id,
    client_msg_id: `0d9c3a52-0000-4000-8000-${message.id.replace(".", "").slice(-12)}`,
    text: message.text,
    team: teamId,
    channel: place.id,
    event_ts: message.id,
    ...(message.thread === null ? {} : { thread_ts: message.thread }),
    ...(place.kind === "direct" ? { channel_type: "im" } : {}),
  };
}

export interface CommandPayload {
  readonly as: PersonId;
  readonly place: Place;
  readonly command: string;
  readonly text: string;
  readonly responseUrl: string;
  readonly triggerId: string;
}

export function commandPayload({
  as,
  place,
  command,
  text,
  responseUrl,
  triggerId,
}: CommandPayload): JsonObject {
  return {
    token: verificationToken,
    team_id: teamId,
    team_domain: domain,
    channel_id: place.id,
    channel_name: place.kind === "direct" ? "directmessage" : place.name,
    user_id: people[as].slack.userId,
    user_name: people[as].slack.handle,
    command,
    text,
    api_app_id: appId,
    is_enterprise_install: "false",
    response_url: responseUrl,
    trigger_id: triggerId,
  };
}

/** A message as the API and the payloads show it. */
export function messageJson(message: Message): JsonObject {
  const { author } = message;
  return {
    type: "message",
    ...(author.kind === "person"
      ? { user: people[author.person].slack.userId }
      : { user: botUserId, bot_id: botId, app_id: appId }),
    ts: message.id,
    text: message.text,
    team: teamId,
    ...(message.blocks.length > 0 ? { blocks: message.blocks } : {}),
    ...(message.thread === null ? {} : { thread_ts: message.thread }),
    ...(message.editedAt === null
      ? {}
      : { edited: { user: botUserId, ts: `${Date.parse(message.editedAt) / 1000}` } }),
  };
}

export interface BlockActionPayload {
  readonly as: PersonId;
  readonly place: Place;
  readonly message: Message;
  readonly found: FoundAction;
  /** The chosen option's value, for menus. */
  readonly chosen: JsonObject;
  readonly stateValues: JsonObject;
  readonly triggerId: string;
  readonly responseUrl: string;
  readonly actionTs: string;
}

export function blockActionPayload(click: BlockActionPayload): JsonObject {
  const { as, place, message, found } = click;
  const ephemeral = message.audience !== null;
  const threadTs = message.thread === null ? {} : { thread_ts: message.thread };
  const { type, action_id, text, value, style } = found.json;
  return {
    type: "block_actions",
    user: userOf(as),
    api_app_id: appId,
    token: verificationToken,
    container: {
      type: "message",
      message_ts: message.id,
      channel_id: place.id,
      is_ephemeral: ephemeral,
      ...threadTs,
    },
    trigger_id: click.triggerId,
    team,
    enterprise: null,
    is_enterprise_install: false,
    channel: { id: place.id, name: place.kind === "direct" ? "directmessage" : place.name },
    // Slack leaves the message out when only one person sees it.
    ...(ephemeral ? {} : { message: messageJson(message) }),
    state: { values: click.stateValues },
    response_url: click.responseUrl,
    actions: [
      {
        action_id,
        block_id: found.block?.block_id,
        ...(type === "button" ? { text, value, style } : {}),
        ...click.chosen,
        type,
        action_ts: click.actionTs,
      },
    ],
  };
}

/** A view as the API and the payloads show it. */
export function viewJson(modal: Modal, stateValues: JsonObject): JsonObject {
  return {
    id: modal.id,
    team_id: teamId,
    private_metadata: "",
    callback_id: "",
    external_id: "",
    submit: null,
    close: null,
    clear_on_close: false,
    notify_on_close: false,
    ...modal.view,
    state: { values: stateValues },
    hash: modal.hash,
    previous_view_id: null,
    root_view_id: modal.id,
    app_id: appId,
    app_installed_team_id: teamId,
    bot_id: botId,
  };
}

export interface ViewPayload {
  readonly type: "view_submission" | "view_closed";
  readonly as: PersonId;
  readonly modal: Modal;
  readonly stateValues: JsonObject;
  readonly triggerId: string;
}

export function viewPayload({ type, as, modal, stateValues, triggerId }: ViewPayload): JsonObject {
  return {
    type,
    team,
    user: userOf(as),
    api_app_id: appId,
    token: verificationToken,
    ...(type === "view_submission" ? { trigger_id: triggerId, response_urls: [] } : { is_cleared: false }),
    view: viewJson(modal, stateValues),
    is_enterprise_install: false,
    enterprise: null,
  };
}
