import type { Answer, Exchange } from "../http/exchange.ts";
import { queryValue } from "../http/exchange.ts";
import { isKnownResource } from "./audiences.ts";
import type { AuthorityContext } from "./authority.ts";

/**
 * The endpoint an app asks for its managed identity's token: App Service's (`IDENTITY_ENDPOINT`, `X-IDENTITY-HEADER`,
 * api-version 2019-08-01) and the virtual machine's (`Metadata: true`). Only a user-assigned identity exists here, so
 * a request without `client_id` is refused as on a site without a system-assigned identity.
 */
export async function managedIdentityAnswer(exchange: Exchange, context: AuthorityContext): Promise<Answer> {
  const isAppService = exchange.segments[0]?.toLowerCase() === "msi";
  if (exchange.method !== "GET") return refuse(405, "Only GET is supported.");
  if (isAppService && exchange.headers["x-identity-header"] !== context.identityHeader) {
    return refuse(401, "The X-IDENTITY-HEADER is missing or wrong.");
  }
  if (!isAppService && exchange.headers.metadata !== "true") {
    return refuse(400, "Required metadata header not specified.");
  }
  const clientId = queryValue(exchange, "client_id");
  const principal = context.principals.find((one) => one.name === "managed-identity");
  if (principal === undefined || clientId !== principal.clientId) {
    return refuse(
      400,
      "No managed identity was found for the specified client id. There is no system-assigned one.",
    );
  }
  const resource = queryValue(exchange, "resource");
  const clientIds = context.principals.map((one) => one.clientId);
  if (resource === null || !isKnownResource(resource, { ownOrigins: context.ownOrigins, clientIds })) {
    return refuse(400, `The resource '${resource ?? ""}' is not known to this authority.`);
  }
  const issued = await context.tokens.issue(principal, resource);
  return {
    status: 200,
    headers: { "cache-control": "no-store" },
    body: {
      access_token: issued.token,
      client_id: principal.clientId,
      expires_on: String(issued.expiresAt),
      ...(isAppService ? {} : { expires_in: String(issued.expiresInSeconds) }),
      resource,
      token_type: "Bearer",
    },
  };
}

function refuse(status: number, message: string): Answer {
  return {
    status,
    body: { error: "invalid_request", error_description: message, statusCode: status, message },
  };
}
