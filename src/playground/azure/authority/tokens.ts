import { randomUUID } from "node:crypto";
import { createLocalJWKSet, errors, importJWK, type JWK, jwtVerify, SignJWT } from "jose";
import type { KeptSecrets, Principal } from "./identities.ts";
import { TENANT_ID } from "./identities.ts";
import type { SignedIn } from "./sign-in.ts";

const LIFETIME_SECONDS = 3600;
/** How many verified tokens are remembered, so that a busy client costs one signature check, not one a request. */
const REMEMBERED = 200;

/** A token that was handed out. */
export interface IssuedToken {
  readonly token: string;
  readonly expiresInSeconds: number;
  /** Unix seconds. */
  readonly expiresAt: number;
}

/** What a presented token turned out to be. */
export type TokenCheck =
  | {
      readonly kind: "accepted";
      readonly principal: Principal;
      readonly audience: string;
      readonly expiresAt: number;
    }
  | {
      readonly kind: "refused";
      readonly reason: "malformed" | "signature" | "expired" | "audience" | "unknown";
    };

/** Issues and verifies the tenant's RS256 tokens, shaped like Entra ID's version 1.0 access tokens. */
export interface Tokens {
  issue(principal: Principal, audience: string): Promise<IssuedToken>;
  /** An ID token of version 2.0 for somebody who signed in. */
  issueIdToken(signedIn: SignedIn, issuer: string): Promise<string>;
  verify(token: string, isAudience: (audience: string) => boolean): Promise<TokenCheck>;
  /** Public keys for `jwks_uri`. */
  readonly publicKeys: readonly JWK[];
}

export interface TokensRequest {
  readonly secrets: KeptSecrets;
  readonly principals: readonly Principal[];
  /** The `iss` of every token: `{url}/{tenant}/`. */
  readonly issuer: string;
  readonly now: () => Date;
}

export async function makeTokens(request: TokensRequest): Promise<Tokens> {
  const { secrets, issuer, now } = request;
  const { kty, n, e } = secrets.signingKey;
  const publicKey: JWK = {
    kty: kty ?? "RSA",
    n: n ?? "",
    e: e ?? "",
    kid: secrets.keyId,
    use: "sig",
    alg: "RS256",
  };
  const privateKey = await importJWK(secrets.signingKey, "RS256");
  const keys = createLocalJWKSet({ keys: [publicKey] });
  const remembered = new Map<string, Extract<TokenCheck, { kind: "accepted" }>>();
  const seconds = () => Math.floor(now().getTime() / 1000);

  async function check(token: string): Promise<TokenCheck> {
    const known = remembered.get(token);
    if (known !== undefined && known.expiresAt > seconds()) return known;
    try {
      const { payload } = await jwtVerify(token, keys, { issuer, algorithms: ["RS256"], currentDate: now() });
      const principal = request.principals.find((one) => one.clientId === payload.appid);
      const { aud, exp } = payload;
      if (principal === undefined || typeof aud !== "string" || exp === undefined) {
        return { kind: "refused", reason: "unknown" };
      }
      const accepted = { kind: "accepted", principal, audience: aud, expiresAt: exp } as const;
      if (remembered.size >= REMEMBERED) remembered.clear();
      remembered.set(token, accepted);
      return accepted;
    } catch (cause) {
      if (cause instanceof errors.JWTExpired) return { kind: "refused", reason: "expired" };
      if (cause instanceof errors.JWTInvalid || cause instanceof errors.JWSInvalid) {
        return { kind: "refused", reason: "malformed" };
      }
      return { kind: "refused", reason: "signature" };
    }
  }

  return {
    publicKeys: [publicKey],
    async issue(principal, audience) {
      const issuedAt = seconds();
      const expiresAt = issuedAt + LIFETIME_SECONDS;
      const token = await new SignJWT({
        appid: principal.clientId,
        appidacr: principal.clientSecret === null ? "2" : "1",
        idp: issuer,
        idtyp: "app",
        oid: principal.objectId,
        tid: TENANT_ID,
        uti: randomUUID(),
        ver: "1.0",
      })
        .setProtectedHeader({ alg: "RS256", typ: "JWT", kid: secrets.keyId })
        .setIssuer(issuer)
        .setSubject(principal.objectId)
        .setAudience(audience)
        .setIssuedAt(issuedAt)
        .setNotBefore(issuedAt)
        .setExpirationTime(expiresAt)
        .sign(privateKey);
      return { token, expiresInSeconds: LIFETIME_SECONDS - 1, expiresAt };
    },
    issueIdToken({ clientId, nonce, objectId, authTime }, v2Issuer) {
      const issuedAt = seconds();
      return new SignJWT({ oid: objectId, tid: TENANT_ID, nonce, auth_time: authTime, ver: "2.0" })
        .setProtectedHeader({ alg: "RS256", typ: "JWT", kid: secrets.keyId })
        .setIssuer(v2Issuer)
        .setSubject(`${objectId}-${clientId}`)
        .setAudience(clientId)
        .setIssuedAt(issuedAt)
        .setNotBefore(issuedAt)
        .setExpirationTime(issuedAt + LIFETIME_SECONDS)
        .sign(privateKey);
    },
    async verify(token, isAudience) {
      const checked = await check(token);
      if (checked.kind === "accepted" && !isAudience(checked.audience)) {
        return { kind: "refused", reason: "audience" };
      }
      return checked;
    },
  };
}
