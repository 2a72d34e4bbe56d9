import type { TokenCredential } from "@azure/identity";
import type { Chat, Receive } from "../../ports/chat.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import { inOrder, isUnreachable, type ReadinessCheck } from "../../ports/readiness.ts";
import { connectorAudience, StrictAuth } from "./auth/strict-auth.ts";
import { createTokenVerifier } from "./auth/verify-token.ts";
import { createMessagesHandler, type MessagesHandler } from "./inbound/messages-endpoint.ts";
import { BotAdapter } from "./outbound/bot-adapter.ts";
import { ConnectorTransport } from "./outbound/connector-transport.ts";
import { BotCredentialsFactory, createBotCredential } from "./outbound/credentials.ts";
import { createOpenChats } from "./outbound/open-chats.ts";
import { createTeamsChat } from "./outbound/teams-chat.ts";
import { createViewers } from "./outbound/viewers.ts";
import type { TeamsSettings } from "./teams-settings.ts";

export type TeamsTools = {
  readonly receive: Receive;
  readonly clock: Clock;
  readonly log: Log;
  /** How the bot signs in, if not as the settings say: for tests that have no authority. */
  readonly credential?: TokenCredential;
};

export type TeamsAdapter = {
  readonly chat: Chat;
  /** For `POST /api/messages`, on a route that parses JSON. */
  readonly handler: MessagesHandler;
  /** Whether the bot can sign in to the Bot Connector. */
  readonly check: ReadinessCheck;
};

const defaultSendTimeoutMs = 10_000;

/** Teams, inwards and outwards. Nothing is asked of the network before the first activity or message. */
export function createTeamsAdapter(settings: TeamsSettings, tools: TeamsTools): TeamsAdapter {
  // An empty app id is how botbuilder is told to check nothing at all.
  if (settings.appId === "") throw new Error("Teams needs the app id of the bot registration.");
  const { receive, clock } = tools;
  const log = tools.log.with({ platform: "teams" });
  const credential = tools.credential ?? createBotCredential(settings);
  const auth = new StrictAuth({
    settings,
    verify: createTokenVerifier(settings, clock),
    credentials: new BotCredentialsFactory(settings.appId, credential),
    httpClient: new ConnectorTransport({
      timeoutMs: settings.sendTimeoutMs ?? defaultSendTimeoutMs,
      serviceHosts: settings.serviceHosts,
      clock,
    }),
  });
  const adapter = new BotAdapter(auth, settings.appId);
  const { serviceHosts } = settings;
  const chat = createTeamsChat({
    adapter,
    serviceHosts,
    openDirect: createOpenChats({ ...settings, adapter, log }),
    findViewers: createViewers({ clock, log }),
    log,
  });
  return {
    chat,
    handler: createMessagesHandler({ settings, adapter, chat, receive, clock, log }),
    check: checkOf(credential),
  };
}

function checkOf(credential: TokenCredential): ReadinessCheck {
  return {
    name: "teams",
    async look(signal) {
      try {
        const token = await credential.getToken(`${connectorAudience}/.default`, { abortSignal: signal });
        return token ? inOrder : { kind: "failed", why: "the bot gets no token" };
      } catch (error) {
        return isUnreachable(error)
          ? { kind: "unclear", why: "the sign-in service cannot be reached" }
          : { kind: "failed", why: "the bot cannot sign in; routebot doctor says why" };
      }
    },
  };
}
