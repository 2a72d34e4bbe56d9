/** The environment of the bot in the playground: its production configuration, pointed at the local services. */
import { agentsPlaygroundHosts } from "../agents-playground.ts";
import { slackWorkspace } from "../places.ts";

export interface BotSurroundings {
  readonly botPort: number;
  readonly dataDirectory: string;
  readonly auditAnchor: string;
  readonly policyFile: string;
  readonly azure: {
    readonly url: string;
    readonly caFile: string;
    readonly tenantId: string;
    readonly subscriptions: readonly { readonly id: string }[];
    readonly credentials: {
      readonly routing: { readonly clientId: string; readonly clientSecret: string };
      readonly bot: { readonly clientId: string; readonly clientSecret: string };
      readonly stepUp: { readonly clientId: string; readonly clientSecret: string };
    };
  };
  readonly teams: { readonly openIdUrl: string; readonly serviceUrl: string };
  readonly slack: {
    readonly apiUrl: string;
    readonly botToken: string;
    readonly appToken: string;
    readonly signingSecret: string;
    readonly transport: "http" | "socket";
  };
  readonly anonymousTeams: boolean;
}

/** What a process needs from its parent; the person's own AZURE_…, SLACK_… and the like stay out. */
const inherited = [
  "PATH",
  "HOME",
  "LANG",
  "LC_ALL",
  "TZ",
  "TMPDIR",
  "TEMP",
  "SystemRoot",
  "NODE_V8_COVERAGE",
];

/** Settings of the bot that may be tried in the playground. */
const tried = ["ROUTEBOT_PUT_FALLBACK", "ROUTEBOT_RETRY_WITHIN"];

export function botEnvironment(given: BotSurroundings, own: NodeJS.ProcessEnv): Record<string, string> {
  const { azure, teams, slack } = given;
  const { routing, bot, stepUp } = azure.credentials;
  const passedOn = [...inherited, ...tried].flatMap((name) => {
    const value = own[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(passedOn),
    NODE_EXTRA_CA_CERTS: azure.caFile,
    ROUTEBOT_HOST: "127.0.0.1",
    ROUTEBOT_PORT: String(given.botPort),
    ROUTEBOT_DATA_DIR: given.dataDirectory,
    ROUTEBOT_AUDIT_ANCHOR_FILE: given.auditAnchor,
    ROUTEBOT_POLICY_FILE: given.policyFile,
    ROUTEBOT_LOG_LEVEL: own.ROUTEBOT_LOG_LEVEL ?? "info",
    // Nobody who tries what happens to an ignored change wants to wait for two minutes.
    ROUTEBOT_VERIFY_WITHIN: own.ROUTEBOT_VERIFY_WITHIN ?? "15s",
    // A program may speak for the people here, and faster than they do.
    ROUTEBOT_MESSAGES_PER_MINUTE: own.ROUTEBOT_MESSAGES_PER_MINUTE ?? "1000",
    ROUTEBOT_CLICKS_PER_MINUTE: own.ROUTEBOT_CLICKS_PER_MINUTE ?? "1000",
    ROUTEBOT_STOP_ON_STDIN_END: "1",
    ROUTEBOT_SUBSCRIPTIONS: azure.subscriptions.map(({ id }) => id).join(","),
    AZURE_TENANT_ID: azure.tenantId,
    AZURE_CLIENT_ID: routing.clientId,
    AZURE_CLIENT_SECRET: routing.clientSecret,
    AZURE_AUTHORITY_HOST: azure.url,
    AZURE_RESOURCE_MANAGER_URL: azure.url,
    ROUTEBOT_GRAPH_URL: azure.url,
    ROUTEBOT_PROBE_VIA: azure.url,
    ROUTEBOT_STEPUP_CLIENT_ID: stepUp.clientId,
    ROUTEBOT_STEPUP_CLIENT_SECRET: stepUp.clientSecret,
    // As if a proxy ended TLS in front of it, which none does here: whoever follows such a link writes http for https.
    ROUTEBOT_PUBLIC_URL: `https://127.0.0.1:${given.botPort}`,
    TEAMS_APP_ID: bot.clientId,
    TEAMS_APP_TYPE: "SingleTenant",
    TEAMS_APP_TENANT_ID: azure.tenantId,
    TEAMS_APP_PASSWORD: bot.clientSecret,
    TEAMS_AUTHORITY_HOST: azure.url,
    TEAMS_OPENID_METADATA_URL: teams.openIdUrl,
    TEAMS_SERVICE_HOSTS: [
      new URL(teams.serviceUrl).host,
      ...(given.anonymousTeams ? agentsPlaygroundHosts : []),
    ].join(","),
    TEAMS_SERVICE_URL: teams.serviceUrl,
    TEAMS_ALLOWED_TENANTS: azure.tenantId,
    ...(given.anonymousTeams ? { TEAMS_ALLOW_ANONYMOUS: "loopback" } : {}),
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_SIGNING_SECRET: slack.signingSecret,
    SLACK_API_URL: slack.apiUrl,
    SLACK_TEAM_IDS: slackWorkspace.teamId,
    ...(slack.transport === "socket" ? { SLACK_SOCKET_MODE: "true", SLACK_APP_TOKEN: slack.appToken } : {}),
  };
}
