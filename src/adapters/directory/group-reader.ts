import type { Member } from "../../domain/change/group-members.ts";

/** Reads who is in one group of a directory now. Rejects when that cannot be read whole. */
export type GroupReader = (id: string, signal: AbortSignal) => Promise<readonly Member[]>;

/** The directory did not give the members; `message` is for the operator and holds no secret. */
export class GroupUnreadable extends Error {
  override readonly name = "GroupUnreadable";
}

/** A group with more pages than that is no group of approvers. */
export const maxPages = 20;
