import { type Activity, ConfigurationBotFrameworkAuthentication } from "botbuilder";
import {
  type AuthenticateRequestResult,
  AuthenticationError,
  type Claim,
  ClaimsIdentity,
  type ConnectorClientOptions,
  type ServiceClientCredentialsFactory,
  type UserTokenClient,
} from "botframework-connector";
import type { TeamsSettings } from "../teams-settings.ts";
import type { VerifyToken } from "./verify-token.ts";

/** Audience of the tokens that the Bot Connector takes. */
export const connectorAudience = "https://api.botframework.com";

export type StrictAuthParts = {
  readonly settings: TeamsSettings;
  readonly verify: VerifyToken;
  readonly credentials: ServiceClientCredentialsFactory;
  readonly httpClient: ConnectorClientOptions["httpClient"];
};

/**
 * botbuilder's authentication with its way in replaced. Of botbuilder's own checks none is used: they accept tokens of any
 * tenant without looking at audience and serviceUrl, choose a validator by what the body says, and keep strings for every
 * unknown tenant they meet. The way out (connector clients with our token) stays botbuilder's.
 */
export class StrictAuth extends ConfigurationBotFrameworkAuthentication {
  readonly #verify: VerifyToken;
  #userTokens: Promise<UserTokenClient> | undefined;

  constructor({ settings, verify, credentials, httpClient }: StrictAuthParts) {
    super(
      {
        MicrosoftAppId: settings.appId,
        // As soon as one of these is set, botbuilder takes none of its defaults: all have to be.
        ToChannelFromBotLoginUrl: `${settings.authorityHost}/${settings.tenantId}`,
        ToChannelFromBotOAuthScope: connectorAudience,
        ToBotFromChannelTokenIssuer: settings.tokenIssuer,
        ToBotFromChannelOpenIdMetadataUrl: settings.openIdMetadataUrl,
        ToBotFromEmulatorOpenIdMetadataUrl: settings.openIdMetadataUrl,
        OAuthUrl: "https://token.botframework.com",
        CallerId: "",
        ValidateAuthority: "true",
      },
      credentials,
      undefined,
      undefined,
      { ...(httpClient && { httpClient }) },
    );
    this.#verify = verify;
  }

  /** Rejects with an `AuthenticationError` whose message is the reason for the log, or with `KeysUnavailableError`. */
  override async authenticateRequest(
    { serviceUrl, channelId }: Activity,
    authHeader: string,
  ): Promise<AuthenticateRequestResult> {
    const verdict = await this.#verify(authHeader, { serviceUrl, channelId });
    if (verdict.kind === "refused") throw new AuthenticationError(verdict.why, 401);
    const claims: Claim[] = [];
    for (const [type, value] of Object.entries(verdict.claims)) {
      if (typeof value === "string") claims.push({ type, value });
    }
    return this.#admit(new ClaimsIdentity(claims, true));
  }

  /** For an activity without a token; that it may be taken was decided before. */
  admitAnonymous(appId: string): AuthenticateRequestResult {
    return this.#admit(new ClaimsIdentity([{ type: "aud", value: appId }], "anonymous"));
  }

  #admit(claimsIdentity: ClaimsIdentity): AuthenticateRequestResult {
    return {
      audience: connectorAudience,
      claimsIdentity,
      connectorFactory: this.createConnectorFactory(claimsIdentity),
    };
  }

  /** Routebot signs nobody in; botbuilder wants the client for every turn all the same, so one serves all. */
  override createUserTokenClient(claimsIdentity: ClaimsIdentity): Promise<UserTokenClient> {
    this.#userTokens ??= super.createUserTokenClient(claimsIdentity);
    return this.#userTokens;
  }

  /** Skills are not used. */
  override async authenticateChannelRequest(): Promise<ClaimsIdentity> {
    throw new AuthenticationError("skills are not used", 401);
  }

  /** Streaming is not used. */
  override async authenticateStreamingRequest(): Promise<AuthenticateRequestResult> {
    throw new AuthenticationError("streaming is not used", 401);
  }
}
