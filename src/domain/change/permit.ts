import type { Account, Person } from "../actor.ts";
import { mayBreakGlass, type Rule } from "./approval-policy.ts";
import type { RequestId, Surface } from "./change-request.ts";

/** The ended request that another one answers, and how: asks for it `again`, because it was out of date. */
export const followKinds = ["again"] as const;
export type Follows = { readonly kind: (typeof followKinds)[number]; readonly of: RequestId };

/**
 * Why a request may be written without the quorum.
 * - `break-glass`: its requester may do that under the rule, said why and confirmed it for exactly this plan. `skipped` are those
 *   who could have approved; they are told, and one of them reviews it afterwards.
 */
export type Permit = {
  readonly kind: "break-glass";
  readonly person: Person;
  readonly account: Account;
  readonly surface: Surface;
  readonly at: Date;
  /** The plan that was shown when it was confirmed. */
  readonly fingerprint: string;
  readonly why: string;
  readonly skipped: readonly Person[];
};

/** Whether an account is one of a person's, as the policy now lists them. */
export type Owns = (person: Person, account: Account) => boolean;

/** Whether a permit holds for a plan under the rule now in force: asked again right before each write. */
export function permitCounts(
  { person, account, fingerprint }: Permit,
  { rule, plan, owns }: { readonly rule: Rule | undefined; readonly plan: string; readonly owns: Owns },
): boolean {
  return rule !== undefined && mayBreakGlass(rule, person) && owns(person, account) && fingerprint === plan;
}
