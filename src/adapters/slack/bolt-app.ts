/** Bolt, set up the way this product needs it: one workspace, and acknowledgements that mean "stored". */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { App, ReceiverEvent, SocketModeReceiver, ViewSubmitAction } from "@slack/bolt";
import { loadAlone } from "../../ports/load-alone.ts";
import type { Log } from "../../ports/log.ts";
import { createBoltLog } from "./bolt-log.ts";
import { formCallback } from "./form.ts";
import { maxBodyBytes } from "./guard-request.ts";
import type { Identity } from "./identity.ts";
import { type Listeners, NotStoredError } from "./listeners.ts";
import { eventsPath, type SlackSettings } from "./slack-settings.ts";
import { admitMessages } from "./socket-messages.ts";
import { clientOptions } from "./web-client.ts";

export type BoltWiring = {
  readonly settings: SlackSettings;
  readonly log: Log;
  /** `undefined` until the bot knows who it is: nothing is taken in before. */
  readonly identity: () => Identity | undefined;
  readonly listeners: () => Listeners;
};

export type BoltApp =
  | { readonly kind: "http"; readonly listen: (req: IncomingMessage, res: ServerResponse) => void }
  | { readonly kind: "socket"; readonly client: SocketModeReceiver["client"] };

export async function createBoltApp(wiring: BoltWiring): Promise<BoltApp> {
  const { settings, log } = wiring;
  const { mode } = settings;
  const bolt = await loadAlone(() => import("@slack/bolt"));
  const secrets = [settings.botToken, mode.kind === "http" ? mode.signingSecret : mode.appToken];
  const logger = createBoltLog(log, secrets, bolt.LogLevel.INFO);

  /**
   * Bolt acknowledges an event before its listener runs, and never acknowledges what has no listener. Here an event is
   * acknowledged when its listener has stored it, and whatever nobody listens to at once.
   */
  class AcknowledgingApp extends bolt.App {
    override async processEvent(event: ReceiverEvent): Promise<void> {
      const isEvent = event.body.event !== undefined;
      let acknowledged = false;
      await super.processEvent({
        ...event,
        async ack(answer) {
          if (isEvent) return;
          acknowledged = true;
          await event.ack(answer);
        },
      });
      if (!acknowledged) await event.ack();
    }
  }

  const authorize = async ({
    teamId = "",
    isEnterpriseInstall,
  }: {
    teamId?: string | undefined;
    isEnterpriseInstall: boolean;
  }) => {
    const me = wiring.identity();
    if (me === undefined) throw new Error("the bot does not know yet who it is");
    if (isEnterpriseInstall || !settings.teamIds.includes(teamId)) {
      log.warn("slack-foreign-team", { team: teamId.slice(0, 40) });
      throw new Error("the request belongs to a workspace that is not allowed");
    }
    return { botToken: settings.botToken, botId: me.bot, botUserId: me.botUser, teamId };
  };
  const common = {
    authorize,
    logger,
    logLevel: bolt.LogLevel.INFO,
    clientOptions: clientOptions(settings, logger),
    convoStore: false as const,
    attachFunctionToken: false,
  };
  /**
   * What a listener or `authorize` threw is already logged with its reason, and has a code of Bolt's. Any other error is one that Bolt
   * met when it read what it was sent.
   */
  const statusOf = (error: unknown): number => {
    if (error instanceof bolt.AuthorizationError) return 401;
    if (error instanceof NotStoredError) return 503;
    if (error instanceof Error && "code" in error) return 500;
    log.warn("slack-malformed", { why: error instanceof Error ? error.name : typeof error });
    return 400;
  };

  if (mode.kind === "http") {
    const receiver = new bolt.HTTPReceiver({
      signingSecret: mode.signingSecret,
      endpoints: eventsPath,
      bodyLimit: maxBodyBytes,
      logger,
      async processEventErrorHandler({ error, response }) {
        answerOnce(response, statusOf(error));
        return true;
      },
      unhandledRequestHandler: ({ response }) => answerOnce(response, 503),
    });
    listen(new AcknowledgingApp({ ...common, receiver }), wiring);
    return { kind: "http", listen: (req, res) => receiver.requestListener(req, res) };
  }

  const receiver = new bolt.SocketModeReceiver({
    appToken: mode.appToken,
    logger,
    autoReconnectEnabled: false,
    installerOptions: { clientOptions: clientOptions(settings, logger) },
    // Slack delivers again what is not acknowledged; what is not for us, or cannot be read, need not come again. Acknowledged
    // here, because the SDK would let it end the process when the connection has gone in between.
    async processEventErrorHandler({ error, event }) {
      if (![400, 401].includes(statusOf(error))) return false;
      await Promise.resolve(event.ack()).catch(() => log.warn("slack-not-acknowledged"));
      return false;
    },
  });
  listen(new AcknowledgingApp({ ...common, receiver }), wiring);
  admitMessages(receiver.client, log);
  return { kind: "socket", client: receiver.client };
}

function listen(app: App, { listeners, log }: BoltWiring): void {
  for (const event of ["app_mention", "message", "member_joined_channel"]) {
    app.event(event, ({ body }) => listeners().event(body));
  }
  app.command(/./, ({ body, ack }) => listeners().command(body, ack));
  app.action({ type: "block_actions" }, ({ body, ack }) => listeners().click(body, ack));
  app.view<ViewSubmitAction>({ type: "view_submission", callback_id: formCallback }, ({ body, ack }) =>
    listeners().submission(body, ack),
  );
  app.error(async (error) => {
    // Bolt wraps what a listener throws.
    if (error.original instanceof NotStoredError) throw error.original;
    log.warn("slack-delivery-failed", { code: error.code, reason: error.message.slice(0, 200) });
    throw error;
  });
}

function answerOnce(response: ServerResponse, status: number): void {
  if (response.headersSent) return;
  response.writeHead(status);
  response.end();
}
