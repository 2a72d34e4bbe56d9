/** Where a message goes and which message it was, as versioned JSON that the store keeps and only this folder reads. */
import { z } from "zod";
import type { MessageRef, Place } from "../../ports/chat.ts";
import { parseJson } from "./json.ts";

/** Slack's conversation ids: C (channel), G (older private channel or group), D (direct). */
const channelId = z.string().regex(/^[CGD][A-Z0-9]{1,30}$/);
/** A message's `ts` is its id within its channel. */
const messageTs = z.string().regex(/^\d{1,12}\.\d{1,9}$/);

export const addressSchema = z.object({
  v: z.literal(1),
  team: z.string().regex(/^[A-Z0-9]{1,32}$/),
  channel: channelId,
  thread: messageTs.optional(),
});
export type Address = z.infer<typeof addressSchema>;

const refSchema = z.object({ v: z.literal(1), channel: channelId, ts: messageTs });
export type Ref = z.infer<typeof refSchema>;

export function placeOf(address: Address): Place {
  return {
    platform: "slack",
    tenant: address.team,
    kind: kindOf(address.channel),
    conversation: address.channel,
    ...(address.thread === undefined ? {} : { thread: address.thread }),
    address: JSON.stringify(address),
  };
}

function kindOf(channel: string): Place["kind"] {
  if (channel.startsWith("D")) return "direct";
  return channel.startsWith("G") ? "group" : "channel";
}

/** `undefined` for an address that this adapter did not make. */
export function addressOf(place: Place): Address | undefined {
  return addressSchema.safeParse(parseJson(place.address)).data;
}

export function refOf(channel: string, ts: string): MessageRef {
  return JSON.stringify({ v: 1, channel, ts } satisfies Ref);
}

export function readRef(ref: MessageRef): Ref | undefined {
  return refSchema.safeParse(parseJson(ref)).data;
}
