import type { Place } from "../ports/chat.ts";

/** What shares a subject: a thread, or a direct chat. Elsewhere many people talk about many things at once. */
export function subjectKey(place: Place): string | undefined {
  const { platform, tenant, kind, conversation, thread } = place;
  if (kind === "direct") return JSON.stringify([platform, tenant, conversation]);
  return thread === undefined ? undefined : JSON.stringify([platform, tenant, conversation, thread]);
}
