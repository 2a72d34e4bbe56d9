import type { Actor, Person } from "../domain/actor.ts";
import type { Policy } from "../domain/change/approval-policy.ts";

/** Who is who, and what they may. Asked anew at every click. */
export interface Directory {
  /** The person behind an account. An account that nobody listed is a person of its own, with no rights by name. */
  personOf(actor: Actor): Promise<Person>;
  /** The policy now in force. Rejects if there is none that could be read: then nothing is allowed. */
  policy(): Promise<Policy>;
}
