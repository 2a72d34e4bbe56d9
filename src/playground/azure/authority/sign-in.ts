import { createHash, randomBytes } from "node:crypto";
import { everybody } from "../../people.ts";
import type { Answer, Exchange } from "../http/exchange.ts";

/** A sign-in that was made and waits for its code to be redeemed. */
export interface SignedIn {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly challenge: string;
  readonly nonce: string;
  readonly objectId: string;
  /** Unix seconds. */
  readonly authTime: number;
}

/** Authorization codes: each is good once. */
export interface Codes {
  issue(signedIn: SignedIn): string;
  take(code: string): SignedIn | undefined;
}

export function makeCodes(): Codes {
  const codes = new Map<string, SignedIn>();
  return {
    issue(signedIn) {
      const code = randomBytes(24).toString("base64url");
      codes.set(code, signedIn);
      return code;
    },
    take(code) {
      const signedIn = codes.get(code);
      codes.delete(code);
      return signedIn;
    },
  };
}

/** Whether a verifier is the one that a sign-in was begun with (PKCE, S256). */
export function fitsChallenge(verifier: string, challenge: string): boolean {
  return createHash("sha256").update(verifier).digest("base64url") === challenge;
}

/**
 * The sign-in page: everybody of the playground, one link each; no password. Opened with `as` (an object id) it signs that person
 * in, `ago` seconds before now, and goes back with a code.
 */
export function authorizeAnswer(
  exchange: Exchange,
  { clientId, codes, now }: { readonly clientId: string; readonly codes: Codes; readonly now: () => Date },
): Answer {
  const { query } = exchange;
  const value = (name: string) => query.get(name) ?? "";
  const redirect = URL.parse(value("redirect_uri"));
  if (value("client_id") !== clientId || redirect?.pathname !== "/step-up/callback") {
    return page(400, "<p>This client or its redirect URI is not registered.</p>");
  }
  if (value("response_type") !== "code" || value("code_challenge_method") !== "S256" || !value("nonce")) {
    return page(400, "<p>Only the code flow with PKCE (S256) and a nonce is known here.</p>");
  }
  const person = everybody.find(({ teams }) => teams.aadObjectId === value("as"));
  if (person === undefined) return page(200, `<h1>Sign in</h1><ul>${choices(exchange)}</ul>`);
  const authTime = Math.floor(now().getTime() / 1000) - Number(query.get("ago") ?? 0);
  const code = codes.issue({
    clientId,
    redirectUri: value("redirect_uri"),
    challenge: value("code_challenge"),
    nonce: value("nonce"),
    objectId: person.teams.aadObjectId,
    authTime,
  });
  redirect.search = new URLSearchParams({ code, state: value("state") }).toString();
  return { status: 302, headers: { location: redirect.href, "cache-control": "no-store" } };
}

function choices({ query, path }: Exchange): string {
  return everybody
    .map(({ name, teams }) => {
      const chosen = new URLSearchParams([...query, ["as", teams.aadObjectId]]);
      return `<li><a href="${path}?${chosen.toString().replaceAll("&", "&amp;")}">${name}</a></li>`;
    })
    .join("");
}

function page(status: number, body: string): Answer {
  return {
    status,
    headers: { "cache-control": "no-store", "content-security-policy": "default-src 'none'" },
    raw: {
      contentType: "text/html; charset=utf-8",
      text: `<!doctype html><title>Local sign-in</title>${body}`,
    },
  };
}
