import type { Platform } from "../domain/actor.ts";
import type { Addressee, Owed } from "../ports/change-requests.ts";
import type { Chat, OpenDirectResult } from "../ports/chat.ts";
import { note } from "../reply/answers.ts";

const platformNames: Record<Platform, string> = { teams: "Teams", slack: "Slack" };

/** The platform on which something owed is sent. */
export function platformOf(owed: Owed): Platform {
  return addresseeOf(owed)?.account.platform ?? owed.place.platform;
}

/** What follows a survey, and its file, are for the conversation that asked. */
function addresseeOf(owed: Owed): Addressee | undefined {
  return owed.kind === "message" || owed.kind === "card" ? owed.to : undefined;
}

/** The place where something owed is sent: the conversation itself, or a person's own chat with the bot. */
export async function reachAddressee(chat: Chat, owed: Owed): Promise<OpenDirectResult> {
  const to = addresseeOf(owed);
  return to ? chat.openDirect(to.account) : { kind: "open", place: owed.place };
}

/**
 * What is said in place of something that cannot be delivered: the conversation is told of a person who cannot be reached alone,
 * so that nobody counts on it; a person is told alone what a conversation that is gone would have heard. Nothing else is.
 */
export function saidInstead(
  owed: Owed,
  { gone, summary }: { readonly gone: boolean; readonly summary: string },
): Owed | undefined {
  const { place, key } = owed;
  const to = addresseeOf(owed);
  if (!to) {
    if (!gone || owed.kind !== "message" || !owed.orElse) return undefined;
    return { kind: "message", key: `${key}:alone`, place, view: owed.view, to: owed.orElse };
  }
  if (key.endsWith(":alone")) return undefined;
  const where = platformNames[to.account.platform];
  const text =
    owed.kind === "card"
      ? `I cannot write to ${to.name} directly in ${where}, so the card of ${owed.request} is not there.`
      : `I cannot write to ${to.name} directly in ${where}. For them: ${summary}`;
  return { kind: "message", key: `${key}:unreached`, place, view: note("attention", text) };
}
