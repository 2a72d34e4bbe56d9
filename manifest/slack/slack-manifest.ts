import type { AppsManifestValidateArguments } from "@slack/web-api";

/** What a deployment has of its own. */
export type SlackDeployment = {
  /** How Slack reaches the bot: by HTTPS on `host` (name, perhaps with a port), or not at all, over Socket Mode. */
  readonly connection: { readonly kind: "http"; readonly host: string } | { readonly kind: "socket" };
  /** What is switched on besides the main job; each costs scopes. */
  readonly features: readonly SlackFeature[];
};

type Manifest = Extract<AppsManifestValidateArguments["manifest"], object>;
type BotScope = NonNullable<NonNullable<NonNullable<Manifest["oauth_config"]>["scopes"]>["bot"]>[number];
type BotEvent = NonNullable<
  NonNullable<NonNullable<Manifest["settings"]>["event_subscriptions"]>["bot_events"]
>[number];

type Needs = {
  readonly text: string;
  readonly scopes: readonly BotScope[];
  readonly events: readonly BotEvent[];
};

/** The main job: mentions, the slash command, direct messages, cards, and who somebody is. */
const core: Needs = {
  text: "requests, cards and answers in channels and direct messages",
  scopes: [
    "app_mentions:read",
    "channels:read",
    "chat:write",
    "commands",
    "groups:read",
    "im:history",
    "im:read",
    "im:write",
    "users:read",
  ],
  events: ["app_mention", "member_joined_channel", "message.im"],
};

/** What may be switched on, and what it costs. */
export const slackFeatures = {
  "find-lost-cards": {
    text: "looks a card up whose sending broke off, so that it is not posted a second time",
    scopes: ["channels:history", "groups:history"],
    events: [],
  },
  "group-messages": {
    text: "works in group direct messages",
    scopes: ["mpim:history", "mpim:read"],
    events: ["message.mpim"],
  },
  "user-groups": {
    text: "lets the policy name Slack user groups",
    scopes: ["usergroups:read"],
    events: [],
  },
  files: {
    text: "uploads the report of an audit as a file",
    scopes: ["files:write"],
    events: [],
  },
} as const satisfies Record<string, Needs>;

export type SlackFeature = keyof typeof slackFeatures;
export const slackFeatureNames = Object.keys(slackFeatures).filter(
  (name): name is SlackFeature => name in slackFeatures,
);

/** The manifest of the Slack app, with the scopes of the main job and of the features that are switched on, and no others. */
export function slackManifest({ connection, features }: SlackDeployment) {
  const needs: readonly Needs[] = [core, ...features.map((feature) => slackFeatures[feature])];
  const url = connection.kind === "http" ? `https://${connection.host}/slack/events` : undefined;
  return {
    _metadata: { major_version: 1 },
    display_information: {
      name: "Routebot",
      description: "Routes the outbound traffic of App Service sites: planned, approved, verified.",
      long_description:
        "Write what should change, such as “route all traffic for app-x”. Routebot works out which site is meant and what would change, asks those who may approve, changes the site once they have, and reads the settings back before it says that it is done. It also answers how a site is routed now, what is waiting, who may approve, and what was changed by whom.",
      background_color: "#0B5C73",
    },
    features: {
      app_home: {
        home_tab_enabled: false,
        messages_tab_enabled: true,
        messages_tab_read_only_enabled: false,
      },
      bot_user: { display_name: "Routebot", always_online: true },
      slash_commands: [
        {
          command: "/routebot",
          description: "Change or look at the outbound routing of a site",
          usage_hint: "route all traffic for app-x",
          // Names arrive as people typed them; who is meant is never taken from a name.
          should_escape: false,
          ...(url !== undefined && { url }),
        },
      ],
    },
    oauth_config: { scopes: { bot: sorted(needs.flatMap(({ scopes }) => scopes)) } },
    settings: {
      event_subscriptions: {
        ...(url !== undefined && { request_url: url }),
        bot_events: sorted(needs.flatMap(({ events }) => events)),
      },
      interactivity: { is_enabled: true, ...(url !== undefined && { request_url: url }) },
      org_deploy_enabled: false,
      socket_mode_enabled: connection.kind === "socket",
      token_rotation_enabled: false,
    },
  } satisfies Manifest;
}

function sorted<T extends string>(values: readonly T[]): T[] {
  return [...new Set(values)].sort();
}
