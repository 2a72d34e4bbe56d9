import type { StepUpSettings } from "./config.ts";
import type { Check } from "./environment-check.ts";
import { guid } from "./variable-values.ts";

const names = ["ROUTEBOT_STEPUP_CLIENT_ID", "ROUTEBOT_STEPUP_CLIENT_SECRET", "ROUTEBOT_PUBLIC_URL"] as const;

/** What is set for fresh sign-ins, with its problems reported; `undefined` when there are none, or they are not set up right. */
export function stepUpSettings({ values, has, report }: Check): StepUpSettings | undefined {
  if (!names.some(has)) return undefined;
  for (const name of names) {
    if (!has(name)) {
      const given = names.filter(has).join(" and ");
      report(name, `is missing, although ${given} is set; fresh sign-ins for approvals need all three`);
    }
  }
  const tenant = guid.safeParse(values.TEAMS_APP_TENANT_ID ?? values.AZURE_TENANT_ID).data;
  if (tenant === undefined) {
    report("AZURE_TENANT_ID", "is not the id of a tenant; fresh sign-ins need the id, not a domain name");
  }
  const {
    ROUTEBOT_STEPUP_CLIENT_ID: clientId,
    ROUTEBOT_STEPUP_CLIENT_SECRET: clientSecret,
    ROUTEBOT_PUBLIC_URL: publicUrl,
  } = values;
  if (clientId === undefined || clientSecret === undefined || publicUrl === undefined || tenant === undefined)
    return undefined;
  const authority = values.AZURE_AUTHORITY_HOST ?? "https://login.microsoftonline.com";
  return { clientId, clientSecret, publicUrl, issuer: `${authority}/${tenant}/v2.0` };
}
