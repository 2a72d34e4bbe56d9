import type { Account, Person } from "../actor.ts";
import type { ChangeVia, FlagChanges } from "../command.ts";
import type { FlagValues } from "../routing/routing-flag.ts";
import type { RuleTerms } from "./approval-policy.ts";
import type { Confirmed, Outcome } from "./outcome.ts";
import type { Follows, Permit } from "./permit.ts";
import type { ChangePlan } from "./plan.ts";
import type { SiteHealth } from "./site-health.ts";

/** `CR-12`: what people call a change request. */
export type RequestId = `CR-${number}`;

export function requestId(number: number): RequestId {
  return `CR-${number}`;
}

/** A person's recorded decision, with the account it came from and the plan it was about. */
export type Decision = {
  readonly person: Person;
  readonly account: Account;
  readonly at: Date;
  /** Fingerprint of the plan that was shown. */
  readonly fingerprint: string;
  readonly surface: Surface;
  /** The fresh sign-in that the approval was confirmed with, where its rule asked for one. */
  readonly signedIn?: SignedIn;
};

/** Whom Entra ID signed in, and when that person last proved who they are (`auth_time`). */
export type SignedIn = { readonly account: Account; readonly at: Date };

/** From where somebody acted: a button on a card, or text that was confirmed. */
export type Surface = "button" | "text";

/** What was asked for, before the plan made of it what has to change. */
export type Wish = { readonly set: Readonly<FlagChanges>; readonly via: ChangeVia };

/** What every change request has, whatever its state. */
export type RequestBase = {
  readonly id: RequestId;
  readonly number: number;
  /** Counts the transitions; each one compares and sets it. */
  readonly revision: number;
  readonly plan: ChangePlan;
  readonly requester: Person;
  readonly requesterAccount: Account;
  /** Why, in the requester's words. */
  readonly reason?: string;
  readonly openedAt: Date;
  /** The terms of the rule under which it was opened: who decides, how many, within what time. */
  readonly terms: RuleTerms;
  /** When the time to decide is over. */
  readonly decideBy: Date;
  readonly approvals: readonly Decision[];
  /** Absent in a request that was not made from a person's wish, or before wishes were kept. */
  readonly wish?: Wish;
  /** Why it may be written without the quorum. */
  readonly permit?: Permit;
  /** The ended request that this one answers. */
  readonly follows?: Follows;
  /** How long the change is to last, in milliseconds from its confirmation: the approval covers turning it back. */
  readonly lastsMs?: number;
  /** It asks for more time of a temporary change and writes nothing. */
  readonly extends?: Extension;
  /** How the sites were right before the first write, by their place in the plan. */
  readonly baseline?: readonly SiteHealth[];
};

/** More time for the temporary change `of`: to `until`, where it now ends at `from`. */
export type Extension = {
  readonly of: RequestId;
  readonly from: Date;
  readonly until: Date;
  /** The flags that it keeps as they are: the rule for them counts. */
  readonly keeps: FlagValues;
};

/**
 * Who took the request into work; compared before each write, so that a slow predecessor cannot write any more. `count` says
 * how many holders the current step had: with a second one nobody knows what the first one still sent.
 */
export type Fence = { readonly holder: string; readonly count: number };

/** Which of the two limits ran out. */
export type Limit = "decide" | "apply";

/**
 * The states of a change request and, for each, the ways out.
 *
 * - `pending`: waits for decisions. → approved, rejected, cancelled, expired (decide limit).
 * - `approved`: the quorum is there, or it needs none (`permit`); waits for its turn. → applying, cancelled, expired (apply
 *   limit), stale; confirmed, when it writes nothing (`extends`).
 * - `applying`: a worker holds it, and the write of the current step may have been sent. → applying (taken over by another
 *   worker, or on to the next step), verifying, confirmed, failed.
 * - `verifying`: Azure took the write or did not say clearly; reading back. → verifying (taken over), applying (the next
 *   step), confirmed, failed.
 * - `confirmed`, `rejected`, `cancelled`, `expired`, `stale`, `failed`: terminal; they never change.
 */
export type ChangeRequest = RequestBase & RequestState;

export type RequestState =
  | { readonly state: "pending" }
  | { readonly state: "approved"; readonly approvedAt: Date; readonly applyBy: Date }
  | ({ readonly state: "applying" } & Held)
  | ({ readonly state: "verifying" } & Held & Written)
  | {
      readonly state: "confirmed";
      readonly endedAt: Date;
      /** One for each step of the plan; none where nothing is written (`extends`). */
      readonly outcomes: readonly Confirmed[];
    }
  | {
      readonly state: "failed";
      readonly endedAt: Date;
      /** One for each step of the plan that was begun; at least one is not `confirmed`. */
      readonly outcomes: readonly Outcome[];
    }
  | { readonly state: "rejected"; readonly endedAt: Date; readonly by: Person; readonly why?: string }
  | { readonly state: "cancelled"; readonly endedAt: Date; readonly by: Person }
  | { readonly state: "expired"; readonly endedAt: Date; readonly limit: Limit }
  /** `why` says in one sentence what is no longer as it was approved. */
  | { readonly state: "stale"; readonly endedAt: Date; readonly why: string };

type Held = {
  readonly approvedAt: Date;
  readonly fence: Fence;
  /** When the first worker began: from then on a write may have been sent. */
  readonly startedAt: Date;
  /** When the current step began; its place in the plan is the number of `outcomes`. */
  readonly stepAt: Date;
  /** How the steps before it ended. */
  readonly outcomes: readonly Outcome[];
};

type Written = {
  /** What Azure answered to the write; absent when no clear answer came. */
  readonly receipt?: {
    readonly status: number;
    readonly requestId?: string;
    readonly correlationId?: string;
    readonly operationUrl?: string;
    /** The whole site was sent, after a PATCH without effect. */
    readonly way?: "put";
    readonly changedProperties?: readonly string[];
    readonly fallbackRefused?: string;
    /** Of an edit of app settings: others changed at the same moment. */
    readonly othersChanged?: true;
  };
};

export type StateName = RequestState["state"];
export type InState<S extends StateName> = RequestBase & Extract<RequestState, { state: S }>;

export const openStates = ["pending", "approved", "applying", "verifying"] as const satisfies StateName[];

/** Whether the request has ended. */
export function isTerminal(request: ChangeRequest): boolean {
  return !(openStates as readonly string[]).includes(request.state);
}
