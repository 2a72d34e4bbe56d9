import type { JWK } from "jose";
import type { Answer, Exchange } from "../http/exchange.ts";
import type { Json } from "../http/json.ts";
import { TENANT_ID } from "./identities.ts";

/**
 * OpenID discovery, keys, instance discovery and the cloud's metadata. Addresses in the answers start with the host
 * that the client used: MSAL compares the issuer's host with the authority's.
 * @returns null when the path is none of these
 */
export function discoveryAnswer(exchange: Exchange, publicKeys: readonly JWK[]): Answer | null {
  if (exchange.method !== "GET") return null;
  const path = exchange.segments.map((segment) => segment.toLowerCase());
  const origin = exchange.origin;
  const joined = path.join("/");
  if (joined === "common/discovery/instance") return instanceDiscovery(exchange);
  if (joined === "metadata/endpoints") return { status: 200, body: cloudMetadata(exchange) };
  const tenant = path[0];
  if (tenant !== TENANT_ID && tenant !== "adfs" && tenant !== "common" && tenant !== "organizations")
    return null;
  const authority = `${origin}/${tenant}`;
  switch (path.slice(1).join("/")) {
    case "v2.0/.well-known/openid-configuration":
      return { status: 200, body: openIdDocument(authority, `${origin}/${TENANT_ID}/v2.0`, "/oauth2/v2.0") };
    case ".well-known/openid-configuration":
      return tenant === "adfs"
        ? { status: 200, body: openIdDocument(authority, authority, "/oauth2") }
        : { status: 200, body: openIdDocument(authority, `${origin}/${TENANT_ID}/`, "/oauth2") };
    case "discovery/v2.0/keys":
    case "discovery/keys":
      return { status: 200, body: { keys: publicKeys.map(keyEntry) } };
    default:
      return null;
  }
}

function openIdDocument(authority: string, issuer: string, endpoints: string): Json {
  return {
    issuer,
    authorization_endpoint: `${authority}${endpoints}/authorize`,
    token_endpoint: `${authority}${endpoints}/token`,
    end_session_endpoint: `${authority}${endpoints}/logout`,
    jwks_uri: `${authority}/discovery${endpoints === "/oauth2/v2.0" ? "/v2.0" : ""}/keys`,
    token_endpoint_auth_methods_supported: ["client_secret_post", "client_secret_basic"],
    id_token_signing_alg_values_supported: ["RS256"],
    response_types_supported: ["code", "token"],
    code_challenge_methods_supported: ["S256"],
    subject_types_supported: ["pairwise"],
    scopes_supported: ["openid"],
    claims_supported: ["aud", "appid", "auth_time", "exp", "iat", "iss", "nbf", "oid", "sub", "tid", "ver"],
  };
}

function instanceDiscovery(exchange: Exchange): Answer {
  const host = new URL(exchange.origin).host;
  return {
    status: 200,
    body: {
      tenant_discovery_endpoint: `${exchange.origin}/${TENANT_ID}/v2.0/.well-known/openid-configuration`,
      "api-version": "1.1",
      metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
    },
  };
}

/** What `az cloud register --endpoint-resource-manager` reads: a list of clouds, or the older single object. */
function cloudMetadata(exchange: Exchange): Json {
  const origin = exchange.origin;
  const version = exchange.query.get("api-version") ?? "";
  if (version.startsWith("2015")) {
    return {
      galleryEndpoint: origin,
      graphEndpoint: "https://graph.microsoft.com",
      portalEndpoint: origin,
      authentication: { loginEndpoint: `${origin}/adfs`, audiences: [origin] },
    };
  }
  return [
    {
      name: "RoutebotLocal",
      portal: origin,
      resourceManager: origin,
      authentication: {
        loginEndpoint: `${origin}/adfs`,
        audiences: [origin],
        tenant: "adfs",
        identityProvider: "ADFS",
      },
      graph: "https://graph.microsoft.com",
      suffixes: {},
    },
  ];
}

function keyEntry(key: JWK): Json {
  return { kty: "RSA", use: "sig", alg: "RS256", kid: key.kid ?? "", n: key.n ?? "", e: key.e ?? "" };
}
