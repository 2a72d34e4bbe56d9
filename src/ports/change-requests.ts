import type { Account, Actor, Person } from "../domain/actor.ts";
import type { Aftercare } from "../domain/change/aftercare.ts";
import type { AuditEvent } from "../domain/change/audit-event.ts";
import type { ChangeRequest, RequestId } from "../domain/change/change-request.ts";
import type { Follows } from "../domain/change/permit.ts";
import type { Review } from "../domain/change/review.ts";
import type { StepUp } from "../domain/change/step-up.ts";
import type { Stop } from "../domain/change/stop.ts";
import type { Refusal } from "../domain/failure.ts";
import type { View } from "../reply/view.ts";
import type { Inbound, MessageRef, Place } from "./chat.ts";
import type { SiteCommand } from "./subjects.ts";
import type { Job } from "./work.ts";

/**
 * Something owed to a conversation. Owing it starts its `deliver` job: the caller lists no job for it. `key` names the
 * delivery and is unique among all deliveries.
 * - `message`: said once; the view is fixed. Owing the same key again changes nothing.
 * - `card`: follows its request: posted when it is not there yet, updated otherwise, always drawn from the state that the
 *   request is in when it is sent.
 * - `live`: a message that is replaced by the view that is owed under its key next; views in between may never be seen.
 * - `file`: the rows of a survey, as a file where the chat takes one. Said once.
 * With `to` it goes to that person alone, in their own chat with the bot; `place` then is the conversation that it is about,
 * which is told when the person cannot be reached.
 */
export type Owed =
  | {
      readonly kind: "message";
      readonly key: string;
      readonly place: Place;
      readonly view: View;
      readonly to?: Addressee;
      /** Who is told alone when the conversation is gone. */
      readonly orElse?: Addressee;
    }
  | {
      readonly kind: "card";
      readonly key: string;
      readonly place: Place;
      readonly request: RequestId;
      readonly to?: Addressee;
    }
  | { readonly kind: "live"; readonly key: string; readonly place: Place; readonly view: View }
  | { readonly kind: "file"; readonly key: string; readonly place: Place; readonly survey: string };

/** A person as the one of their accounts that is written to; `name` is for sentences. */
export type Addressee = { readonly account: Account; readonly name: string };

/**
 * A question that the bot asked one person and that waits for a click, such as "approve CR-3, plan 4f2a…?".
 * It can be answered once, by that person, until it expires.
 */
export type Prompt = {
  /** Opaque; the button carries it. */
  readonly id: string;
  readonly person: Person;
  readonly expiresAt: Date;
  readonly asks: Asks;
};

/**
 * What a question is about.
 * - `decision`: whether a typed decision, or a typed withdrawal of one, is meant. - `choice`: which of several complete commands is meant; the one that is
 *   chosen is carried out as if it had been written in the first place, with its answer at `place`.
 */
export type Asks =
  | {
      readonly kind: "decision";
      readonly request: RequestId;
      readonly decision: "approve" | "reject" | "withdraw" | "break-glass";
      readonly why?: string;
      /** The plan that was shown when it was asked. */
      readonly fingerprint: string;
    }
  | { readonly kind: "choice"; readonly place: Place; readonly choices: readonly Choice[] };

/** `label` is what the button said. */
export type Choice = { readonly label: string; readonly command: SiteCommand };

/** What one transaction does besides its main thing. */
export type Effects = {
  readonly events: readonly AuditEvent[];
  readonly owed: readonly Owed[];
  readonly jobs: readonly Job[];
  readonly prompts?: readonly Prompt[];
  /**
   * A review that is due from now on. When its person has one due already, a transition does not happen: it is a `conflict`.
   * Only transitions have one.
   */
  readonly review?: Review;
  /**
   * Id of the inbound message that this answers: marked as handled in the same transaction. A message that was handled
   * already lets nothing of the transaction happen. The inbox must have it.
   */
  readonly answers?: string;
  /**
   * Id of the question that this answers: it is gone afterwards. One that is not there (any more) lets nothing of the
   * transaction happen.
   */
  readonly takes?: string;
  /**
   * Id of the click that does this: taken note of in the same transaction. One that was taken note of before lets nothing of
   * the transaction happen.
   */
  readonly click?: string;
  /**
   * The next record of a change's aftercare, in place of the one with revision `from` (0: there was none). When it has
   * moved on, nothing of the transaction happens, as with a message that was handled already.
   */
  readonly aftercare?: { readonly from: number; readonly to: Aftercare };
  /** An approval that waits for a sign-in from now on. */
  readonly stepUp?: StepUp;
  /** Id of the step-up that this ends, as with `takes`: one that is not there lets nothing of the transaction happen. */
  readonly takesStepUp?: string;
};

export type TransitionResult =
  | { readonly kind: "done"; readonly request: ChangeRequest }
  /**
   * Somebody else was faster: the request or the aftercare has moved on, or the message was handled, the question answered or
   * the click done already. `current` is what is there now. Nothing of this transaction was done.
   */
  | { readonly kind: "conflict"; readonly current: ChangeRequest };

/**
 * The change requests and everything that changes together with them. Each method that writes is one transaction:
 * all of it is there afterwards, durably, or nothing. They reject when the store is not reachable.
 */
export interface ChangeRequests {
  /** The next number for a request; gaps may appear. */
  nextNumber(): Promise<number>;

  /**
   * Stores a new request. `check` sees the open requests for the same sites, under a lock that no second opening for one of
   * them can pass, and may refuse: then nothing is stored. A message (`effects.answers`) that was already handled, or an
   * aftercare that has moved on, opens nothing: `handled`.
   */
  open(opening: Opening): Promise<OpenResult>;

  /** Replaces the request if it is open and its revision still is `from`; `to.revision` must be `from + 1`. */
  transition(transition: Transition): Promise<TransitionResult>;

  /**
   * A transition that has to wait for its turn: `mayStart` sees the other open requests for the same sites, under the lock of
   * `open`, and the stops that are on, of which none can begin in between. Nothing of it is done when it says no.
   */
  startInTurn(starting: Starting): Promise<TransitionResult | { readonly kind: "not-its-turn" }>;

  /**
   * Effects without a change of a request: plain answers, refused attempts. `handled` when the message, or the question,
   * already was, or the aftercare has moved on.
   */
  record(effects: Effects): Promise<"done" | "handled">;

  get(id: RequestId): Promise<ChangeRequest | undefined>;
  /** Open requests, oldest first, at most `limit`. */
  listOpen(filter: OpenFilter): Promise<readonly ChangeRequest[]>;
  /** Requests for a site (`targetKey`) that ended as confirmed or failed, the newest first, at most `limit`. */
  listApplied(filter: { readonly site: string; readonly limit: number }): Promise<readonly ChangeRequest[]>;
  /** How many there are of those: it grows whenever one ends that may have written to the site. */
  countApplied(site: string): Promise<number>;
  /** What is still to come of a change that was written, or was: its watch, its end. */
  aftercareOf(id: RequestId): Promise<Aftercare | undefined>;

  /**
   * Takes a prompt: it is gone afterwards. `undefined` if there is none (any more). One that has expired is still given out
   * for a while: whoever takes it compares `expiresAt`.
   */
  takePrompt(id: string): Promise<Prompt | undefined>;
  getPrompt(id: string): Promise<Prompt | undefined>;

  /** The place of the first card of a request: the conversation that it was made in. */
  originOf(id: RequestId): Promise<Place | undefined>;
  /** Where the request has cards, with their delivery keys. */
  cardsOf(id: RequestId): Promise<readonly Extract<Owed, { kind: "card" }>[]>;

  /** Whether the store answers; for readiness. Rejects if not. */
  ping(): Promise<void>;
}

export type Opening = {
  readonly request: ChangeRequest;
  readonly check: (openForSite: readonly ChangeRequest[]) => Refusal | undefined;
  readonly effects: Effects;
};

export type OpenResult =
  | { readonly kind: "opened" }
  | { readonly kind: "refused"; readonly refusal: Refusal }
  | { readonly kind: "handled" };

export type Transition = {
  readonly from: number;
  readonly to: ChangeRequest;
  readonly effects: Effects;
};

export type Starting = Transition & {
  readonly mayStart: (others: readonly ChangeRequest[], stops: readonly Stop[]) => boolean;
};

export type OpenFilter = {
  /** `targetKey` of a site or slot. */
  readonly site?: string;
  readonly requester?: Person;
  readonly limit: number;
};

/** Messages that arrived: stored before they are acknowledged, handled once. */
export interface Inbox {
  /**
   * Stores it and starts its `handle-message` job, in that `line` if there is one, in one transaction. `seen`: the same id is
   * already there.
   */
  receive(message: StoredInbound, line?: string): Promise<"stored" | "seen">;
  /** A message that is not handled yet. */
  get(id: string): Promise<StoredInbound | undefined>;
}

/**
 * Clicks on requests are not stored here: their effect is a transition, made before they are answered, which takes note of their
 * id. `picked` is the choice that somebody made when asked what they mean; it is carried out like a message.
 */
export type StoredInbound =
  | Exclude<Inbound, { kind: "click" | "viewed" }>
  | {
      readonly kind: "picked";
      readonly id: string;
      readonly actor: Actor;
      readonly place: Place;
      readonly command: SiteCommand;
      /** The request that the choice was offered with. */
      readonly follows?: Follows;
    }
  /** Somebody pressed a button that asks for an undo; what they may was looked at then, and is again. */
  | {
      readonly kind: "undo";
      readonly id: string;
      readonly actor: Actor;
      readonly place: Place;
      readonly request: RequestId;
    };

/** What is known of one delivery. */
export type Delivery = {
  readonly owed: Owed;
  /** The message in the chat, once it was posted. */
  readonly ref?: MessageRef;
  /** A first post was begun and its end is not known. */
  readonly trying: boolean;
  /** Counts up with each transition that owes this card; `sent` is the count that was last sent. */
  readonly want: number;
  readonly sent: number;
  /** Tries since it was last sent: first posts that were begun and may have arrived, updates that did not arrive. */
  readonly attempts: number;
  /** When it was first owed, or last begun, sent or found not to have been sent. */
  readonly since: Date;
  readonly dead: boolean;
};

/** Messages owed. One worker at a time has a delivery. */
export interface Outbox {
  get(key: string): Promise<Delivery | undefined>;
  /** To be called before a first post leaves. */
  trying(key: string): Promise<void>;
  /**
   * `count` is the `want` that was sent, `from` what `sent` was when the delivery was read for that. Where it has changed since, somebody
   * else was sending, too, and the chat may show whichever of the two: what can be updated is owed once more.
   */
  sent(
    key: string,
    result: { readonly ref: MessageRef; readonly count: number; readonly from: number },
  ): Promise<void>;
  /** A post or update did not arrive for certain (`trying` is taken back); a retry follows. */
  notSent(key: string): Promise<void>;
  /** Never to be tried again, nor owed again; `why` is for the operator. */
  dead(key: string, why: string): Promise<void>;
}
