import type { OwnSite } from "../domain/own-site.ts";
import type { logLevels } from "./environment.ts";
import type { PolicyContext } from "./policy-context.ts";

/**
 * Everything that a deployment can set, checked. Each part is what one adapter takes; a part that holds a secret is never
 * logged. Made by `loadConfig` and nowhere else.
 */
export type Config = {
  readonly http: HttpSettings;
  readonly azure: AzureSettings;
  readonly teams: TeamsSettings | "off";
  readonly slack: SlackSettings | "off";
  /** Absent when approvals cannot be confirmed with a fresh sign-in. */
  readonly stepUp?: StepUpSettings;
  readonly store: StoreSettings;
  /** Absolute path of the policy file, and what is needed to read it again when it changes. */
  readonly policyFile: string;
  readonly policyContext: PolicyContext;
  readonly audit: AuditSettings;
  /** How long handled messages, sent ones and what was spoken of are kept, in milliseconds. */
  readonly keepMessagesMs: number;
  /** Origin of Microsoft Graph. */
  readonly graphUrl: string;
  readonly limits: LimitSettings;
  readonly admission: AdmissionSettings;
  /** Where probes of sites are sent in place of the sites' own addresses; absent where they are asked themselves. */
  readonly probeVia?: URL;
  /** Where Routebot itself runs; absent when it is not on App Service. */
  readonly ownSite?: OwnSite;
  /** Answers health checks and does nothing else: a slot that was not swapped in yet. */
  readonly standby: boolean;
  readonly logLevel: LogLevel;
  /** Absent when nobody may read metrics: then there are none. */
  readonly metricsToken?: string;
  /** Absent when traces go nowhere: then there are none. */
  readonly tracing?: TracingSettings;
  /** `serve` ends when its standard input does: it dies with the process that started it. */
  readonly stopOnStdinEnd: boolean;
};

/** How the audit is signed and where its signed heads go. */
export type AuditSettings = {
  readonly key: /** An absolute path; with `make`, a key that is not there yet is made. */
    | { readonly kind: "file"; readonly path: string; readonly make: boolean }
    | { readonly kind: "value"; readonly base64: string }
    | "off";
  /** Absolute path of the anchor file, where there is one. */
  readonly anchorFile?: string;
  readonly everyMs: number;
  readonly everyRecords: number;
};

export type TracingSettings =
  /** `url`: where spans are posted. */
  | { readonly kind: "otlp"; readonly url: string; readonly headers: Readonly<Record<string, string>> }
  /** `signIn`: as the identity that signs in to Azure. */
  | { readonly kind: "azure-monitor"; readonly connectionString: string; readonly signIn: boolean };

export type LogLevel = (typeof logLevels)[number];

/** Times in milliseconds; one that was not configured is absent, and the flow's own holds. */
export type LimitSettings = {
  readonly writeTimeoutMs?: number;
  readonly retryWithinMs?: number;
  readonly verifyWithinMs?: number;
  readonly promptWithinMs?: number;
  /** Sites in one request; not a time. */
  readonly maxSites?: number;
};

/** How much one person may send. */
export type AdmissionSettings = { readonly messagesPerMinute: number; readonly clicksPerMinute: number };

/** `port` 0 takes any free one. */
export type HttpSettings = { readonly host: string; readonly port: number };

export type AzureSettings = {
  /** Origin of Azure Resource Manager, without a slash at its end. */
  readonly resourceManagerUrl: string;
  /** Origin of the authority that signs in; absent for the public cloud. */
  readonly authorityHost?: string;
  readonly tenantId?: string;
  /** Client id of a user-assigned managed identity; absent when other credentials were configured. */
  readonly managedIdentityClientId?: string;
  /** Ids in lower case, at least one. */
  readonly subscriptions: readonly string[];
  /** The pinned api-version of `Microsoft.Web`. */
  readonly apiVersion: string;
  /** A PATCH that was accepted without effect is followed by a PUT of the whole site. */
  readonly putFallback?: true;
};

export type TeamsSettings = {
  readonly appId: string;
  readonly appType: "SingleTenant" | "UserAssignedMSI";
  readonly tenantId: string;
  /** There for `SingleTenant`, and only there. */
  readonly password?: string;
  /** Origin of the authority that issues our tokens, without a slash at its end. */
  readonly authorityHost: string;
  readonly openIdMetadataUrl: string;
  /** Issuer of the tokens that callers of our endpoint must show. */
  readonly tokenIssuer: string;
  /** Hosts (`host` or `host:port`, lower case) that our bot token may be sent to. */
  readonly serviceHosts: readonly string[];
  /** Where chats with people are opened; ends in a slash. */
  readonly serviceUrl: string;
  /** Entra tenants, in lower case, whose messages are taken. */
  readonly allowedTenants: readonly string[];
  /** Whether tokens that the own tenant issued to the own app are taken besides the Bot Connector's. */
  readonly ownTenantTokens: "refused" | "accepted";
  /** `loopback`: activities without a token are taken; Routebot then listens on this machine only. */
  readonly anonymous: "refused" | "loopback";
};

export type SlackSettings = {
  readonly botToken: string;
  /** Ends in a slash. */
  readonly apiUrl: string;
  /** Workspaces (or Grid organisations) whose messages are taken, at least one. */
  readonly teamIds: readonly string[];
  readonly mode:
    | { readonly kind: "http"; readonly signingSecret: string }
    | { readonly kind: "socket"; readonly appToken: string };
};

/** The app registration that people sign in with for an approval, and where they come back to. */
export type StepUpSettings = {
  readonly clientId: string;
  readonly clientSecret: string;
  /** The OpenID issuer of the tenant whose people sign in. */
  readonly issuer: string;
  /** Origin under which browsers reach this process: https, without a slash at its end. */
  readonly publicUrl: string;
};

export type StoreSettings =
  /** `directory` is absolute. */
  | { readonly kind: "embedded"; readonly directory: string }
  /** `entra`: there is no password in the address; tokens of the identity that signs in to Azure take its place. */
  | { readonly kind: "postgres"; readonly url: string; readonly signIn: "address" | "entra" };
