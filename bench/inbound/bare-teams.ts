/**
 * The least that can be built with botbuilder: the token is checked, and what was said is said back. Its token for the
 * Bot Connector is a fixed one.
 */
import {
  ActivityHandler,
  CloudAdapter,
  ConfigurationBotFrameworkAuthentication,
  MessageFactory,
} from "botbuilder";
import { ServiceClientCredentialsFactory, TokenCredentials } from "botframework-connector";
import restify from "restify";

const { TEAMS_APP_ID = "", TEAMS_OPENID_METADATA_URL = "" } = process.env;

class FixedCredentials extends ServiceClientCredentialsFactory {
  override async isValidAppId(appId: string): Promise<boolean> {
    return appId === TEAMS_APP_ID;
  }
  override async isAuthenticationDisabled(): Promise<boolean> {
    return false;
  }
  override async createCredentials() {
    return new TokenCredentials("a-fixed-token");
  }
}

class Echo extends ActivityHandler {
  constructor() {
    super();
    this.onMessage(async (context, next) => {
      await context.sendActivity(MessageFactory.text(`You said: ${context.activity.text}`));
      await next();
    });
  }
}

const adapter = new CloudAdapter(
  new ConfigurationBotFrameworkAuthentication(
    {
      MicrosoftAppId: TEAMS_APP_ID,
      ToChannelFromBotLoginUrl: "https://login.microsoftonline.com/botframework.com",
      ToChannelFromBotOAuthScope: "https://api.botframework.com",
      ToBotFromChannelTokenIssuer: "https://api.botframework.com",
      ToBotFromChannelOpenIdMetadataUrl: TEAMS_OPENID_METADATA_URL,
      ToBotFromEmulatorOpenIdMetadataUrl: TEAMS_OPENID_METADATA_URL,
      OAuthUrl: "https://token.botframework.com",
      CallerId: "",
      ValidateAuthority: "false",
    },
    new FixedCredentials(),
  ),
);
const bot = new Echo();
const server = restify.createServer();
server.use(restify.plugins.bodyParser());
server.post("/api/messages", async (request: restify.Request, response: restify.Response) => {
  await adapter.process(request, response, (context) => bot.run(context));
});
server.listen(0, "127.0.0.1", () => {
  process.send?.({ url: `http://127.0.0.1:${server.address().port}/api/messages` });
});
process.on("disconnect", () => process.exit(0));
