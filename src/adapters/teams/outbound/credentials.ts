import { ClientSecretCredential, ManagedIdentityCredential, type TokenCredential } from "@azure/identity";
import { ServiceClientCredentialsFactory, TokenCredentials } from "botframework-connector";
import type { TeamsSettings } from "../teams-settings.ts";
import { ConnectorError } from "./connector-error.ts";

/** How long a sign-in may take, with its own retries. */
const signInTimeoutMs = 10_000;
const afterFailedSignInMs = 30_000;

type BotCredentials = Awaited<ReturnType<ServiceClientCredentialsFactory["createCredentials"]>>;

/**
 * Signs the bot in with @azure/identity. botbuilder's own factories bring an MSAL of their own that is no longer maintained and
 * insists on Microsoft's authority, and DefaultAzureCredential for managed identities, which would quietly take another identity
 * than the configured one.
 */
export function createBotCredential(settings: TeamsSettings): TokenCredential {
  switch (settings.appType) {
    case "SingleTenant": {
      if (!settings.password) throw new Error("A SingleTenant bot needs its client secret.");
      return new ClientSecretCredential(settings.tenantId, settings.appId, settings.password, {
        authorityHost: settings.authorityHost,
        // Another authority than Microsoft's is unknown to Microsoft's instance discovery.
        disableInstanceDiscovery: settings.authorityHost !== "https://login.microsoftonline.com",
      });
    }
    case "UserAssignedMSI":
      return new ManagedIdentityCredential({ clientId: settings.appId });
    default:
      return settings.appType satisfies never;
  }
}

/** botbuilder's view of a credential. Tokens are cached, and renewed in time, by @azure/identity. */
export class BotCredentialsFactory extends ServiceClientCredentialsFactory {
  readonly #appId: string;
  readonly #credential: TokenCredential;
  #pending: Promise<string> | undefined;

  constructor(appId: string, credential: TokenCredential) {
    super();
    this.#appId = appId;
    this.#credential = credential;
  }

  override async isValidAppId(appId: string): Promise<boolean> {
    return appId === this.#appId;
  }

  override async isAuthenticationDisabled(): Promise<boolean> {
    return false;
  }

  override async createCredentials(_appId: string, audience: string | undefined): Promise<BotCredentials> {
    return {
      signRequest: async (request) =>
        new TokenCredentials(await this.#token(`${audience}/.default`)).signRequest(request),
    };
  }

  /** One sign-in at a time: a burst of messages on a cold start asks once. Only one audience is ever asked for. */
  #token(scope: string): Promise<string> {
    this.#pending ??= this.#fetchToken(scope).finally(() => {
      this.#pending = undefined;
    });
    return this.#pending;
  }

  async #fetchToken(scope: string): Promise<string> {
    try {
      const signal = AbortSignal.timeout(signInTimeoutMs);
      const token = await this.#credential.getToken(scope, { abortSignal: signal });
      if (token) return token.token;
    } catch (cause) {
      throw new ConnectorError(
        { kind: "retry", afterMs: afterFailedSignInMs, why: "the bot could not sign in" },
        cause,
      );
    }
    throw new ConnectorError({ kind: "retry", afterMs: afterFailedSignInMs, why: "the bot got no token" });
  }
}
