import type { Account, Person } from "../actor.ts";
import { mayApprove, mayBreakGlass, mayRequest, type Rule } from "./approval-policy.ts";
import type { RequestId, Surface } from "./change-request.ts";

/**
 * The ended request that another one answers, and how: takes it back, ends it in time, or asks for it `again`, because it was
 * out of date.
 */
export const followKinds = ["undo", "revert", "again"] as const;
export type Follows = { readonly kind: (typeof followKinds)[number]; readonly of: RequestId };

/** Those whom a rule may let undo a change at once. */
export const quickUndoRoles = ["requester", "approver"] as const;
export type QuickUndoRole = (typeof quickUndoRoles)[number];

/**
 * Why a request may be written without the quorum.
 * - `break-glass`: its requester may do that under the rule, said why and confirmed it for exactly this plan. `skipped` are those
 *   who could have approved; they are told, and one of them reviews it afterwards.
 * - `revert`: the approval of the temporary change that it ends covers it.
 * - `quick-undo`: the rule let this person undo the change while it was watched; `as` says in which role.
 */
export type Permit =
  | {
      readonly kind: "break-glass";
      readonly person: Person;
      readonly account: Account;
      readonly surface: Surface;
      readonly at: Date;
      /** The plan that was shown when it was confirmed. */
      readonly fingerprint: string;
      readonly why: string;
      readonly skipped: readonly Person[];
    }
  | { readonly kind: "revert" }
  | {
      readonly kind: "quick-undo";
      readonly person: Person;
      readonly account: Account;
      readonly surface: Surface;
      readonly at: Date;
      readonly as: QuickUndoRole;
    };

export type BreakGlass = Extract<Permit, { kind: "break-glass" }>;

/** Whether an account is one of a person's, as the policy now lists them. */
export type Owns = (person: Person, account: Account) => boolean;

/**
 * The role in which a rule lets somebody undo a request at once, without a new quorum; `undefined` when it does not. An
 * approver is whoever can approve under the rule now in force.
 */
export function quickUndoRole(
  rule: Rule,
  person: Person,
  { isRequester }: { readonly isRequester: boolean },
): QuickUndoRole | undefined {
  // It has no fresh sign-in: what undoes the change asks for approval like any other.
  if (rule.stepUp === true) return undefined;
  return (rule.quickUndo ?? []).find((role) =>
    role === "requester" ? isRequester && mayRequest(rule, person) : mayApprove(rule, person),
  );
}

/**
 * Whether a quick undo is thought of for a change. What was itself written as the end of another is not: undoing that would
 * bring back, without anybody's approval, what somebody ended.
 */
export function mayBeUndoneAtOnce({ permit }: { readonly permit?: Permit }): boolean {
  return permit === undefined || permit.kind === "break-glass";
}

/**
 * Whether a permit holds for a plan under the rule now in force: asked again right before each write. A revert was approved
 * with the change, and nothing that is edited in the policy later takes that back.
 */
export function permitCounts(
  permit: Permit,
  { rule, plan, owns }: { readonly rule: Rule | undefined; readonly plan: string; readonly owns: Owns },
): boolean {
  if (permit.kind === "revert") return true;
  if (rule === undefined || !owns(permit.person, permit.account)) return false;
  switch (permit.kind) {
    case "break-glass":
      return mayBreakGlass(rule, permit.person) && permit.fingerprint === plan;
    case "quick-undo":
      return quickUndoRole(rule, permit.person, { isRequester: permit.as === "requester" }) !== undefined;
    default:
      return permit satisfies never;
  }
}
