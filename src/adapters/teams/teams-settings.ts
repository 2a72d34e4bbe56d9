/** How this deployment is registered as a bot, and whom it listens to. Ids are compared in lower case. */
export type TeamsSettings = {
  /** App id of the bot registration: the audience of every token that callers show. */
  readonly appId: string;
  /** `SingleTenant` signs in with `password`, `UserAssignedMSI` with the managed identity whose client id is `appId`. */
  readonly appType: "SingleTenant" | "UserAssignedMSI";
  readonly tenantId: string;
  readonly password?: string;
  /** Origin of the authority that issues our own tokens; production: `https://login.microsoftonline.com`. */
  readonly authorityHost: string;
  /** Where the Bot Connector's keys are found; production: `https://login.botframework.com/v1/.well-known/openidconfiguration`. */
  readonly openIdMetadataUrl: string;
  /** Issuer of the Bot Connector's tokens; production: `https://api.botframework.com`. */
  readonly tokenIssuer: string;
  /**
   * `host` or `host:port`, lower case. Nothing is ever sent to another host, and no activity is taken that names another.
   * Teams' own: `smba.trafficmanager.net` (public cloud), `smba.infra.gcc.teams.microsoft.com` (GCC, same issuer), and with
   * another issuer `smba.infra.gov.teams.microsoft.us` (GCC High) and `smba.infra.dod.teams.microsoft.us` (DoD).
   * Source: `TeamsServiceEndpoints` of microsoft/Agents-for-js.
   */
  readonly serviceHosts: readonly string[];
  /**
   * Where chats with people are opened that did not write to the bot first; production: `https://smba.trafficmanager.net/teams/`,
   * the address for all regions. Ends in a slash; its host is among `serviceHosts`.
   * Source: learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/send-proactive-messages.
   */
  readonly serviceUrl: string;
  readonly allowedTenants: readonly string[];
  /** `loopback`: an activity without a token is taken if it was sent from this machine and answers go to this machine. */
  readonly anonymous: "refused" | "loopback";
  /**
   * Whether tokens of our own tenant are taken besides the Bot Connector's: only those that were issued to our own app id, so
   * that nobody without the bot's credentials can have one. Absent: refused.
   */
  readonly ownTenantTokens?: "refused" | "accepted";
  /** How long one request to the Bot Connector may take. Absent: 10 seconds. */
  readonly sendTimeoutMs?: number;
};
