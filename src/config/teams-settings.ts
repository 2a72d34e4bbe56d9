import type { TeamsSettings } from "./config.ts";
import { type Check, halfConfigured } from "./environment-check.ts";

/** The Bot Connector's hosts for Teams in the public cloud and GCC, as Microsoft lists them. */
const publicServiceHosts = ["smba.trafficmanager.net", "smba.infra.gcc.teams.microsoft.com"];

/** What is set for Teams, with its problems reported; `undefined` when Teams is off or not set up right. */
export function teamsSettings(check: Check): TeamsSettings | undefined {
  const { values, has, report } = check;
  if (!has("TEAMS_APP_ID")) {
    halfConfigured(check, { prefix: "TEAMS_", switchedOnBy: "TEAMS_APP_ID", platform: "Teams" });
    return undefined;
  }
  if (!has("TEAMS_APP_TENANT_ID")) {
    report("TEAMS_APP_TENANT_ID", "is missing; give the tenant of the bot registration");
  }
  const appType = values.TEAMS_APP_TYPE ?? "SingleTenant";
  const typeIsKnown = values.TEAMS_APP_TYPE !== undefined || !has("TEAMS_APP_TYPE");
  if (typeIsKnown && appType === "SingleTenant" && !has("TEAMS_APP_PASSWORD")) {
    report(
      "TEAMS_APP_PASSWORD",
      "is missing; a SingleTenant app signs in with it (with a managed identity, set TEAMS_APP_TYPE to UserAssignedMSI)",
    );
  }
  if (appType === "UserAssignedMSI" && has("TEAMS_APP_PASSWORD")) {
    report(
      "TEAMS_APP_PASSWORD",
      "is not used by a UserAssignedMSI app; remove it, or set TEAMS_APP_TYPE to SingleTenant",
    );
  }
  const serviceHosts = values.TEAMS_SERVICE_HOSTS ?? publicServiceHosts;
  const serviceUrl = withSlash(values.TEAMS_SERVICE_URL ?? `https://${serviceHosts[0]}/teams/`);
  if (!serviceHosts.includes(new URL(serviceUrl).host)) {
    report("TEAMS_SERVICE_URL", "is at a host that TEAMS_SERVICE_HOSTS does not list; add it there");
  }
  const { TEAMS_APP_ID: appId, TEAMS_APP_TENANT_ID: tenantId } = values;
  if (appId === undefined || tenantId === undefined) return undefined;
  return {
    appId,
    appType,
    tenantId,
    ...(values.TEAMS_APP_PASSWORD !== undefined && { password: values.TEAMS_APP_PASSWORD }),
    authorityHost: values.TEAMS_AUTHORITY_HOST ?? "https://login.microsoftonline.com",
    openIdMetadataUrl:
      values.TEAMS_OPENID_METADATA_URL ?? "https://login.botframework.com/v1/.well-known/openidconfiguration",
    tokenIssuer: values.TEAMS_TOKEN_ISSUER ?? "https://api.botframework.com",
    serviceHosts,
    serviceUrl,
    allowedTenants: values.TEAMS_ALLOWED_TENANTS ?? [tenantId],
    ownTenantTokens: values.TEAMS_OWN_TENANT_TOKENS === true ? "accepted" : "refused",
    anonymous: values.TEAMS_ALLOW_ANONYMOUS ?? "refused",
  };
}

function withSlash(address: string): string {
  return address.endsWith("/") ? address : `${address}/`;
}
