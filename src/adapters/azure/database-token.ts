import type { AzureSettings } from "./azure-settings.ts";
import { createCredential } from "./credential.ts";

/**
 * Whom tokens for Azure Database for PostgreSQL are for, by the authority that issues them.
 * Source: learn.microsoft.com/azure/postgresql/flexible-server/how-to-configure-sign-in-azure-ad-authentication.
 */
const publicAudience = "https://ossrdbms-aad.database.windows.net";
const audiences: Readonly<Record<string, string>> = {
  "login.microsoftonline.us": "https://ossrdbms-aad.database.usgovcloudapi.net",
  "login.partner.microsoftonline.cn": "https://ossrdbms-aad.database.chinacloudapi.cn",
  "login.chinacloudapi.cn": "https://ossrdbms-aad.database.chinacloudapi.cn",
};

/**
 * Completes where the store is by how to sign in there: nothing is added for an address that holds a password, or for the
 * embedded store.
 */
export function withSignIn<T extends { readonly kind: string; readonly signIn?: "address" | "entra" }>(
  store: T,
  settings: AzureSettings,
): T & { readonly password?: () => Promise<string> } {
  return store.signIn === "entra" ? { ...store, password: createDatabaseToken(settings) } : store;
}

/** Gives a token that PostgreSQL takes as the password of our identity; the credential keeps it until shortly before its end. */
function createDatabaseToken(settings: AzureSettings): () => Promise<string> {
  let credential: ReturnType<typeof createCredential> | undefined;
  const host = settings.authorityHost === undefined ? "" : new URL(settings.authorityHost).hostname;
  const scope = `${audiences[host] ?? publicAudience}/.default`;
  return async () => {
    credential ??= createCredential(settings);
    return (await (await credential).getToken(scope)).token;
  };
}
