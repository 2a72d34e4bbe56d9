/** Waiting for something to appear or change, without polling. */
import { findPlace } from "../places.ts";
import type { World } from "../world/world.ts";
import { isVisible, type MessageView, viewMessage, viewModal } from "../world/world-view.ts";
import type { WaitAnswer, WaitQuery } from "./shapes.ts";

/** Resolves at once with what already matches, else at the first change that does, else when the time is over. */
export function waitFor(world: World, query: WaitQuery, signal: AbortSignal): Promise<WaitAnswer> {
  return new Promise((resolve) => {
    const finish = (answer: WaitAnswer) => {
      stop();
      clearTimeout(timer);
      resolve(answer);
    };
    const look = () => {
      const answer = matching(world, query);
      if (!answer.timedOut) finish(answer);
    };
    const stop = world.listen(look);
    const timer = setTimeout(() => finish(matching(world, query)), query.timeoutMs);
    signal.addEventListener("abort", () => finish(matching(world, query)), { once: true });
    look();
  });
}

function matching(world: World, query: WaitQuery): WaitAnswer {
  const { as, after, kind } = query;
  const { messages, modals, notes } = world.state;
  const bySeq = (a: { seq: number }, b: { seq: number }) => a.seq - b.seq;
  const found = {
    messages:
      kind === "message"
        ? messages
            .filter((m) => m.seq > after && isVisible(m, as))
            .map((m) => viewMessage(m, as))
            .filter((m) => messageMatches(m, query))
            .sort(bySeq)
        : [],
    modals:
      kind === "modal"
        ? modals
            .filter((m) => m.seq > after && m.person === as)
            .map(viewModal)
            .filter((m) => wordsMatch(m.plainText, query))
        : [],
    notes: kind === "note" ? notes.filter((n) => n.seq > after && wordsMatch(n.text, query)) : [],
  };
  const nothing = found.messages.length + found.modals.length + found.notes.length === 0;
  return { seq: world.seq, timedOut: nothing, ...found };
}

function messageMatches(message: MessageView, query: WaitQuery): boolean {
  const { platform, conversation, thread, id, from, as } = query;
  if (platform !== undefined && message.platform !== platform) return false;
  if (
    conversation !== undefined &&
    findPlace(message.platform, conversation, as)?.id !== message.conversation
  ) {
    return false;
  }
  if (thread !== undefined && message.thread !== thread && message.id !== thread) return false;
  if (id !== undefined && message.id !== id) return false;
  if (from !== "any" && message.author.kind !== from) return false;
  return wordsMatch(message.plainText, query);
}

function wordsMatch(text: string, { contains, lacks }: WaitQuery): boolean {
  const words = text.toLowerCase();
  if (contains !== undefined && !words.includes(contains.toLowerCase())) return false;
  return lacks === undefined || !words.includes(lacks.toLowerCase());
}
