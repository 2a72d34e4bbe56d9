/** The Bot Connector's side of authentication: an OpenID document, its keys, and the tokens that sign each activity. */
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import type { Route } from "../http/loopback-server.ts";

/** The issuer of every token that the public Bot Connector sends to a bot. */
export const connectorIssuer = "https://api.botframework.com";

const metadataPath = "/v1/.well-known/openidconfiguration";
const keysPath = "/v1/.well-known/keys";

export interface ConnectorTokens {
  readonly metadataPath: string;
  /** A token for one activity. */
  sign(audience: string, serviceUrl: string): Promise<string>;
  /** The document and the keys; `baseUrl` is where they are served. */
  routes(baseUrl: () => string): Route[];
}

/** Makes a key of its own: nothing signed by another run is accepted. */
export async function createConnectorTokens(keyId: string, now: () => Date): Promise<ConnectorTokens> {
  const { privateKey, publicKey } = await generateKeyPair("RS256");
  const jwk = { ...(await exportJWK(publicKey)), kid: keyId, x5t: keyId, use: "sig", alg: "RS256" };
  return {
    metadataPath,
    sign(audience, serviceUrl) {
      const seconds = Math.floor(now().getTime() / 1000);
      return new SignJWT({ serviceurl: serviceUrl })
        .setProtectedHeader({ alg: "RS256", kid: keyId, x5t: keyId, typ: "JWT" })
        .setIssuer(connectorIssuer)
        .setAudience(audience)
        .setNotBefore(seconds)
        .setExpirationTime(seconds + 3600)
        .sign(privateKey);
    },
    routes: (baseUrl) => [
      {
        method: "GET",
        path: metadataPath,
        handle: () => ({
          status: 200,
          json: {
            issuer: connectorIssuer,
            authorization_endpoint: "https://invalid.botframework.com",
            jwks_uri: `${baseUrl()}${keysPath}`,
            id_token_signing_alg_values_supported: ["RS256"],
            token_endpoint_auth_methods_supported: ["private_key_jwt"],
          },
        }),
      },
      {
        method: "GET",
        path: keysPath,
        handle: () => ({ status: 200, json: { keys: [{ ...jwk, endorsements: ["msteams"] }] } }),
      },
    ],
  };
}
