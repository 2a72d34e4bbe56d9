/**
 * A bot of a few lines on the real botbuilder CloudAdapter and the real Bolt, under the same environment as Routebot. It
 * shows that the local chats speak the protocols those libraries speak; nothing of Routebot is in it.
 *
 * In either chat: `card` posts a card with Approve (which changes the card for everybody) and Reject (a reason; in Slack a
 * form); `bad card` posts one that the platform refuses; `direct` writes to the sender's own chat; `die` ends the process;
 * anything else is repeated.
 */
import bolt, { type SayFn } from "@slack/bolt";
import type { KnownBlock } from "@slack/types";
import {
  type Activity,
  CardFactory,
  CloudAdapter,
  ConfigurationBotFrameworkAuthentication,
  MessageFactory,
  TeamsActivityHandler,
  TeamsInfo,
  TurnContext,
} from "botbuilder";
import { CertificateAppCredentials, ServiceClientCredentialsFactory } from "botframework-connector";
import restify from "restify";
import { z } from "zod";

const env = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
};

/** Gets the Bot Connector's tokens from the authority that the environment names. */
class LoopbackCredentials extends ServiceClientCredentialsFactory {
  override isValidAppId = async (appId: string) => appId === env("TEAMS_APP_ID");
  override isAuthenticationDisabled = async () => false;
  override async createCredentials() {
    const credentials = new CertificateAppCredentials(env("TEAMS_APP_ID"), "unused", "unused");
    credentials.getToken = async () => {
      const answer = await fetch(
        `${env("TEAMS_AUTHORITY_HOST")}/${env("TEAMS_APP_TENANT_ID")}/oauth2/v2.0/token`,
        {
          method: "POST",
          body: new URLSearchParams({
            grant_type: "client_credentials",
            client_id: env("TEAMS_APP_ID"),
            client_secret: env("TEAMS_APP_PASSWORD"),
            scope: "https://api.botframework.com/.default",
          }),
        },
      );
      return z.object({ access_token: z.string() }).parse(await answer.json()).access_token;
    };
    credentials.signRequest = async (request) => {
      request.headers.set("authorization", `Bearer ${await credentials.getToken()}`);
      return request;
    };
    return credentials;
  }
}

const authentication = new ConfigurationBotFrameworkAuthentication(
  {
    MicrosoftAppId: env("TEAMS_APP_ID"),
    MicrosoftAppTenantId: env("TEAMS_APP_TENANT_ID"),
    MicrosoftAppType: "SingleTenant",
    ToBotFromChannelOpenIdMetadataUrl: env("TEAMS_OPENID_METADATA_URL"),
    ToBotFromEmulatorOpenIdMetadataUrl: env("TEAMS_OPENID_METADATA_URL"),
    ToBotFromChannelTokenIssuer: "https://api.botframework.com",
    ToChannelFromBotOAuthScope: "https://api.botframework.com",
    ToChannelFromBotLoginUrl: env("TEAMS_AUTHORITY_HOST"),
    OAuthUrl: "http://127.0.0.1:1",
    ValidateAuthority: "false",
    CallerId: "",
  },
  new LoopbackCredentials(),
);
const adapter = new CloudAdapter(authentication);

const card = (state: string, open: boolean, refreshFor: string[] = []) => ({
  type: "AdaptiveCard",
  version: "1.5",
  body: [
    { type: "TextBlock", text: `Request is **${state}**`, wrap: true },
    { type: "FactSet", facts: [{ title: "Site", value: "app-x" }] },
    ...(open ? [{ type: "Input.Text", id: "reason", label: "Reason" }] : []),
  ],
  actions: open
    ? [
        { type: "Action.Execute", title: "Approve", verb: "approve", data: { request: "r-1" } },
        { type: "Action.Submit", title: "Submit", data: { verb: "submitted" } },
        { type: "Action.Execute", title: "Break", verb: "break" },
      ]
    : [],
  ...(refreshFor.length > 0
    ? {
        refresh: {
          userIds: refreshFor,
          action: { type: "Action.Execute", verb: "refresh", data: { request: "r-1" } },
        },
      }
    : {}),
});

class TinyTeamsBot extends TeamsActivityHandler {
  constructor() {
    super();
    this.onMessage(async (context, next) => {
      const { activity } = context;
      const text = TurnContext.removeRecipientMention(activity)?.trim() ?? "";
      if (activity.value !== undefined)
        await context.sendActivity(`submitted ${JSON.stringify(activity.value)}`);
      else if (text === "die") process.exit(7);
      else if (text === "card") {
        await context.sendActivity(
          MessageFactory.attachment(CardFactory.adaptiveCard(card("pending", true))),
        );
      } else if (text === "refreshing card") {
        const content = { ...card("pending", true, [activity.from.id]), actions: [] };
        await context.sendActivity(MessageFactory.attachment(CardFactory.adaptiveCard(content)));
      } else if (text === "bad card") {
        const content = { type: "AdaptiveCard", version: "1.5", body: [{ type: "TextBlok", text: "x" }] };
        await context
          .sendActivity(MessageFactory.attachment(CardFactory.adaptiveCard(content)))
          .catch((error: Error) => context.sendActivity(`refused: ${error.message}`));
      } else if (text === "direct") {
        await adapter.createConversationAsync(
          env("TEAMS_APP_ID"),
          "msteams",
          activity.serviceUrl,
          "https://api.botframework.com",
          {
            isGroup: false,
            members: [{ id: activity.from.id, name: "" }],
            tenantId: env("TEAMS_APP_TENANT_ID"),
            channelData: { tenant: { id: env("TEAMS_APP_TENANT_ID") } },
            bot: { id: activity.recipient.id, name: "Routebot" },
            activity: undefined as unknown as Activity,
          },
          async (direct) => {
            await direct.sendActivity("between you and me");
          },
        );
      } else if (text === "who") {
        const member = await TeamsInfo.getMember(context, activity.from.id);
        await context.sendActivity(`you are ${member.email} ${member.aadObjectId}`);
      } else await context.sendActivity(`you said: ${text}`);
      await next();
    });
  }

  protected override async onAdaptiveCardInvoke(
    context: TurnContext,
    { action }: { action: { verb: string; data: object } },
  ) {
    const type = "application/vnd.microsoft.card.adaptive";
    if (action.verb === "break")
      return { statusCode: 200, type, value: { type: "AdaptiveCard", version: "9.9" } };
    if (action.verb === "refresh") {
      return {
        statusCode: 200,
        type,
        value: card(`pending, for your eyes (${context.activity.value.trigger})`, true, [
          context.activity.from.id,
        ]),
      };
    }
    const everyone = MessageFactory.attachment(
      CardFactory.adaptiveCard(card(`approved by ${context.activity.from.name}`, false)),
    );
    everyone.id = context.activity.replyToId ?? "";
    await context.updateActivity(everyone);
    return { statusCode: 200, type, value: card(`approved by you ${JSON.stringify(action.data)}`, false) };
  }
}

const section = (text: string): KnownBlock => ({ type: "section", text: { type: "mrkdwn", text } });
const requestBlocks: KnownBlock[] = [
  section("Request is *pending*"),
  {
    type: "actions",
    block_id: "decide",
    elements: [
      { type: "button", action_id: "approve", value: "r-1", text: { type: "plain_text", text: "Approve" } },
      { type: "button", action_id: "reject", value: "r-1", text: { type: "plain_text", text: "Reject" } },
      { type: "button", action_id: "sleep", value: "r-1", text: { type: "plain_text", text: "Sleep" } },
    ],
  },
];

async function startSlack() {
  const socketMode = process.env.SLACK_SOCKET_MODE === "true";
  const clientOptions = { slackApiUrl: env("SLACK_API_URL"), retryConfig: { retries: 0 } };
  const receiver = socketMode
    ? undefined
    : new bolt.HTTPReceiver({ signingSecret: env("SLACK_SIGNING_SECRET"), logLevel: bolt.LogLevel.ERROR });
  const app = new bolt.App({
    token: env("SLACK_BOT_TOKEN"),
    clientOptions,
    logLevel: bolt.LogLevel.ERROR,
    ...(receiver === undefined ? { socketMode: true, appToken: env("SLACK_APP_TOKEN") } : { receiver }),
  });
  const answer = async (text: string, say: SayFn, thread_ts: string) => {
    if (text === "card") await say({ text: "Request is pending", blocks: requestBlocks, thread_ts });
    else if (text === "bad card") {
      await say({
        text: "x",
        blocks: [{ type: "header", text: { type: "plain_text", text: "x".repeat(200) } }],
        thread_ts,
      }).catch((error: Error) => say({ text: `refused: ${error.message}`, thread_ts }));
    } else await say({ text: `you said: ${text}`, thread_ts });
  };
  app.event("app_mention", ({ event, say }) =>
    answer(event.text.replace(/<@[^>]+>/, "").trim(), say, event.thread_ts ?? event.ts),
  );
  app.message(async ({ message, say }) => {
    if (message.subtype === undefined) await answer(message.text ?? "", say, message.thread_ts ?? message.ts);
  });
  app.command("/routebot", async ({ ack, command, respond, client }) => {
    await ack({ response_type: "ephemeral", text: `looking at ${command.text}` });
    await respond({ response_type: "in_channel", text: `${command.text}, said to all` });
    await client.chat.postEphemeral({ channel: command.channel_id, user: command.user_id, text: "psst" });
  });
  app.action("approve", async ({ ack, body, client }) => {
    await ack();
    if (body.type !== "block_actions" || body.channel === undefined || body.message === undefined) return;
    const text = `Request was approved by <@${body.user.id}>`;
    await client.chat.update({
      channel: body.channel.id,
      ts: body.message.ts,
      text,
      blocks: [section(text)],
    });
  });
  app.action("reject", async ({ ack, body, client }) => {
    await ack();
    if (body.type !== "block_actions") return;
    await client.views.open({
      trigger_id: body.trigger_id,
      view: {
        type: "modal",
        callback_id: "reject",
        private_metadata: JSON.stringify({ channel: body.channel?.id, ts: body.message?.ts }),
        title: { type: "plain_text", text: "Reject" },
        submit: { type: "plain_text", text: "Reject" },
        blocks: [
          {
            type: "input",
            block_id: "reason",
            label: { type: "plain_text", text: "Why?" },
            element: { type: "plain_text_input", action_id: "text" },
          },
        ],
      },
    });
  });
  app.action("sleep", () => new Promise(() => undefined));
  app.view("reject", async ({ ack, view, client, body }) => {
    const reason = view.state.values.reason?.text?.value ?? "";
    if (reason.length < 5) {
      await ack({ response_action: "errors", errors: { reason: "Say a little more." } });
      return;
    }
    await ack();
    const { channel, ts } = JSON.parse(view.private_metadata);
    const text = `Request was rejected by <@${body.user.id}>: ${reason}`;
    await client.chat.update({ channel, ts, text, blocks: [section(text)] });
  });
  if (receiver === undefined) await app.start();
  return receiver;
}

const receiver = await startSlack();
const server = restify.createServer({ name: "tiny-bot" });
const bot = new TinyTeamsBot();
server.post("/api/messages", restify.plugins.bodyParser({ mapParams: false }), async (req, res) => {
  await adapter.process(req, res, (context) => bot.run(context));
});
server.post("/slack/events", (req, res, next) => {
  receiver?.requestListener(req, res);
  res.on("close", () => next(false));
});
server.get("/readyz", (_req, res, next) => {
  res.send(200, "ready");
  next();
});
server.listen(Number(env("ROUTEBOT_PORT")), "127.0.0.1");
process.on("SIGTERM", () => process.exit(0));
if (process.env.ROUTEBOT_STOP_ON_STDIN_END === "1") {
  process.stdin.resume();
  process.stdin.on("end", () => process.exit(0));
}
