/** What the local chats answer to the person who wrote or clicked: shared by both, and sent on by the control API. */

import type { Delivery } from "./deliveries.ts";
import type { PersonId } from "./people.ts";
import type { Place } from "./places.ts";
import type { JsonObject, Message, Modal } from "./world/world-model.ts";

/** A person writes. */
export interface Say {
  readonly as: PersonId;
  readonly place: Place;
  readonly thread: string | null;
  /** What was typed; `@Routebot` mentions the bot. */
  readonly text: string;
}

export interface Said {
  /** The message as it stands in the conversation; null for a slash command, which leaves none. */
  readonly message: Message | null;
  /** What was sent to the bot; null when the platform tells the bot nothing, with the reason in `why`. */
  readonly delivery: Delivery | null;
  readonly why: string | null;
  /** What the platform shows the person instead of a result. */
  readonly problem: string | null;
}

/** A person clicks a button, with what was filled in. */
export interface Click {
  readonly as: PersonId;
  readonly message: Message;
  /** The action's key in the card that the person sees. */
  readonly key: string;
  readonly inputs: JsonObject;
  /** Clicks on an earlier content of the message, as a client does that has not yet been told of the update. */
  readonly revision?: number;
  /** The click is on the card that is the same for all, although this person has a view of their own: not refreshed yet. */
  readonly forAll?: boolean;
}

export type ClickReply =
  | { readonly kind: "card"; readonly card: JsonObject }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "error"; readonly code: string; readonly message: string }
  | { readonly kind: "unusable"; readonly problem: string }
  /** Acknowledged without content. */
  | { readonly kind: "acknowledged" };

export interface Clicked {
  readonly delivery: Delivery;
  readonly acknowledged: boolean;
  readonly reply: ClickReply;
  readonly problem: string | null;
  /** The form that opened while the click was handled. */
  readonly modal: Modal | null;
}

/** The person cannot click that: there is no such action in what they see. */
export class NoSuchAction extends Error {
  constructor(key: string) {
    super(`There is no action ${key} in what this person sees of the message.`);
    this.name = "NoSuchAction";
  }
}
