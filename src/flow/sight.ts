import type { Actor, Person } from "../domain/actor.ts";
import { maySee, type Policy } from "../domain/change/approval-policy.ts";
import { homeOf } from "../domain/channel-binding.ts";
import type { Place } from "../ports/chat.ts";
import type { Sight } from "../ports/routing-service.ts";
import type { Flow } from "./flow.ts";

/** Who asks, with what rights, and which sites they see and look for first from where they are. */
export type Asker = {
  readonly person: Person;
  readonly policy: Policy;
  readonly sight: Required<Pick<Sight, "sees">> & Sight;
};

/** The asker of a message, by the policy now in force; `fresh`: with groups as they are now, as at a click. */
export async function askerOf(
  flow: Flow,
  { actor, place }: { readonly actor: Actor; readonly place: Place },
  { fresh = false }: { readonly fresh?: boolean } = {},
): Promise<Asker> {
  const person = await flow.directory.personOf(actor);
  const policy = await flow.directory.policy({ fresh });
  const home = homeOf(policy.channels ?? [], place);
  return {
    person,
    policy,
    sight: { sees: (target) => maySee(policy, target, person), ...(home && { home }) },
  };
}
