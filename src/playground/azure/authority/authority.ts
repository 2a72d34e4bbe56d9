import { randomUUID, timingSafeEqual } from "node:crypto";
import type { Answer, Exchange } from "../http/exchange.ts";
import { queryValue } from "../http/exchange.ts";
import { isKnownResource } from "./audiences.ts";
import { discoveryAnswer } from "./discovery.ts";
import type { Principal } from "./identities.ts";
import { TENANT_ID } from "./identities.ts";
import { managedIdentityAnswer } from "./managed-identity.ts";
import { authorizeAnswer, type Codes, fitsChallenge } from "./sign-in.ts";
import { readTokenRequest, type TokenRequest } from "./token-request.ts";
import type { Tokens } from "./tokens.ts";

/** What the token endpoints work with. */
export interface AuthorityContext {
  readonly tokens: Tokens;
  readonly principals: readonly Principal[];
  readonly identityHeader: string;
  /** Both spellings of this server's address, `https://localhost:…` and `https://127.0.0.1:…`. */
  readonly ownOrigins: readonly string[];
  readonly codes: Codes;
  readonly now: () => Date;
}

/**
 * Answers requests to the token authority: discovery, sign-in page, token endpoint (Entra ID and ADFS style) and the managed
 * identity endpoints of App Service and virtual machines.
 * @returns null when the path belongs to somebody else
 */
export async function authorityAnswer(exchange: Exchange, context: AuthorityContext): Promise<Answer | null> {
  const path = exchange.segments.map((segment) => segment.toLowerCase());
  const joined = path.join("/");
  if (joined === "msi/token" || joined === "metadata/identity/oauth2/token") {
    return managedIdentityAnswer(exchange, context);
  }
  const discovery = discoveryAnswer(exchange, context.tokens.publicKeys);
  if (discovery !== null) return discovery;
  const tenant = path[0] ?? "";
  const rest = path.slice(1).join("/");
  if (tenant === TENANT_ID && rest === "oauth2/v2.0/authorize" && exchange.method === "GET") {
    const clientId = context.principals.find(({ name }) => name === "step-up")?.clientId ?? "";
    return authorizeAnswer(exchange, { clientId, codes: context.codes, now: context.now });
  }
  const isTokenEndpoint = rest === "oauth2/v2.0/token" || rest === "oauth2/token";
  if (!isTokenEndpoint) return null;
  if (exchange.method !== "POST") {
    return refuse({
      context,
      status: 400,
      error: "invalid_request",
      code: 900561,
      text: "The endpoint only accepts POST requests.",
    });
  }
  if (tenant !== TENANT_ID && tenant !== "adfs") {
    return refuse({
      context,
      status: 400,
      error: "invalid_request",
      code: 90002,
      text: `Tenant '${tenant}' not found. This authority knows the tenant '${TENANT_ID}' and the name 'adfs'.`,
    });
  }
  return tokenAnswer(exchange, context);
}

async function tokenAnswer(exchange: Exchange, context: AuthorityContext): Promise<Answer> {
  const asked = readTokenRequest(exchange);
  if (asked.grantType === "authorization_code") return codeAnswer(exchange, asked, context);
  if (asked.grantType !== "client_credentials") {
    return refuse({
      context,
      status: 400,
      error: "unsupported_grant_type",
      code: 70003,
      text: `The app requested an unsupported grant type '${asked.grantType ?? ""}'. Use 'client_credentials'.`,
    });
  }
  const principal = context.principals.find((one) => one.clientId === asked.clientId);
  if (principal === undefined) {
    return refuse({
      context,
      status: 400,
      error: "unauthorized_client",
      code: 700016,
      text: `Application with identifier '${asked.clientId ?? ""}' was not found in the directory '${TENANT_ID}'.`,
    });
  }
  if (asked.clientSecret === null || principal.clientSecret === null) {
    return refuse({
      context,
      status: 401,
      error: "invalid_client",
      code: 7000216,
      text: "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type; this authority takes a client secret.",
    });
  }
  if (!sameSecret(asked.clientSecret, principal.clientSecret)) {
    return refuse({
      context,
      status: 401,
      error: "invalid_client",
      code: 7000215,
      text: `Invalid client secret provided for the app '${principal.clientId}'.`,
    });
  }
  if (asked.resource === null) {
    return refuse({
      context,
      status: 400,
      error: "invalid_scope",
      code: 70011,
      text: "The provided value for the input parameter 'scope' is not valid: exactly one resource, ending in '/.default', is needed.",
    });
  }
  const clientIds = context.principals.map((one) => one.clientId);
  if (!isKnownResource(asked.resource, { ownOrigins: context.ownOrigins, clientIds })) {
    return refuse({
      context,
      status: 400,
      error: "invalid_resource",
      code: 500011,
      text: `The resource principal named ${asked.resource} was not found in the tenant '${TENANT_ID}'.`,
    });
  }
  const issued = await context.tokens.issue(principal, asked.resource);
  return {
    status: 200,
    headers: { "cache-control": "no-store" },
    body: {
      token_type: "Bearer",
      expires_in: issued.expiresInSeconds,
      ext_expires_in: issued.expiresInSeconds,
      access_token: issued.token,
    },
  };
}

/** The code of a sign-in for its ID token. */
async function codeAnswer(
  exchange: Exchange,
  asked: TokenRequest,
  context: AuthorityContext,
): Promise<Answer> {
  const { clientId, clientSecret } = context.principals.find(({ name }) => name === "step-up") ?? {};
  if (!clientSecret || asked.clientId !== clientId || !sameSecret(asked.clientSecret ?? "", clientSecret)) {
    const text = "Invalid client secret provided.";
    return refuse({ context, status: 401, error: "invalid_client", code: 7000215, text });
  }
  const signedIn = context.codes.take(asked.code);
  if (signedIn?.redirectUri !== asked.redirectUri || !fitsChallenge(asked.verifier, signedIn.challenge)) {
    const text =
      "The provided authorization code is not known, was redeemed already, or is for another verifier.";
    return refuse({ context, status: 400, error: "invalid_grant", code: 70008, text });
  }
  const issuer = `${exchange.origin}/${TENANT_ID}/v2.0`;
  return {
    status: 200,
    headers: { "cache-control": "no-store" },
    body: {
      token_type: "Bearer",
      expires_in: 3599,
      scope: "openid profile",
      // Good for nothing here: no resource of the local cloud takes it.
      access_token: randomUUID(),
      id_token: await context.tokens.issueIdToken(signedIn, issuer),
    },
  };
}

interface Refusal {
  readonly context: AuthorityContext;
  readonly status: number;
  readonly error: string;
  readonly code: number;
  readonly text: string;
}

/** Entra ID's error body: the AADSTS code in the description and as a number. */
function refuse(refusal: Refusal): Answer {
  const trace = randomUUID();
  const correlation = randomUUID();
  const timestamp = refusal.context.now().toISOString().replace("T", " ").replace(/\.\d+/, "");
  return {
    status: refusal.status,
    headers: { "cache-control": "no-store" },
    body: {
      error: refusal.error,
      error_description: `AADSTS${refusal.code}: ${refusal.text} Trace ID: ${trace} Correlation ID: ${correlation} Timestamp: ${timestamp}`,
      error_codes: [refusal.code],
      timestamp,
      trace_id: trace,
      correlation_id: correlation,
    },
  };
}

function sameSecret(given: string, expected: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}

/** The client id for messages and logs; never the secret. */
export function askedClient(exchange: Exchange): string | null {
  return exchange.method === "POST" ? readTokenRequest(exchange).clientId : queryValue(exchange, "client_id");
}
