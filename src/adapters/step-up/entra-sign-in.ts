import * as openid from "openid-client";
import { z } from "zod";
import { signInMaxAgeMs } from "../../domain/change/step-up.ts";
import type { FreshSignIn, SignInResult } from "../../ports/step-ups.ts";
import { callbackPath, type StepUpSettings, startPath } from "./step-up-settings.ts";

const maxAgeSeconds = signInMaxAgeMs / 1000;
const timeoutSeconds = 10;

const guid = z.guid().toLowerCase();
/** https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference; `auth_time` is an optional claim. */
const claimsSchema = z.object({ oid: guid, tid: guid, auth_time: z.number() });

/**
 * Fresh sign-ins with Entra ID: authorization code flow with PKCE, `state` and `nonce`, `prompt=login` so that a session that the
 * browser has does not do, and `max_age`, whose keeping shows in `auth_time`. The ID token is read and forgotten; no other token is
 * asked for.
 */
export function createEntraSignIn(settings: StepUpSettings): FreshSignIn {
  const { clientId, clientSecret, publicUrl, issuer } = settings;
  const redirectUri = `${publicUrl}${callbackPath}`;
  let discovered: Promise<openid.Configuration> | undefined;

  /** Read once; a failure is not remembered. */
  function configuration(): Promise<openid.Configuration> {
    discovered ??= openid
      .discovery(new URL(issuer), clientId, clientSecret, undefined, { timeout: timeoutSeconds })
      .catch((error: unknown) => {
        discovered = undefined;
        throw error;
      });
    return discovered;
  }

  return {
    linkTo: (stepUp) => `${publicUrl}${startPath}?${new URLSearchParams({ id: stepUp })}`,

    async begin() {
      const config = await configuration();
      const secrets = {
        state: openid.randomState(),
        nonce: openid.randomNonce(),
        verifier: openid.randomPKCECodeVerifier(),
      };
      const url = openid.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        response_mode: "query",
        // `oid` comes with the scope `profile`.
        scope: "openid profile",
        state: secrets.state,
        nonce: secrets.nonce,
        code_challenge: await openid.calculatePKCECodeChallenge(secrets.verifier),
        code_challenge_method: "S256",
        prompt: "login",
        max_age: String(maxAgeSeconds),
      });
      return { url: url.href, secrets };
    },

    async finish(query, { state, nonce, verifier }) {
      try {
        const tokens = await openid.authorizationCodeGrant(
          await configuration(),
          new URL(`${redirectUri}?${query}`),
          {
            expectedState: state,
            expectedNonce: nonce,
            pkceCodeVerifier: verifier,
            maxAge: maxAgeSeconds,
          },
        );
        const claims = claimsSchema.safeParse(tokens.claims());
        if (!claims.success) return { kind: "failed", why: "the ID token has no oid, tid or auth_time" };
        const { oid, tid, auth_time } = claims.data;
        return {
          kind: "signed-in",
          account: { platform: "teams", tenant: tid, user: oid },
          at: new Date(auth_time * 1000),
        };
      } catch (error) {
        return failureOf(error);
      }
    },
  };
}

/** What the library found wrong, by its code: its messages and causes can hold what the token says. */
function failureOf(error: unknown): SignInResult {
  if (error instanceof openid.AuthorizationResponseError || error instanceof openid.ResponseBodyError) {
    return { kind: "failed", why: `Entra ID answered ${error.error}` };
  }
  if (error instanceof openid.ClientError) {
    const cause = z
      .object({ claim: z.string() })
      .safeParse(error.cause instanceof Error ? error.cause.cause : error.cause);
    return cause.data?.claim === "auth_time" && error.code === "OAUTH_JWT_TIMESTAMP_CHECK_FAILED"
      ? { kind: "stale" }
      : { kind: "failed", why: error.code ?? error.name };
  }
  return { kind: "failed", why: error instanceof Error ? error.name : "unknown" };
}
