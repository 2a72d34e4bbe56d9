import type { Actor } from "../../../domain/actor.ts";
import type { Inbound, Place } from "../../../ports/chat.ts";
import { verbs } from "../../../reply/view.ts";
import { inputIn } from "../card/form-input.ts";
import { placeOf } from "../conversation-address.ts";
import { buttonData, executeValue, refreshData, refreshVerb, type TeamsActivity } from "./activity.ts";
import { tenantsOf } from "./admission.ts";
import { mentionsBot, spokenText } from "./spoken-text.ts";

/**
 * - `inbound`: something for the core. `cardMessageId` is the message whose button was pressed.
 * - `ignored`: nothing for us, by its nature; acknowledged.
 * - `malformed`: not of the form that Teams sends.
 */
export type Reading =
  | { readonly kind: "inbound"; readonly inbound: Inbound; readonly cardMessageId?: string }
  | { readonly kind: "ignored"; readonly why: string }
  | { readonly kind: "malformed"; readonly why: string };

const ignored = (why: string): Reading => ({ kind: "ignored", why });
const malformed = (why: string): Reading => ({ kind: "malformed", why });

type Said = { readonly activity: TeamsActivity; readonly actor: Actor; readonly place: Place };

/** Turns an authenticated activity into what the core understands. Edits, reactions and the like are never run. */
export function readActivity(activity: TeamsActivity): Reading {
  switch (activity.type) {
    case "message":
      return whenSaid(activity, readMessage);
    case "invoke":
      return whenSaid(activity, readInvoke);
    case "installationUpdate":
    case "conversationUpdate":
      return whenSaid(activity, readInstallation);
    case "messageUpdate":
      return ignored("an edited message");
    default:
      return ignored("an activity of another type");
  }
}

function whenSaid(activity: TeamsActivity, read: (said: Said) => Reading): Reading {
  const { said, speaker } = tenantsOf(activity);
  const { from } = activity;
  if (!said || !speaker || !from.aadObjectId) return ignored("not from a person of the organisation");
  const place = placeOf(activity, said);
  if (!place) return ignored("an unknown kind of conversation");
  const account = { platform: "teams", tenant: speaker, user: from.aadObjectId.toLowerCase() } as const;
  return read({ activity, actor: { account, displayName: from.name ?? "" }, place });
}

function readMessage({ activity, actor, place }: Said): Reading {
  const id = deliveryId(activity);
  if (id === undefined) return malformed("a message without id");
  // `Action.Submit`, the fallback of our buttons, arrives as a message without text.
  if (activity.value !== undefined && activity.value !== null && !activity.text?.trim()) {
    return readButton(activity.value, { id, activity, actor, place });
  }
  if (place.kind !== "direct" && !mentionsBot(activity)) return ignored("the bot is not mentioned");
  return { kind: "inbound", inbound: { kind: "message", id, actor, place, text: spokenText(activity) } };
}

function readInvoke({ activity, actor, place }: Said): Reading {
  if (activity.name !== "adaptiveCard/action") return ignored("an invoke of another name");
  const value = executeValue.safeParse(activity.value);
  const id = deliveryId(activity);
  if (!value.success || id === undefined) return malformed("not an Action.Execute");
  const { verb, data } = value.data.action;
  if (verb === refreshVerb) {
    const shown = refreshData.safeParse(data);
    if (!shown.success) return malformed("not a refresh of ours");
    return { kind: "inbound", inbound: { kind: "viewed", id, actor, place, target: shown.data.id } };
  }
  // Otherwise looking at a card could decide it.
  if (value.data.trigger === "automatic") return ignored("an automatic refresh");
  const said = typeof data === "object" && data !== null ? { ...data, verb } : data;
  return readButton(said, { id, activity, actor, place });
}

function readButton(data: unknown, { id, activity, actor, place }: Said & { readonly id: string }): Reading {
  const button = buttonData.safeParse(data);
  const verb = verbs.find((known) => known === button.data?.verb);
  if (!button.success || verb === undefined) return malformed("not a button of ours");
  const input = inputIn(button.data);
  return {
    kind: "inbound",
    inbound: {
      kind: "click",
      id,
      actor,
      place,
      verb,
      target: button.data.id,
      ...(input !== undefined && { input }),
    },
    ...(activity.replyToId && { cardMessageId: activity.replyToId }),
  };
}

/**
 * Teams tells of an installation in both ways, at about the same time and with ids of their own: the day makes the two, and
 * their repetitions, one.
 */
function readInstallation({ activity, actor, place }: Said): Reading {
  const added =
    activity.type === "installationUpdate"
      ? activity.action?.startsWith("add") === true
      : activity.membersAdded?.some((member) => member.id === activity.recipient.id) === true;
  if (!added) return ignored("not an installation");
  const day = activity.timestamp?.slice(0, 10) ?? "";
  return {
    kind: "inbound",
    inbound: { kind: "installed", id: `msteams/${place.conversation}/installed/${day}`, actor, place },
  };
}

/** Teams delivers again with the same activity id, which is unique in its conversation only. */
function deliveryId({ conversation, id }: TeamsActivity): string | undefined {
  return id ? `msteams/${conversation.id}/${id}` : undefined;
}
