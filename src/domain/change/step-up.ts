import type { Account, Person } from "../actor.ts";
import type { RequestId, Surface } from "./change-request.ts";

/**
 * An approval that waits for a fresh sign-in of the person who gave it. It counts for nothing; once that person has signed in,
 * before `expiresAt`, the approval is judged as if it were given then.
 */
export type StepUp = {
  /** Opaque, random: the link to sign in carries it. */
  readonly id: string;
  readonly request: RequestId;
  readonly person: Person;
  /** From where it was approved. */
  readonly account: Account;
  readonly surface: Surface;
  /** The plan that was shown. */
  readonly fingerprint: string;
  readonly expiresAt: Date;
};

/** How long an approval waits for its sign-in. */
export const signInWithinMs = 10 * 60_000;

/** How old a sign-in (`auth_time`) may be when it confirms an approval. */
export const signInMaxAgeMs = 5 * 60_000;
