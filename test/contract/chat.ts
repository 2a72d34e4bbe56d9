import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Platform } from "../../src/domain/actor.ts";
import type { Chat, Inbound, Place, Receive } from "../../src/ports/chat.ts";
import type { Verb } from "../../src/reply/view.ts";
import { views } from "../support/views.ts";

/** A message as a person sees it on the platform: the words in order, the titles of the buttons, and where it stands. */
export type ShownMessage = {
  readonly conversation: string;
  readonly thread: string | undefined;
  /** All visible text, markup resolved, one string. */
  readonly text: string;
  readonly buttons: readonly string[];
};

/** How the bot answered a delivery, as the platform saw it. */
export type Answer = {
  readonly status: number;
  /** What the person who wrote or clicked was shown at once and alone, if anything. */
  readonly notice: string | undefined;
};

/**
 * What the platform does to the next outbound request, once.
 * - `reset-after-receipt`: takes the whole request, then drops the connection.
 * - `server-error`: 502 or 503. - `hang`: no answer at all.
 * - `throttled`: 429 with a Retry-After of 2 seconds, nothing was posted.
 * - `gone`: the conversation takes no more messages (blocked, archived). - `refused`: the platform rejects the content.
 */
export const chatFaults = [
  "reset-after-receipt",
  "server-error",
  "hang",
  "throttled",
  "gone",
  "refused",
] as const;
export type ChatFault = (typeof chatFaults)[number];

/**
 * One adapter over a peer that speaks the platform's own protocol on loopback. `say` and `click` go through the adapter's
 * real HTTP endpoint with real signatures.
 */
export interface ChatHarness {
  readonly platform: Platform;
  readonly chat: Chat;
  /** The adapter's `Receive` is the function that was set last. */
  receiveWith(receive: Receive): void;
  /** The tenant and user id under which `say` and `click` speak, as an Account names them. */
  readonly speaker: { readonly tenant: string; readonly user: string };
  /** Somebody of the same tenant whom the platform lets nobody write to. */
  readonly unreachable: string;
  /**
   * A person writes to the bot; in a channel they mention it first. `delivery` is the platform's own id of the delivery: the
   * same one means that the platform delivers again.
   */
  say(said: {
    where: "channel" | "direct";
    text: string;
    delivery?: string;
    edited?: boolean;
  }): Promise<Answer>;
  /** The same without valid authentication. */
  sayForged(said: { where: "channel" | "direct"; text: string }): Promise<Answer>;
  /** A person clicks a button of the message that was posted last (and fills its form). */
  click(clicked: { verb: Verb; id: string; input?: string; delivery?: string }): Promise<Answer>;
  /** Every message that now stands on the platform, oldest first, the updated ones as they are now. */
  shown(): readonly ShownMessage[];
  /** How many requests the adapter has sent that create a message. */
  postsSeen(): number;
  /** The next outbound request that posts or updates a message meets this, once. */
  failNext(fault: ChatFault): void;
  /** Forgets messages, counts and faults. */
  reset(): void;
  close(): Promise<void>;
}

/** What every chat adapter promises, whatever the platform. `start` is called once. */
export function describeChat(name: string, start: () => Promise<ChatHarness>): void {
  describe(`${name} keeps the promises of the Chat port`, () => {
    let harness: ChatHarness;
    let received: Inbound[];

    beforeAll(async () => {
      harness = await start();
    });
    afterAll(async () => {
      await harness?.close();
    });
    beforeEach(() => {
      harness.reset();
      received = [];
      harness.receiveWith(async (inbound) => {
        received.push(inbound);
        return { kind: "accepted" };
      });
    });

    /** The place of a message that was really said there; through JSON, as the store keeps it. */
    async function placeOf(where: "channel" | "direct"): Promise<Place> {
      await harness.say({ where, text: "status" });
      const place = received.at(-1)?.place;
      if (!place) throw new Error("the message did not arrive");
      return JSON.parse(JSON.stringify(place));
    }

    /** A posted approval card, and its place. */
    async function postCard(where: "channel" | "direct" = "channel") {
      const place = await placeOf(where);
      const sent = await harness.chat.post({ place, view: views["approval-request"], key: "card-1" });
      if (sent.kind !== "sent") throw new Error(`the card was not sent: ${JSON.stringify(sent)}`);
      return { place, ref: sent.ref };
    }

    describe("inwards", () => {
      it("hands on a message from a channel without the mention, with its author and place", async () => {
        const answer = await harness.say({ where: "channel", text: "route all traffic for shop-web" });
        expect(answer.status).toBe(200);
        expect(received).toHaveLength(1);
        expect(received[0]).toMatchObject({
          kind: "message",
          text: "route all traffic for shop-web",
          actor: { account: { platform: harness.platform, ...harness.speaker } },
          place: { platform: harness.platform, tenant: harness.speaker.tenant, kind: "channel" },
        });
        expect(received[0]?.place.thread).toBeTruthy();
      });

      it("hands on a direct message", async () => {
        await harness.say({ where: "direct", text: "help" });
        expect(received).toMatchObject([{ kind: "message", text: "help", place: { kind: "direct" } }]);
      });

      it("keeps the words as they were typed", async () => {
        const text = "reject CR-12 because R&D <b>needs</b> a*b_c `x` [y](z)";
        await harness.say({ where: "direct", text });
        expect(received).toMatchObject([{ kind: "message", text }]);
      });

      it("names a repeated delivery by the same id, and another message by another", async () => {
        await harness.say({ where: "channel", text: "status", delivery: "d-1" });
        await harness.say({ where: "channel", text: "status", delivery: "d-1" });
        await harness.say({ where: "channel", text: "status", delivery: "d-2" });
        const ids = received.map((inbound) => inbound.id);
        // An adapter may drop what it knows to be a repetition; it may not rename it.
        expect(new Set(ids).size).toBe(2);
      });

      it("never runs an edited message", async () => {
        const answer = await harness.say({ where: "channel", text: "route all traffic for x", edited: true });
        expect(answer.status).toBe(200);
        expect(received).toEqual([]);
      });

      it("answers 401 to what is not authenticated, and hands nothing on", async () => {
        const answer = await harness.sayForged({ where: "channel", text: "approve CR-12" });
        expect(answer.status).toBe(401);
        expect(received).toEqual([]);
      });

      it("does not acknowledge a message that could not be stored", async () => {
        harness.receiveWith(async () => {
          throw new Error("the store is down");
        });
        const answer = await harness.say({ where: "channel", text: "status" });
        expect(answer.status).toBeGreaterThanOrEqual(500);
      });

      it("hands on a click with its verb and the button's id, and the same id when it is delivered again", async () => {
        await postCard();
        received = [];
        await harness.click({ verb: "approve", id: "9Yl3vX0qk2mB7nT4", delivery: "c-1" });
        await harness.click({ verb: "approve", id: "9Yl3vX0qk2mB7nT4", delivery: "c-1" });
        expect(received[0]).toMatchObject({
          kind: "click",
          verb: "approve",
          target: "9Yl3vX0qk2mB7nT4",
          actor: { account: { platform: harness.platform, ...harness.speaker } },
          place: { kind: "channel" },
        });
        expect(received[0]).not.toHaveProperty("input");
        expect(new Set(received.map((inbound) => inbound.id)).size).toBe(1);
      });

      it("hands on what was typed into a button's form", async () => {
        await postCard();
        received = [];
        await harness.click({ verb: "reject", id: "9Yl3vX0qk2mB7nT4", input: "not before *Monday*" });
        expect(received).toMatchObject([{ kind: "click", verb: "reject", input: "not before *Monday*" }]);
      });

      it("shows the clicked card as the core says it is now", async () => {
        await postCard();
        harness.receiveWith(async () => ({ kind: "card", view: views.confirmed }));
        const answer = await harness.click({ verb: "approve", id: "9Yl3vX0qk2mB7nT4" });
        expect(answer.status).toBe(200);
        expect(answer.notice).toBeUndefined();
      });

      it("shows a notice to the person who clicked", async () => {
        await postCard();
        harness.receiveWith(async () => ({ kind: "notice", text: "You asked for this change yourself." }));
        const answer = await harness.click({ verb: "approve", id: "9Yl3vX0qk2mB7nT4" });
        expect(answer.status).toBe(200);
        expect(answer.notice).toContain("You asked for this change yourself.");
      });

      it("says that nothing was done when a click could not be stored", async () => {
        await postCard();
        harness.receiveWith(async () => {
          throw new Error("the store is down");
        });
        const answer = await harness.click({ verb: "approve", id: "9Yl3vX0qk2mB7nT4" });
        expect(answer.notice).toMatch(/nothing was done/i);
      });
    });

    describe("outwards", () => {
      it("posts where it was asked, in the same thread", async () => {
        const place = await placeOf("channel");
        const sent = await harness.chat.post({ place, view: views["approval-request"], key: "k-1" });
        expect(sent.kind).toBe("sent");
        const message = harness.shown().at(-1);
        expect(message).toMatchObject({ conversation: place.conversation, thread: place.thread });
        expect(message?.buttons).toEqual(["Approve", "Reject", "Cancel"]);
        for (const words of ["CR-12", "shop-web", "Ana Pérez", "allTraffic", "Decide by"]) {
          expect(message?.text).toContain(words);
        }
      });

      it("posts into a direct chat", async () => {
        const place = await placeOf("direct");
        const sent = await harness.chat.post({ place, view: views.sentence, key: "k-2" });
        expect(sent.kind).toBe("sent");
        expect(harness.shown().at(-1)).toMatchObject({ conversation: place.conversation });
      });

      it("replaces a message in place, buttons gone", async () => {
        const { place, ref } = await postCard();
        const before = harness.shown().length;
        expect(await harness.chat.update({ place, ref, view: views.confirmed })).toMatchObject({
          kind: "sent",
        });
        expect(harness.shown()).toHaveLength(before);
        expect(harness.shown().at(-1)).toMatchObject({ buttons: [] });
        expect(harness.shown().at(-1)?.text).toContain("CR-12 is done");
      });

      it("cuts what is too long for the platform and says so, keeping the buttons", async () => {
        const place = await placeOf("direct");
        expect(await harness.chat.post({ place, view: views.oversized, key: "k-3" })).toMatchObject({
          kind: "sent",
        });
        expect(harness.shown().at(-1)?.text).toMatch(/not shown|more/i);
        expect(harness.shown().at(-1)?.buttons).toEqual(["Close"]);
      });

      const unclear = ["reset-after-receipt", "server-error", "hang"] as const;
      it.each(unclear)("%s: sends a new message once and says that the outcome is unclear", async (fault) => {
        const place = await placeOf("channel");
        harness.failNext(fault);
        const sent = await harness.chat.post({ place, view: views.sentence, key: "k-4" });
        expect(sent.kind).toBe("unclear");
        expect(harness.postsSeen()).toBe(1);
      });

      it.each(unclear)("%s: an update may be tried again", async (fault) => {
        const { place, ref } = await postCard();
        harness.failNext(fault);
        expect(await harness.chat.update({ place, ref, view: views.confirmed })).toMatchObject({
          kind: "retry",
        });
        expect(await harness.chat.update({ place, ref, view: views.confirmed })).toMatchObject({
          kind: "sent",
        });
      });

      it("hands on how long a throttling platform wants to be left alone, without trying by itself", async () => {
        const place = await placeOf("channel");
        harness.failNext("throttled");
        const sent = await harness.chat.post({ place, view: views.sentence, key: "k-5" });
        expect(sent).toMatchObject({ kind: "retry", afterMs: 2000, throttled: true });
        expect(harness.postsSeen()).toBe(1);
      });

      it.each(["gone", "refused"] as const)("%s: says so and does not try again", async (fault) => {
        const place = await placeOf("channel");
        harness.failNext(fault);
        expect(await harness.chat.post({ place, view: views.sentence, key: "k-6" })).toMatchObject({
          kind: fault,
        });
        expect(harness.postsSeen()).toBe(1);
      });

      it("never calls a message absent that arrived", async () => {
        const place = await placeOf("channel");
        const sent = await harness.chat.post({ place, view: views.sentence, key: "k-7" });
        const found = await harness.chat.lookUp(place, "k-7");
        expect(found.kind).not.toBe("absent");
        if (found.kind === "found" && sent.kind === "sent") expect(found.ref).toBe(sent.ref);
      });

      it("opens a person's own chat, the same as the one in which they write, and posts there", async () => {
        const theirs = await placeOf("direct");
        const account = { platform: harness.platform, ...harness.speaker };
        const opened = await harness.chat.openDirect(account);
        if (opened.kind !== "open") throw new Error(`not opened: ${JSON.stringify(opened)}`);
        expect(opened.place).toMatchObject({ kind: "direct", conversation: theirs.conversation });
        expect(harness.shown()).toEqual([]);
        const place: Place = JSON.parse(JSON.stringify(opened.place));
        const sent = await harness.chat.post({ place, view: views["approval-request"], key: "k-9" });
        if (sent.kind !== "sent") throw new Error(`not sent: ${JSON.stringify(sent)}`);
        expect(harness.shown()).toMatchObject([{ conversation: theirs.conversation }]);
        await harness.chat.update({ place, ref: sent.ref, view: views.confirmed });
        expect(harness.shown()).toMatchObject([{ buttons: [] }]);
        expect(await harness.chat.openDirect(account)).toEqual(opened);
      });

      it("says that a person cannot be reached, and who is not of this tenant", async () => {
        const { platform, speaker } = harness;
        const gone = { platform, tenant: speaker.tenant, user: harness.unreachable };
        expect(await harness.chat.openDirect(gone)).toMatchObject({ kind: "gone" });
        const foreign = { platform, tenant: "T0ELSEWHERE", user: speaker.user };
        expect(await harness.chat.openDirect(foreign)).toMatchObject({ kind: "gone" });
        expect(harness.postsSeen()).toBe(0);
      });

      it.each([...unclear, "throttled"] as const)(
        "%s while a person's chat is opened: it may be tried again",
        async (fault) => {
          const account = {
            platform: harness.platform,
            ...harness.speaker,
            user: `U0NEW${chatFaults.indexOf(fault)}`,
          };
          harness.failNext(fault);
          expect(await harness.chat.openDirect(account)).toMatchObject({ kind: "retry" });
          expect(await harness.chat.openDirect(account)).toMatchObject({ kind: "open" });
        },
      );

      it("refuses an address that it did not make itself", async () => {
        const place = await placeOf("direct");
        const sent = await harness.chat.post({
          place: { ...place, address: "{}" },
          view: views.sentence,
          key: "k-8",
        });
        expect(sent.kind).toBe("refused");
        expect(harness.postsSeen()).toBe(0);
      });
    });
  });
}
