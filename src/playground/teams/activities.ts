/** The activities that Teams sends to a bot, in the shapes seen on the wire. */
import { type PersonId, people } from "../people.ts";
import { type Place, teamsTeam } from "../places.ts";
import type { JsonObject } from "../world/world-model.ts";

/** What the activities of one run have in common. */
export interface ActivityContext {
  readonly tenantId: string;
  /** The bot's id in Teams: `28:` and its app id. */
  readonly botId: string;
  readonly serviceUrl: string;
  readonly now: () => Date;
  /** A new activity id. */
  readonly nextId: () => string;
}

export const botName = "Routebot";

/** The conversation's id on the wire: in a channel it carries the thread. */
export function wireConversationId(place: Place, thread: string | null): string {
  return place.kind === "channel" && thread !== null ? `${place.id};messageid=${thread}` : place.id;
}

/** Takes a wire id apart again. */
export function splitConversationId(wireId: string): {
  readonly base: string;
  readonly thread: string | null;
} {
  const [base = wireId, thread] = wireId.split(";messageid=");
  return { base, thread: thread ?? null };
}

function conversationOf(context: ActivityContext, place: Place, thread: string | null): JsonObject {
  const conversationType =
    place.kind === "group" ? "groupChat" : place.kind === "direct" ? "personal" : "channel";
  return {
    conversationType,
    tenantId: context.tenantId,
    id: wireConversationId(place, thread),
    ...(place.kind === "direct" ? {} : { isGroup: true }),
    ...(place.kind === "channel" ? { name: place.name } : {}),
  };
}

function channelDataOf(context: ActivityContext, place: Place): JsonObject {
  const tenant = { id: context.tenantId };
  if (place.kind !== "channel") return { tenant };
  return {
    teamsChannelId: place.id,
    teamsTeamId: teamsTeam.id,
    channel: { id: place.id },
    team: { id: teamsTeam.id, name: teamsTeam.name, aadGroupId: teamsTeam.aadGroupId },
    tenant,
  };
}

interface From {
  readonly place: Place;
  readonly thread: string | null;
  readonly as: PersonId;
}

function activityFrom(context: ActivityContext, type: string, { place, thread, as }: From): JsonObject {
  const { name, teams } = people[as];
  return {
    type,
    id: context.nextId(),
    timestamp: context.now().toISOString(),
    channelId: "msteams",
    serviceUrl: context.serviceUrl,
    from: { id: teams.mri, name, aadObjectId: teams.aadObjectId },
    conversation: conversationOf(context, place, thread),
    recipient: { id: context.botId, name: botName },
    entities: [
      { type: "clientInfo", locale: "en-GB", country: "GB", platform: "Web", timezone: "Europe/London" },
    ],
    channelData: channelDataOf(context, place),
    locale: "en-GB",
    localTimezone: "Europe/London",
  };
}

const mentionMarkup = `<at>${botName}</at>`;

/** What was typed, with `@Routebot` turned into Teams' markup; says whether the bot is mentioned. */
export function withMention(typed: string): { readonly text: string; readonly mentioned: boolean } {
  const text = typed.replace(/(^|\s)@routebot\b/gi, `$1${mentionMarkup}`);
  return { text, mentioned: text.includes(mentionMarkup) };
}

export interface TypedMessage extends From {
  /** The message's own id, which the activity repeats. */
  readonly id: string;
  readonly text: string;
  readonly mentioned: boolean;
}

export function messageActivity(context: ActivityContext, message: TypedMessage): JsonObject {
  const activity = activityFrom(context, "message", message);
  const mention = {
    type: "mention",
    mentioned: { id: context.botId, name: botName },
    text: mentionMarkup,
  };
  return {
    ...activity,
    id: message.id,
    localTimestamp: activity.timestamp,
    textFormat: "plain",
    text: message.text,
    attachments: [{ contentType: "text/html", content: `<p>${message.text}</p>` }],
    ...(message.mentioned && Array.isArray(activity.entities)
      ? { entities: [mention, ...activity.entities] }
      : {}),
  };
}

export interface CardAction extends From {
  /** The message with the card. */
  readonly messageId: string;
  /** The action's JSON, as the card has it. */
  readonly action: JsonObject;
  /** The action's data with the inputs merged in. */
  readonly data: JsonObject;
  readonly trigger: "manual" | "automatic";
}

/** `Action.Execute`: an invoke whose answer is looked at. */
export function executeActivity(context: ActivityContext, click: CardAction): JsonObject {
  const { action, data, trigger } = click;
  return {
    ...activityFrom(context, "invoke", click),
    name: "adaptiveCard/action",
    replyToId: click.messageId,
    value: {
      action: {
        type: "Action.Execute",
        ...(typeof action.id === "string" ? { id: action.id } : {}),
        ...(typeof action.title === "string" ? { title: action.title } : {}),
        verb: action.verb,
        data,
      },
      trigger,
    },
  };
}

/** `Action.Submit`: a message without text whose value is the data. */
export function submitActivity(context: ActivityContext, click: CardAction): JsonObject {
  return {
    ...activityFrom(context, "message", click),
    replyToId: click.messageId,
    value: click.data,
    channelData: { ...channelDataOf(context, click.place), legacy: { replyToId: click.messageId } },
  };
}

/** What Teams sends when the app is added: to a team, a group chat, or for a person. */
export function installActivities(context: ActivityContext, place: Place, as: PersonId): JsonObject[] {
  const from = { place, thread: null, as };
  const eventType = place.kind === "channel" ? { eventType: "teamMemberAdded" } : {};
  const update = activityFrom(context, "conversationUpdate", from);
  const install = activityFrom(context, "installationUpdate", from);
  const data = channelDataOf(context, place);
  return [
    {
      ...update,
      membersAdded: [{ id: context.botId }],
      channelData: { ...data, ...eventType },
    },
    {
      ...install,
      action: "add",
      channelData: { ...data, settings: { selectedChannel: { id: place.id } }, source: { name: "message" } },
    },
  ];
}
