import type { DefaultAzureCredential } from "@azure/identity";
import { loadAlone } from "../../ports/load-alone.ts";
import type { AzureSettings } from "./azure-settings.ts";

/** Hosts of Microsoft's own sign-in services; only these take part in instance discovery. */
const microsoftAuthorities: ReadonlySet<string> = new Set([
  "login.microsoftonline.com",
  "login.microsoftonline.us",
  "login.partner.microsoftonline.cn",
  "login.chinacloudapi.cn",
]);

/**
 * The credential that signs in: environment, workload identity, managed identity, then the tools of a developer's machine
 * (`AZURE_TOKEN_CREDENTIALS=prod` leaves those out). Loaded on first use, because @azure/identity costs 0.2 s.
 */
export async function createCredential(settings: AzureSettings): Promise<DefaultAzureCredential> {
  const { DefaultAzureCredential } = await loadAlone(() => import("@azure/identity"));
  const { authorityHost, tenantId, managedIdentityClientId } = settings;
  return new DefaultAzureCredential({
    ...(tenantId === undefined ? {} : { tenantId }),
    ...(authorityHost === undefined ? {} : { authorityHost }),
    ...(managedIdentityClientId === undefined ? {} : { managedIdentityClientId }),
    disableInstanceDiscovery: authorityHost !== undefined && !isMicrosofts(authorityHost),
  });
}

function isMicrosofts(authorityHost: string): boolean {
  return microsoftAuthorities.has(new URL(authorityHost).hostname);
}
