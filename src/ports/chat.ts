import type { Account, Actor, Platform } from "../domain/actor.ts";
import type { Verb, View } from "../reply/view.ts";

/**
 * Where something was said and where the answer goes. `address` is the adapter's own, versioned JSON (a conversation
 * reference, a channel and thread); nobody else reads it.
 */
export type Place = {
  readonly platform: Platform;
  readonly tenant: string;
  readonly kind: "channel" | "group" | "direct";
  /** The channel or chat, without the thread: equal for everything said in one conversation. */
  readonly conversation: string;
  /** The thread in it, where the platform has threads. */
  readonly thread?: string;
  readonly address: string;
};

/**
 * What reaches the core, already authenticated, addressed to the bot, and stripped of the bot's own mention.
 * `id` is the same for every delivery of the same thing (retries, double deliveries).
 */
export type Inbound =
  | {
      readonly kind: "message";
      readonly id: string;
      readonly actor: Actor;
      readonly place: Place;
      readonly text: string;
    }
  | {
      readonly kind: "click";
      readonly id: string;
      readonly actor: Actor;
      readonly place: Place;
      readonly verb: Verb;
      /** The opaque id that the button carried. */
      readonly target: string;
      /** What was typed into the form, if the button has one. */
      readonly input?: string;
    }
  /** Somebody's client shows a card and asks how it looks for them: nobody did anything, and nothing may come of it. */
  | {
      readonly kind: "viewed";
      readonly id: string;
      readonly actor: Actor;
      readonly place: Place;
      /** The view's `perPerson`. */
      readonly target: string;
    }
  /** The bot was added to a conversation: time for a short welcome. */
  | { readonly kind: "installed"; readonly id: string; readonly actor: Actor; readonly place: Place };

/**
 * What to answer at once, within the platform's limit (3 s). Everything else follows through the outbox.
 * - `accepted`: stored; the answer comes as a message of its own.
 * - `card`: the state of the clicked card as it is now (the card of everybody is updated besides).
 * - `notice`: said to this person alone; the card stays as it is. `card`, if given, is the current card.
 * - `busy`: nothing was stored and nothing was done, because too much is under way. The adapter says so at once, or lets the
 *   platform deliver again where that is certain.
 */
export type Reply =
  | { readonly kind: "accepted" }
  | {
      readonly kind: "card";
      readonly view: View;
      /** Nothing else updates this message: the adapter replaces it for everybody, at once. */
      readonly forEverybody?: true;
    }
  | {
      readonly kind: "notice";
      readonly text: string;
      readonly view?: View;
      /** For this person alone, after the text; https. */
      readonly link?: { readonly text: string; readonly url: string };
      /** Said to this person within the last minute: where it would be a message of its own, it is not sent once more. */
      readonly again?: true;
    }
  | { readonly kind: "busy" };

/**
 * The way from an adapter into the core. It rejects only when nothing could be stored: the adapter then answers so that
 * the platform delivers again, or says "busy, try again".
 */
export type Receive = (inbound: Inbound) => Promise<Reply>;

/** A message that was sent: the adapter's own, versioned JSON. */
export type MessageRef = string;

/** What is known after sending. Sending never throws for what the platform or the network does. */
export type SendResult =
  | { readonly kind: "sent"; readonly ref: MessageRef }
  /** It may have arrived or not: not to be sent again blindly. */
  | { readonly kind: "unclear"; readonly why: string }
  /**
   * It did not arrive; another try may work, not before `afterMs`. `throttled`: too much was said, and nothing else is to be
   * said in the conversation before that either.
   */
  | {
      readonly kind: "retry";
      readonly afterMs: number;
      readonly why: string;
      readonly throttled?: true;
    }
  /** The conversation is dead (removed, blocked, archived). */
  | { readonly kind: "gone"; readonly why: string }
  /** The platform will never take this: a defect of ours. */
  | { readonly kind: "refused"; readonly why: string };

/** One chat platform, outwards. */
export interface Chat {
  readonly platform: Platform;
  /** Posts a new message. `key` marks it where the platform allows, so that `lookUp` can find it. */
  post(request: PostRequest): Promise<SendResult>;
  /** Replaces a message that was posted; safe to repeat. */
  update(request: UpdateRequest): Promise<SendResult>;
  /**
   * Whether a message with this key arrived. Asks the platform in any case, so that one that is `away` is told from one that
   * answers and cannot tell: `unknown`.
   */
  lookUp(place: Place, key: string): Promise<LookUpResult>;
  /**
   * The person's own chat with the bot, opened when it is not there yet. The same place every time; safe to repeat. Nobody is
   * shown anything by it.
   */
  openDirect(account: Account): Promise<OpenDirectResult>;

  /**
   * Puts a file into the conversation, where the platform lets a bot do that; absent where it does not. `refused` when this
   * installation may not. The file has no `ref` that could be updated or looked up.
   */
  readonly share?: (request: ShareRequest) => Promise<SendResult>;
}

/** `gone`: this person cannot be reached alone (has not installed the app, left, blocked it). */
export type OpenDirectResult =
  | { readonly kind: "open"; readonly place: Place }
  | Exclude<SendResult, { kind: "sent" } | { kind: "unclear" }>;

/** `name` ends in what it is (`.csv`); `title` is what people see. */
export type ShareRequest = {
  readonly place: Place;
  readonly name: string;
  readonly title: string;
  readonly content: Uint8Array;
};

export type PostRequest = { readonly place: Place; readonly view: View; readonly key: string };
export type UpdateRequest = { readonly place: Place; readonly ref: MessageRef; readonly view: View };
export type LookUpResult =
  | { readonly kind: "found"; readonly ref: MessageRef }
  | { readonly kind: "absent" }
  | { readonly kind: "unknown" }
  /** It does not answer, or wants to be left alone: not to be asked, or sent anything, before `afterMs`. */
  | { readonly kind: "away"; readonly afterMs: number; readonly why: string };
