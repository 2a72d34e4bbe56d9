import type { Account, Person } from "../domain/actor.ts";
import type { ChangeRequest, RequestId } from "../domain/change/change-request.ts";
import type { TargetReference } from "../domain/command.ts";
import type { Place } from "./chat.ts";

/**
 * The change requests as people ask about them. Everything is a page: `limit` at most, and the caller asks on from the last one.
 * Rights are the caller's matter.
 */
export interface RequestLists {
  /** Open requests, oldest first. */
  open(filter: OpenPage): Promise<readonly ChangeRequest[]>;
  /** Requests in whatever state, newest first. */
  latest(filter: LatestPage): Promise<readonly ChangeRequest[]>;
  /** What the audit says about one request: the last events, oldest of them first. */
  eventsOf(id: RequestId, limit: number): Promise<readonly PastEvent[]>;
}

export type OpenPage = {
  /** Those with a site that one of these references names; names of subscriptions are not looked at. */
  readonly named?: readonly TargetReference[];
  readonly requester?: Person;
  /** Those that were made in this conversation, or those that were made elsewhere. */
  readonly origin?: { readonly of: Conversation; readonly kind: "here" | "elsewhere" };
  /** Those with a higher number. */
  readonly after?: number;
  readonly limit: number;
};

export type LatestPage = {
  readonly named?: readonly TargetReference[];
  /** Those in which this person did something; a refused attempt is nothing. */
  readonly person?: Person;
  /** Those with a lower number. */
  readonly before?: number;
  readonly limit: number;
};

export type Conversation = Pick<Place, "platform" | "tenant" | "conversation">;

/** An event of the audit as it was written, by whichever version: kinds and states may be ones that are not known here. */
export type PastEvent = {
  readonly kind: string;
  readonly at: Date;
  readonly person?: Person;
  readonly account?: Account;
  readonly surface?: string;
  readonly from?: string;
  readonly to?: string;
  readonly details: Readonly<Record<string, string>>;
};

/** A conversation as one comparable text. */
export function conversationKey({ platform, tenant, conversation }: Conversation): string {
  return JSON.stringify([platform, tenant, conversation]);
}
