/** The payloads that Slack sends, in the shapes of its documentation. */
import { type Json, workspace } from "../../support/slack-peer.ts";

export const ana = "U0ANA";

export function eventPayload(event: Json, id = "Ev1", more: Json = {}): Json {
  return {
    token: "not-to-be-relied-on",
    team_id: workspace.team,
    context_team_id: workspace.team,
    api_app_id: "A0",
    type: "event_callback",
    event_id: id,
    event_time: 1700000000,
    event,
    authorizations: [
      { team_id: workspace.team, user_id: workspace.botUser, is_bot: true, is_enterprise_install: false },
    ],
    ...more,
  };
}

export function mention(text: string, more: Json = {}): Json {
  return {
    type: "app_mention",
    user: ana,
    team: workspace.team,
    channel: workspace.channel,
    text: `<@${workspace.botUser}> ${text}`,
    ts: "1700000001.000100",
    event_ts: "1700000001.000100",
    ...more,
  };
}

export function directMessage(text: string, more: Json = {}): Json {
  return {
    type: "message",
    channel_type: "im",
    user: ana,
    team: workspace.team,
    channel: workspace.direct,
    text,
    ts: "1700000002.000100",
    event_ts: "1700000002.000100",
    ...more,
  };
}

export function commandFields(text: string, more: Record<string, string> = {}): Record<string, string> {
  return {
    token: "not-to-be-relied-on",
    team_id: workspace.team,
    team_domain: "home",
    channel_id: workspace.channel,
    channel_name: "on-call",
    user_id: ana,
    user_name: "ana",
    command: "/routebot",
    text,
    api_app_id: "A0",
    is_enterprise_install: "false",
    response_url: "https://hooks.slack.com/commands/1",
    trigger_id: "13345224609.738474920",
    ...more,
  };
}

const user = { id: ana, username: "ana", name: "ana", team_id: workspace.team };
const team = { id: workspace.team, domain: "home" };

export type ClickOptions = {
  readonly actionId?: string;
  readonly value?: string;
  readonly blockId?: string;
  readonly actionTs?: string;
  readonly messageTs?: string;
  readonly thread?: string;
  readonly channel?: string;
};

export function clickPayload(click: ClickOptions = {}, more: Json = {}): Json {
  const thread = click.thread === undefined ? {} : { thread_ts: click.thread };
  const ts = click.messageTs ?? "1700000003.000100";
  const channel = click.channel ?? workspace.channel;
  return {
    type: "block_actions",
    user,
    team,
    api_app_id: "A0",
    enterprise: null,
    is_enterprise_install: false,
    trigger_id: "1.2.abc",
    response_url: "https://hooks.slack.com/actions/1",
    container: { type: "message", message_ts: ts, channel_id: channel, is_ephemeral: false, ...thread },
    channel: { id: channel, name: "on-call" },
    message: { type: "message", bot_id: workspace.bot, ts, text: "…", ...thread },
    state: { values: {} },
    actions: [
      {
        type: "button",
        action_id: click.actionId ?? "approve",
        block_id: click.blockId ?? "b1",
        text: { type: "plain_text", text: "Approve" },
        value: click.value ?? "9Yl3vX0qk2mB7nT4",
        action_ts: click.actionTs ?? "1700000004.000200",
      },
    ],
    ...more,
  };
}

export function submissionPayload(
  view: { id: string; hash: string; view: Json },
  input: string | null,
): Json {
  return {
    type: "view_submission",
    team,
    user,
    api_app_id: "A0",
    is_enterprise_install: false,
    trigger_id: "1.2.def",
    response_urls: [],
    view: {
      ...view.view,
      id: view.id,
      hash: view.hash,
      app_installed_team_id: workspace.team,
      state: { values: { answer: { answer: { type: "plain_text_input", value: input } } } },
    },
  };
}
