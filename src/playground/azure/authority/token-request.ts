import type { Exchange } from "../http/exchange.ts";

/** The fields of a token request that matter here. */
export interface TokenRequest {
  readonly grantType: string | null;
  readonly clientId: string | null;
  readonly clientSecret: string | null;
  /** The one resource asked for; null when the scope does not name exactly one with `/.default`. */
  readonly resource: string | null;
  /** Of the code flow. */
  readonly code: string;
  readonly redirectUri: string;
  readonly verifier: string;
}

/** OpenID scopes that MSAL adds to every request; they name no resource. */
const OPENID_SCOPES = new Set(["openid", "profile", "offline_access", "email"]);

/** Reads a form-encoded token request, with the client in the form or in a Basic header. */
export function readTokenRequest(exchange: Exchange): TokenRequest {
  const form = new URLSearchParams(exchange.text);
  const basic = readBasic(exchange.headers.authorization);
  return {
    grantType: form.get("grant_type"),
    clientId: form.get("client_id") ?? basic?.clientId ?? null,
    clientSecret: form.get("client_secret") ?? basic?.clientSecret ?? null,
    resource: readResource(form),
    code: form.get("code") ?? "",
    redirectUri: form.get("redirect_uri") ?? "",
    verifier: form.get("code_verifier") ?? "",
  };
}

function readResource(form: URLSearchParams): string | null {
  const named = form.get("resource");
  if (named !== null) return named === "" ? null : named;
  const scopes = (form.get("scope") ?? "")
    .split(/\s+/)
    .filter((scope) => scope !== "" && !OPENID_SCOPES.has(scope));
  const [scope] = scopes;
  if (scope === undefined || scopes.length !== 1 || !scope.endsWith("/.default")) return null;
  return scope.slice(0, -"/.default".length);
}

function readBasic(header: string | undefined): { clientId: string; clientSecret: string } | null {
  const encoded = /^Basic (\S+)$/i.exec(header ?? "")?.[1];
  if (encoded === undefined) return null;
  const [clientId, ...secret] = Buffer.from(encoded, "base64").toString("utf8").split(":");
  if (clientId === undefined) return null;
  return { clientId: safeDecode(clientId), clientSecret: safeDecode(secret.join(":")) };
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
