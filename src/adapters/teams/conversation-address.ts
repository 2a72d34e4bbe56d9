import type { ConversationReference } from "botbuilder";
import { z } from "zod";
import type { MessageRef, Place } from "../../ports/chat.ts";
import type { TeamsActivity } from "./inbound/activity.ts";

/** Versioned: addresses are stored, and outlive the code that wrote them. */
const addressSchema = z.object({
  v: z.literal(1),
  serviceUrl: z.string(),
  /** With `;messageid=` and the thread's first message, in a channel. */
  conversationId: z.string(),
  conversationType: z.enum(["channel", "groupChat", "personal"]),
  tenantId: z.string(),
  botId: z.string(),
});
export type TeamsAddress = z.output<typeof addressSchema>;

const messageSchema = z.object({ v: z.literal(1), activityId: z.string().min(1) });

const placeKinds = { channel: "channel", groupChat: "group", personal: "direct" } as const;
const conversationTypes = z.enum(["channel", "groupChat", "personal"]);

const threadMark = ";messageid=";

/** The place where an activity came from; absent for a kind of conversation that Routebot does not know. */
export function placeOf(activity: TeamsActivity, tenant: string): Place | undefined {
  const type = conversationTypes.safeParse(activity.conversation.conversationType);
  if (!type.success) return undefined;
  const { id } = activity.conversation;
  const [conversation = id, thread] = id.split(threadMark, 2);
  const address: TeamsAddress = {
    v: 1,
    serviceUrl: activity.serviceUrl,
    conversationId: id,
    conversationType: type.data,
    tenantId: tenant,
    botId: activity.recipient.id,
  };
  return placeAt(address, conversation, thread);
}

/** A person's own chat with the bot. */
export function directPlace(chat: Omit<TeamsAddress, "v" | "conversationType">): Place {
  return placeAt({ v: 1, conversationType: "personal", ...chat }, chat.conversationId);
}

function placeAt(address: TeamsAddress, conversation: string, thread?: string): Place {
  return {
    platform: "teams",
    tenant: address.tenantId,
    kind: placeKinds[address.conversationType],
    conversation,
    ...(thread !== undefined && { thread }),
    address: JSON.stringify(address),
  };
}

/** The address that a place of ours carries; absent if somebody else wrote it. */
export function readAddress({ address }: Place): TeamsAddress | undefined {
  return addressSchema.safeParse(parseJson(address)).data;
}

/** What botbuilder needs to speak in a conversation again. */
export function conversationReference(address: TeamsAddress): Partial<ConversationReference> {
  return {
    channelId: "msteams",
    serviceUrl: address.serviceUrl,
    bot: { id: address.botId, name: "" },
    conversation: {
      id: address.conversationId,
      name: "",
      isGroup: address.conversationType !== "personal",
      conversationType: address.conversationType,
      tenantId: address.tenantId,
    },
  };
}

export function writeMessageRef(activityId: string): MessageRef {
  return JSON.stringify({ v: 1, activityId } satisfies z.input<typeof messageSchema>);
}

/** The activity id of a message that was sent; absent if the reference is none of ours. */
export function readMessageRef(ref: MessageRef): string | undefined {
  return messageSchema.safeParse(parseJson(ref)).data?.activityId;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
