import type { Platform } from "../domain/actor.ts";
import type { Owed } from "../ports/change-requests.ts";
import type { Chat, OpenDirectResult } from "../ports/chat.ts";
import { note } from "../reply/answers.ts";

const platformNames: Record<Platform, string> = { teams: "Teams", slack: "Slack" };

/** The platform on which something owed is sent. */
export function platformOf({ to, place }: Owed): Platform {
  return to?.account.platform ?? place.platform;
}

/** The place where something owed is sent: the conversation itself, or a person's own chat with the bot. */
export async function reachAddressee(chat: Chat, { to, place }: Owed): Promise<OpenDirectResult> {
  return to ? chat.openDirect(to.account) : { kind: "open", place };
}

/**
 * What the conversation is told when a person cannot be reached alone, so that nobody counts on it; nothing for what was
 * said in the conversation itself.
 */
export function saidInstead(owed: Owed, summary: string): Owed | undefined {
  const { to, place, key } = owed;
  if (!to) return undefined;
  const where = platformNames[to.account.platform];
  const text =
    owed.kind === "card"
      ? `I cannot write to ${to.name} directly in ${where}, so the card of ${owed.request} is not there.`
      : `I cannot write to ${to.name} directly in ${where}. For them: ${summary}`;
  return { kind: "message", key: `${key}:unreached`, place, view: note("attention", text) };
}
