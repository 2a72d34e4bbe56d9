import type { Chat, Inbound } from "../../../ports/chat.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { Log } from "../../../ports/log.ts";
import { noticeView } from "./notice-view.ts";

/** One notice to a person in a conversation holds for so long. */
const holdsMs = 10_000;
const longestPostMs = 2_000;
const mostAtOnce = 8;
const mostRemembered = 2_000;

/**
 * Tells people that their message was not taken; whether they know now. What Teams does with a message that is answered with an
 * error is not documented: a refusal was seen to show nothing to its author (OfficeDev/BotBuilder-MicrosoftTeams issue 122),
 * and some statuses are delivered again (MicrosoftDocs/msteams-docs issue 8998).
 */
export function createAuthorNotices(parts: {
  readonly chat: Chat;
  readonly clock: Clock;
  readonly log: Log;
}) {
  const { chat, clock, log } = parts;
  const told = new Map<string, number>();
  let underWay = 0;

  async function post({ id, place }: Inbound, text: string): Promise<boolean> {
    const stop = new AbortController();
    const late = clock.sleep(longestPostMs, stop.signal).then(
      () => undefined,
      () => undefined,
    );
    const posting = chat.post({ place, view: noticeView(text), key: `${id}:not-taken` });
    const sent = await Promise.race([posting, late]);
    stop.abort();
    if (sent?.kind !== "sent") log.warn("teams-author-not-told", { outcome: sent?.kind ?? "late" });
    return sent?.kind === "sent";
  }

  return async (inbound: Inbound, text: string): Promise<boolean> => {
    const { conversation, thread } = inbound.place;
    const whom = JSON.stringify([conversation, thread, inbound.actor.account.user, text]);
    const now = clock.now().getTime();
    if ((told.get(whom) ?? 0) > now) return true;
    if (underWay >= mostAtOnce) return false;
    underWay += 1;
    try {
      const isTold = await post(inbound, text);
      if (told.size >= mostRemembered) told.clear();
      if (isTold) told.set(whom, now + holdsMs);
      return isTold;
    } finally {
      underWay -= 1;
    }
  };
}
