/** Where what we tell people about App Service is written, for those who want to read it. */
export const sources = {
  routing: {
    title: "Microsoft Learn: integration routing",
    url: "https://learn.microsoft.com/azure/app-service/configure-vnet-integration-routing",
  },
  integration: {
    title: "Microsoft Learn: virtual network integration",
    url: "https://learn.microsoft.com/azure/app-service/overview-vnet-integration",
  },
  gateway: {
    title: "Microsoft Learn: gateway-required integration",
    url: "https://learn.microsoft.com/azure/app-service/configure-gateway-required-vnet-integration",
  },
  functions: {
    title: "Microsoft Learn: networking of Azure Functions",
    url: "https://learn.microsoft.com/azure/azure-functions/functions-networking-options",
  },
  perimeter: {
    title: "Microsoft Learn: network security perimeter",
    url: "https://learn.microsoft.com/azure/private-link/network-security-perimeter-concepts",
  },
  appSettings: {
    title: "Microsoft Learn: app settings",
    url: "https://learn.microsoft.com/azure/app-service/configure-common",
  },
  securityGroups: {
    title: "Microsoft Learn: network security groups",
    url: "https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview",
  },
  routes: {
    title: "Microsoft Learn: routes",
    url: "https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview",
  },
  policies: {
    title: "Microsoft Learn: built-in policies of App Service",
    url: "https://learn.microsoft.com/azure/app-service/policy-reference",
  },
  apiVersions: {
    title: "App Service team, April 2024",
    url: "https://azure.github.io/AppService/2024/04/23/Networking-compliance-improvements.html",
  },
  legacyReports: {
    title: "reports: azure-docs #80045",
    url: "https://github.com/MicrosoftDocs/azure-docs/issues/80045",
  },
  tokenReports: {
    title: "report: Azure-Functions #2653",
    url: "https://github.com/Azure/Azure-Functions/issues/2653",
  },
  windowsReports: {
    title: "report: azure-docs #89178",
    url: "https://github.com/MicrosoftDocs/azure-docs/issues/89178",
  },
} as const satisfies Record<string, { readonly title: string; readonly url: string }>;

export type SourceName = keyof typeof sources;

/**
 * The source of each remark on a plan, by its code. `own`: it is about Routebot or about what was read of the site, and there is
 * nothing to look up.
 */
export const sourceOfNote: Readonly<Record<string, SourceName | "own">> = {
  "legacy-setting-keeps-on": "legacyReports",
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
