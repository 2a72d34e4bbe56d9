import type { Actor, Person } from "../domain/actor.ts";
import type { Policy } from "../domain/change/approval-policy.ts";

/** Who is who, and what they may. Asked anew at every click. */
export interface Directory {
  /** The person behind an account. An account that nobody listed is a person of its own, with no rights by name. */
  personOf(actor: Actor): Promise<Person>;
  /**
   * The policy now in force, with the members of its groups. Rejects if there is none that could be read: then nothing is
   * allowed. Groups of directories were read a minute ago at most; with `fresh`, for decisions, they are read now.
   */
  policy(options?: { readonly fresh?: boolean }): Promise<Policy>;
}
