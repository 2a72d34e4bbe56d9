import type { Account, Person } from "../actor.ts";
import type { RequestId } from "./change-request.ts";

/** What a reviewer can find about a change that was written without approval. */
export const verdicts = ["justified", "not-justified"] as const;
export type Verdict = (typeof verdicts)[number];

/**
 * A change that somebody had written without approval, to be looked at by somebody else who could have approved it. Due until
 * it has a finding; that person breaks no glass before.
 */
export type Review = {
  readonly request: RequestId;
  readonly person: Person;
  readonly account: Account;
  readonly why: string;
  readonly at: Date;
  readonly finding?: {
    readonly verdict: Verdict;
    readonly by: Person;
    readonly account: Account;
    readonly at: Date;
    readonly note?: string;
  };
};
