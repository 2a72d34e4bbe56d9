/**
 * Where what we tell people about App Service is written: what is said of it on cards. docs/routing.md has the links, which would
 * be more than a card has room for.
 */
export const sources = {
  routing: "Microsoft Learn: integration routing",
  integration: "Microsoft Learn: virtual network integration",
  gateway: "Microsoft Learn: gateway-required integration",
  functions: "Microsoft Learn: networking of Azure Functions",
  perimeter: "Microsoft Learn: network security perimeter",
  appSettings: "Microsoft Learn: app settings",
  securityGroups: "Microsoft Learn: network security groups",
  routes: "Microsoft Learn: routes",
  policies: "Microsoft Learn: built-in policies of App Service",
  apiVersions: "App Service team, April 2024",
  legacyReports: "reports: azure-docs #80045",
  tokenReports: "report: Azure-Functions #2653",
  windowsReports: "report: azure-docs #89178",
} as const;

export type SourceName = keyof typeof sources;

/**
 * The source of each remark on a plan, by its code. `own`: it is about Routebot or about what was read of the site, and there is
 * nothing to look up.
 */
export const sourceOfNote: Readonly<Record<string, SourceName | "own">> = {
  "legacy-setting-keeps-on": "legacyReports",
  "legacy-setting-unread": "legacyReports",
  "policy-met": "policies",
  "policy-violated": "policies",
  "others-lose-routing": "routing",
  "managed-identity-tokens": "tokenReports",
  "managed-by-code": "own",
  "no-container": "routing",
  "windows-container": "windowsReports",
  "no-content-share": "routing",
  "impact-application-traffic": "integration",
  "content-share-ports": "routing",
  "database-backups": "routing",
  "takes-effect-at-next-start": "integration",
  "content-share-port-denied": "securityGroups",
  "content-share-port-depends": "securityGroups",
  "tokens-behind-appliance": "tokenReports",
  "firewall-not-checked": "routes",
  "subnet-not-readable": "own",
  "setting-restarts": "appSettings",
  "older-way": "routing",
  "setting-without-effect": "integration",
  "put-fallback": "own",
};
