import type { Delivery, Owed } from "../ports/change-requests.ts";
import type { Chat, Place, SendResult } from "../ports/chat.ts";
import type { JobContext, JobResult } from "../ports/work.ts";
import { note } from "../reply/answers.ts";
import type { View } from "../reply/view.ts";
import { deliverFile } from "./deliver-file.ts";
import { drawCard } from "./draw-card.ts";
import type { Flow } from "./flow.ts";
import { platformOf, reachAddressee, saidInstead } from "./reach-addressee.ts";
import { afterUnclear, pauseWhileAway, perhapsTwice } from "./unclear-sends.ts";

const done: JobResult = { kind: "done" };

/** The pause before a message whose first sending ended unclear is looked for. */
const lookAfterMs = 5_000;

/** Marks the plain sentence that stands in for a view which the chat refused. */
const plainSuffix = ":plain";
const longestPlainText = 1_000;

/**
 * Sends what is owed under one key. A card is drawn from the state that its request is in now, so however many transitions
 * went by, the last one is shown. A first post whose end is not known is looked up where the platform can, and otherwise
 * sent again after pauses, a few times, and says so; while the platform does not answer, nothing is sent. Updates are repeated freely.
 */
export async function deliverOwed(flow: Flow, key: string, context: JobContext): Promise<JobResult> {
  const delivery = await flow.outbox.get(key);
  if (!delivery || delivery.dead) return done;
  const { owed } = delivery;
  const platform = platformOf(owed);
  const chat = flow.chats.get(platform);
  if (!chat) {
    await flow.outbox.dead(key, `${platform} is not configured`);
    return done;
  }
  if (owed.kind === "file") return deliverFile(flow, chat, { key, delivery, owed, context });
  if (delivery.ref !== undefined && (owed.kind === "message" || delivery.sent >= delivery.want)) return done;
  const view = await viewOf(flow, owed);
  if (!view) {
    await flow.outbox.dead(key, "its request is not there");
    return done;
  }
  const reached = await reachAddressee(chat, owed);
  if (reached.kind === "retry") return { kind: "again", afterMs: reached.afterMs };
  const sending = { key, delivery, view, context, place: owed.place };
  if (reached.kind !== "open") return giveUp(flow, sending, reached);
  return delivery.ref === undefined
    ? post(flow, chat, { ...sending, place: reached.place })
    : update(flow, chat, { ...sending, place: reached.place, ref: delivery.ref });
}

async function viewOf(flow: Flow, owed: Exclude<Owed, { kind: "file" }>): Promise<View | undefined> {
  if (owed.kind !== "card") return owed.view;
  const request = await flow.requests.get(owed.request);
  if (!request) return undefined;
  return drawCard(flow, request);
}

type Sending = {
  readonly key: string;
  readonly delivery: Delivery;
  readonly view: View;
  readonly context: JobContext;
  /** Where it is sent. */
  readonly place: Place;
};

async function post(flow: Flow, chat: Chat, sending: Sending): Promise<JobResult> {
  const { key, delivery, context, place } = sending;
  let { view } = sending;
  if (delivery.trying) {
    const found = await chat.lookUp(place, key);
    if (found.kind === "found") {
      await flow.outbox.sent(key, { ref: found.ref, count: 0, from: delivery.sent });
      // What it showed when it was sent is not known: what follows something is brought up to date at once.
      return delivery.owed.kind === "message" ? done : { kind: "again", afterMs: 0 };
    }
    if (found.kind === "away")
      return { kind: "again", afterMs: pauseWhileAway(context.attempt, found.afterMs) };
    if (found.kind === "unknown") {
      const next = afterUnclear(delivery, flow.clock.now());
      if (next.kind === "wait") return { kind: "again", afterMs: next.afterMs };
      if (next.kind === "give-up") {
        flow.log.error("delivery-dead", new Error(next.why), { key, kind: "unclear" });
        await flow.outbox.dead(key, next.why);
        return done;
      }
      view = perhapsTwice(view);
    }
  }
  await flow.outbox.trying(key);
  await heedTime(flow, context);
  const result = await chat.post({ place, view, key });
  switch (result.kind) {
    case "sent":
      await flow.outbox.sent(key, { ref: result.ref, count: delivery.want, from: delivery.sent });
      return done;
    case "unclear":
      flow.log.warn("post-unclear", { key, why: result.why });
      return { kind: "again", afterMs: lookAfterMs };
    case "retry":
      await flow.outbox.notSent(key);
      return { kind: "again", afterMs: result.afterMs };
    default:
      return giveUp(flow, sending, result);
  }
}

async function update(
  flow: Flow,
  chat: Chat,
  sending: Sending & { readonly ref: string },
): Promise<JobResult> {
  const { key, delivery, view, ref, context, place } = sending;
  await heedTime(flow, context);
  const result = await chat.update({ place, ref, view });
  switch (result.kind) {
    case "sent":
      await flow.outbox.sent(key, { ref: result.ref, count: delivery.want, from: delivery.sent });
      return done;
    case "unclear":
      return { kind: "again", afterMs: Math.min(1_000 * 2 ** Math.min(context.attempt, 6), 60_000) };
    case "retry":
      return { kind: "again", afterMs: result.afterMs };
    default:
      return giveUp(flow, sending, result);
  }
}

/**
 * A worker that stood still since it drew the view has not heard yet that somebody else went on: timers that are due say so first
 * (docs/adr/0029). What is sent at the same moment all the same is noticed by the outbox.
 */
async function heedTime({ clock }: Flow, { signal }: JobContext): Promise<void> {
  await clock.sleep(0);
  signal.throwIfAborted();
}

/**
 * What a chat will never take is not kept from people: they get it as one plain sentence instead, once. In a conversation
 * that is gone there is nobody to tell; whoever cannot be reached alone is named where it is about.
 */
async function giveUp(
  flow: Flow,
  { key, delivery, view }: Sending,
  result: Extract<SendResult, { kind: "gone" | "refused" }>,
): Promise<JobResult> {
  const { owed } = delivery;
  flow.log.error("delivery-dead", new Error(result.why), { key, kind: result.kind });
  const summary = view.summary.slice(0, longestPlainText);
  const instead = saidInstead(owed, { gone: result.kind === "gone", summary });
  if (instead) await flow.requests.record({ events: [], owed: [instead], jobs: [] });
  else if (result.kind === "refused" && !key.endsWith(plainSuffix)) {
    const plain = note("attention", summary);
    await flow.requests.record({
      events: [],
      owed: [{ kind: "message", key: `${key}${plainSuffix}`, place: owed.place, view: plain }],
      jobs: [],
    });
  }
  await flow.outbox.dead(key, `${result.kind}: ${result.why}`);
  return done;
}
