import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from "jose";
import type { Clock } from "../../../ports/clock.ts";
import type { TeamsSettings } from "../teams-settings.ts";
import { createOpenIdKeys, type OpenIdKeys } from "./openid-keys.ts";

/** What the activity says that the token has to agree with. */
export type TokenContext = { readonly serviceUrl: string; readonly channelId: string };

/** `why` is for the log alone; it never holds the token. */
export type TokenVerdict =
  | { readonly kind: "accepted"; readonly claims: JWTPayload }
  | { readonly kind: "refused"; readonly why: string };

/** Rejects with `KeysUnavailableError` if nothing can be said about the token now. */
export type VerifyToken = (authorization: string | undefined, context: TokenContext) => Promise<TokenVerdict>;

/** The Bot Connector signs with RS256 (`id_token_signing_alg_values_supported` of its metadata), and so does Entra ID. */
const algorithms = ["RS256"];
/** Microsoft's own validators grant 5 minutes. */
const clockToleranceSeconds = 300;
/** Real tokens have about 1.5 KB. */
const maxTokenLength = 8192;

const refused = (why: string): TokenVerdict => ({ kind: "refused", why });

/**
 * Checks the `Authorization` header of a request to the messaging endpoint, as Microsoft describes it for the Bot Connector
 * (signature by a key of its metadata document, that key endorsed for the channel, issuer, audience, life time, and the
 * `serviceurl` claim equal to the activity's), and stricter than botbuilder: there a token with a `tid` goes another way, on
 * which neither audience nor serviceUrl is checked.
 * Source: learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication
 */
export function createTokenVerifier(settings: TeamsSettings, clock: Clock): VerifyToken {
  const connectorKeys = createOpenIdKeys(settings.openIdMetadataUrl, clock);
  const tenant = ownTenant(settings);
  const tenantKeys = tenant && createOpenIdKeys(tenant.metadataUrl, clock);

  async function check(token: string, keys: OpenIdKeys, issuer: string | string[]) {
    const { payload, protectedHeader } = await jwtVerify(token, keys.getKey, {
      algorithms,
      issuer,
      audience: settings.appId,
      clockTolerance: clockToleranceSeconds,
      currentDate: clock.now(),
      requiredClaims: ["exp"],
    });
    // One audience, ours: a token that is also good elsewhere could have been taken from there.
    if (typeof payload.aud !== "string") return { kind: "refused", why: "several audiences" } as const;
    return { kind: "verified", claims: payload, keyId: protectedHeader.kid ?? "" } as const;
  }

  async function checkConnectorToken(token: string, context: TokenContext): Promise<TokenVerdict> {
    const checked = await check(token, connectorKeys, settings.tokenIssuer);
    if (checked.kind === "refused") return checked;
    const { claims, keyId } = checked;
    if ("tid" in claims) return refused("the issuer is the Bot Connector's, but the token names a tenant");
    if (claims.serviceurl !== context.serviceUrl) return refused("the token is for another serviceUrl");
    const endorsements = connectorKeys.endorsements(keyId);
    if (endorsements && endorsements.length > 0 && !endorsements.includes(context.channelId)) {
      return refused("the key is not endorsed for this channel");
    }
    return { kind: "accepted", claims };
  }

  async function checkTenantToken(token: string, keys: OpenIdKeys, issuers: string[]): Promise<TokenVerdict> {
    const checked = await check(token, keys, issuers);
    if (checked.kind === "refused") return checked;
    const { claims } = checked;
    if (!sameId(claims.tid, settings.tenantId)) return refused("the token is of another tenant");
    const client = claims.ver === "2.0" ? claims.azp : claims.appid;
    if (!sameId(client, settings.appId)) return refused("the token was issued to another app");
    return { kind: "accepted", claims };
  }

  return async (authorization, context) => {
    const token = bearerToken(authorization);
    if (token === undefined) return refused(authorization ? "not a bearer token" : "no token");
    try {
      // Unverified: only decides against which issuer the token is checked.
      const { iss } = decodeJwt(token);
      if (typeof decodeProtectedHeader(token).kid !== "string") return refused("the token names no key");
      if (tenant && tenantKeys && iss !== undefined && tenant.issuers.includes(iss)) {
        return await checkTenantToken(token, tenantKeys, tenant.issuers);
      }
      return await checkConnectorToken(token, context);
    } catch (error) {
      // jose's messages name the claim or the algorithm, never the token.
      if (error instanceof errors.JOSEError) return refused(error.message);
      if (error instanceof TypeError) return refused("not a token");
      throw error;
    }
  };
}

/** The token of a header of exactly the form `Bearer TOKEN`. */
function bearerToken(authorization: string | undefined): string | undefined {
  const [scheme, token, ...rest] = (authorization ?? "").split(" ");
  if (scheme !== "Bearer" || !token || rest.length > 0 || token.length > maxTokenLength) return undefined;
  return token;
}

/** Issuers (v1 and v2) and metadata of exactly our tenant, if its tokens are taken. */
function ownTenant({ ownTenantTokens, tenantId, authorityHost }: TeamsSettings) {
  if (ownTenantTokens !== "accepted") return undefined;
  return {
    issuers: [`https://sts.windows.net/${tenantId}/`, `${authorityHost}/${tenantId}/v2.0`],
    metadataUrl: `${authorityHost}/${tenantId}/v2.0/.well-known/openid-configuration`,
  };
}

function sameId(claim: unknown, id: string): boolean {
  return typeof claim === "string" && claim.toLowerCase() === id.toLowerCase();
}
