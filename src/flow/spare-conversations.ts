import type { Chat, Place, SendResult } from "../ports/chat.ts";
import type { Clock } from "../ports/clock.ts";

/** More than that is forgotten: a conversation that is still to be left alone says so again. */
const mostRemembered = 1_000;

/**
 * A chat that leaves a conversation alone for as long as the platform wants after one message there was throttled, whatever else is
 * to be said in it; other conversations are not held up. Each process learns it by itself.
 */
export function sparing(chat: Chat, clock: Pick<Clock, "now">): Chat {
  const until = new Map<string, number>();

  async function inTurn(place: Place, send: () => Promise<SendResult>): Promise<SendResult> {
    const left = (until.get(place.conversation) ?? 0) - clock.now().getTime();
    if (left > 0) return { kind: "retry", afterMs: left, why: "the conversation is to be left alone" };
    const result = await send();
    if (result.kind === "retry" && result.throttled) {
      if (until.size >= mostRemembered) until.clear();
      until.set(place.conversation, clock.now().getTime() + result.afterMs);
    } else until.delete(place.conversation);
    return result;
  }

  const { share } = chat;
  return {
    platform: chat.platform,
    post: (request) => inTurn(request.place, () => chat.post(request)),
    update: (request) => inTurn(request.place, () => chat.update(request)),
    lookUp: (place, key) => chat.lookUp(place, key),
    openDirect: (account) => chat.openDirect(account),
    ...(share && { share: (request) => inTurn(request.place, () => share(request)) }),
  };
}
