import type { Principal } from "../authority/identities.ts";
import { TENANT_ID } from "../authority/identities.ts";
import type { Tokens } from "../authority/tokens.ts";
import type { Answer, Exchange } from "../http/exchange.ts";
import { armError } from "./errors.ts";

export type SignIn =
  | { readonly kind: "signed-in"; readonly principal: Principal }
  | { readonly kind: "refused"; readonly answer: Answer };

/** Verifies the bearer token of a request; every way of not having a good one is a 401 with its own code. */
export async function authenticate(
  exchange: Exchange,
  check: { readonly tokens: Tokens; readonly isAudience: (audience: string) => boolean },
): Promise<SignIn> {
  const header = exchange.headers.authorization;
  if (header === undefined) {
    return refuse(
      exchange,
      "AuthenticationFailed",
      "Authentication failed. The 'Authorization' header is missing.",
    );
  }
  const token = /^Bearer (\S+)$/i.exec(header)?.[1];
  if (token === undefined) {
    return refuse(
      exchange,
      "AuthenticationFailedInvalidHeader",
      "Authentication failed. The 'Authorization' header is provided in an invalid format.",
    );
  }
  const checked = await check.tokens.verify(token, check.isAudience);
  if (checked.kind === "accepted") return { kind: "signed-in", principal: checked.principal };
  switch (checked.reason) {
    case "expired":
      return refuse(
        exchange,
        "ExpiredAuthenticationToken",
        "The access token expiry is earlier than the current time.",
      );
    case "audience":
      return refuse(
        exchange,
        "InvalidAuthenticationTokenAudience",
        "The access token has been obtained for the wrong audience. It should be for 'https://management.azure.com'.",
      );
    case "malformed":
    case "signature":
    case "unknown":
      return refuse(exchange, "InvalidAuthenticationToken", "The access token is invalid.");
    default:
      return checked.reason satisfies never;
  }
}

function refuse(exchange: Exchange, code: string, message: string): SignIn {
  const answer = armError({
    status: 401,
    code,
    message,
    headers: {
      "www-authenticate": `Bearer authorization_uri="${exchange.origin}/${TENANT_ID}", error="invalid_token", error_description="${message.replaceAll('"', "'")}"`,
    },
  });
  return { kind: "refused", answer };
}
