/** Signed deliveries as Slack and the Bot Connector make them, no two of them the same. */
import { createHmac } from "node:crypto";
import type { Load } from "./load.ts";

export type Delivery = { readonly headers: Readonly<Record<string, string>>; readonly body: string };

/** What everybody writes: cheap to answer, for what is measured ends before the answer. */
const text = "help";

export function deliveriesOf({ traffic, people }: Load): () => Delivery {
  const run = Date.now().toString(36);
  let count = 0;
  return () => {
    count += 1;
    const delivery = { id: `${run}.${count}`, person: count % people };
    return traffic.kind === "slack" ? slackCommand(traffic, delivery) : teamsMessage(traffic, delivery);
  };
}

type Numbered = { readonly id: string; readonly person: number };
type Traffic<K> = Extract<Load["traffic"], { kind: K }>;

function slackCommand(
  { team, channel, signingSecret }: Traffic<"slack">,
  { id, person }: Numbered,
): Delivery {
  const body = new URLSearchParams({
    token: "not-used-any-more",
    team_id: team,
    team_domain: "bench",
    channel_id: channel,
    channel_name: "on-call",
    user_id: `U${person}`,
    user_name: `person-${person}`,
    command: "/routebot",
    text,
    api_app_id: "A0BENCH",
    is_enterprise_install: "false",
    response_url: "https://hooks.slack.com/commands/T0BENCH/1/x",
    trigger_id: id,
  }).toString();
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const signature = createHmac("sha256", signingSecret).update(`v0:${timestamp}:${body}`).digest("hex");
  return {
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      "user-agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
      "x-slack-request-timestamp": timestamp,
      "x-slack-signature": `v0=${signature}`,
    },
    body,
  };
}

function teamsMessage(
  { serviceUrl, tenant, bot, token }: Traffic<"teams">,
  { id, person }: Numbered,
): Delivery {
  return {
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body: JSON.stringify({
      type: "message",
      id,
      timestamp: new Date().toISOString(),
      channelId: "msteams",
      serviceUrl,
      from: { id: `29:${person}`, name: `Person ${person}`, aadObjectId: objectId(person) },
      recipient: { id: `28:${bot}`, name: "Routebot" },
      conversation: { id: `a:bench-${person}`, conversationType: "personal", tenantId: tenant },
      channelData: { tenant: { id: tenant } },
      locale: "en-GB",
      textFormat: "plain",
      text,
      entities: [{ type: "clientInfo", locale: "en-GB", country: "GB", platform: "Windows" }],
      attachments: [{ contentType: "text/html", content: `<p>${text}</p>` }],
    }),
  };
}

function objectId(person: number): string {
  return `00000000-0000-4000-8000-${String(person).padStart(12, "0")}`;
}
