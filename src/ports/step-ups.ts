import type { RequestId, SignedIn } from "../domain/change/change-request.ts";
import type { StepUp } from "../domain/change/step-up.ts";

/**
 * Approvals that wait for a fresh sign-in. One begins and ends with the effects of a transaction, see `Effects.stepUp` and
 * `Effects.takesStepUp`.
 */
export interface StepUps {
  get(id: string): Promise<StepUp | undefined>;
  /** Those of a request, oldest first; expired ones may be among them. */
  waiting(request: RequestId): Promise<readonly StepUp[]>;
  /** Keeps what one sign-in has to match, in place of an earlier one. `false`: the step-up is not there (any more). */
  beginSignIn(id: string, secrets: SignInSecrets): Promise<boolean>;
  /** What belongs to a sign-in, once: a second call with the same `state` finds nothing. */
  takeSignIn(
    state: string,
  ): Promise<{ readonly stepUp: StepUp; readonly secrets: SignInSecrets } | undefined>;
}

/** What the answer to one sign-in has to match: OAuth's `state`, OpenID's `nonce`, the verifier of PKCE. */
export type SignInSecrets = { readonly state: string; readonly nonce: string; readonly verifier: string };

/** Fresh sign-ins with the directory that knows people's Teams accounts. */
export interface FreshSignIn {
  /** The address that a person opens to sign in for a step-up. */
  linkTo(stepUp: string): string;
  /** Begins one: the address of the sign-in page, which asks for credentials anew. Rejects when the directory cannot be reached. */
  begin(): Promise<{ readonly url: string; readonly secrets: SignInSecrets }>;
  /** `query` is what the sign-in page sent the person back with. Only what is proven is `signed-in`. */
  finish(query: string, secrets: SignInSecrets): Promise<SignInResult>;
}

export type SignInResult =
  | ({ readonly kind: "signed-in" } & SignedIn)
  /** Whoever signed in had done so too long ago. */
  | { readonly kind: "stale" }
  /** `why` is for the log: it holds no token and no code. */
  | { readonly kind: "failed"; readonly why: string };

/** The way from the web into the core, for somebody who signs in. Every answer is a page for people, in plain text. */
export interface StepUpDoor {
  start(
    id: string,
  ): Promise<
    | { readonly kind: "sign-in"; readonly url: string; readonly state: string }
    | { readonly kind: "page"; readonly page: StepUpPage }
  >;
  /** `browser` is the state that the browser that comes back was given when it was sent away, if it was. */
  finish(came: { readonly query: string; readonly browser: string | undefined }): Promise<StepUpPage>;
}

export type StepUpPage = { readonly approved: boolean; readonly text: string };
