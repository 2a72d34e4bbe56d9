/** The least that can be built with Bolt: the signature is checked, the command acknowledged, nothing kept. */
import { App, HTTPReceiver, LogLevel } from "@slack/bolt";

const { SLACK_SIGNING_SECRET = "", SLACK_BOT_TOKEN = "", SLACK_API_URL = "" } = process.env;

const receiver = new HTTPReceiver({ signingSecret: SLACK_SIGNING_SECRET, logLevel: LogLevel.ERROR });
const app = new App({
  token: SLACK_BOT_TOKEN,
  receiver,
  logLevel: LogLevel.ERROR,
  clientOptions: { slackApiUrl: SLACK_API_URL },
});
app.command(/./, ({ ack, payload }) =>
  ack({ response_type: "ephemeral", text: `Received: ${payload.command} ${payload.text}` }),
);

const server = await app.start({ port: 0, host: "127.0.0.1" });
const address = server.address();
if (typeof address === "object" && address) {
  process.send?.({ url: `http://127.0.0.1:${address.port}/slack/events` });
}
process.on("disconnect", () => process.exit(0));
