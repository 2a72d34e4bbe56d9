import { z } from "zod";
import { duration } from "./duration.ts";
import { monitoringVariables } from "./monitoring-variables.ts";
import { about, metaOf, type VariableMeta } from "./variable-meta.ts";
import {
  count,
  flag,
  guid,
  httpsOrigin,
  listenHost,
  listOf,
  origin,
  path,
  port,
  secret,
  secretStarting,
  serviceHost,
  url,
} from "./variable-values.ts";

export const logLevels = ["debug", "info", "warn", "error"] as const;
export const databaseSignIns = ["password", "entra"] as const;
export const teamsAppTypes = ["SingleTenant", "UserAssignedMSI"] as const;

/**
 * Every environment variable that Routebot reads, with the form of its value. Which of them have to be there together is
 * decided in read-environment.ts. The description is what the operator reads in `.env.example`.
 */
export const environmentSchema = z.object({
  ROUTEBOT_HOST: about(listenHost, {
    group: "Routebot",
    text: "Address to listen on. Default: 127.0.0.1; on Azure App Service 0.0.0.0.",
    example: "127.0.0.1",
  }),
  ROUTEBOT_PORT: about(port, {
    group: "Routebot",
    text: "Port to listen on. Default: PORT, else 3978.",
    example: "3978",
  }),
  PORT: about(port, { group: "Routebot", text: "Set by Azure App Service; ROUTEBOT_PORT comes first." }),
  ROUTEBOT_POLICY_FILE: about(path, {
    group: "Routebot",
    text: "Who may request and approve. Default: routebot.yaml in the current folder.",
    example: "routebot.yaml",
  }),
  ROUTEBOT_DATA_DIR: about(path, {
    group: "Routebot",
    text: "Folder of the embedded store, on a local disk. Default: .routebot in the current folder.",
    example: ".routebot",
  }),
  DATABASE_URL: about(
    secret
      .regex(/^postgres(ql)?:\/\//, "is not a PostgreSQL address; it has to start with postgres://")
      .refine(
        (text) => !/^postgres(ql)?:\/\//.test(text) || URL.canParse(text),
        "is not a whole address; write postgres://USER:PASSWORD@HOST/DATABASE, with % codes for signs such as # and @ in the password",
      ),
    {
      group: "Routebot",
      text: "PostgreSQL 15 or later, in place of the embedded store.",
      secret: true,
      example: "postgres://routebot:PASSWORD@db.example.com/routebot",
    },
  ),
  ROUTEBOT_DATABASE_AUTH: about(
    z.enum(databaseSignIns, `is no way to sign in; give ${databaseSignIns.join(" or ")}`),
    {
      group: "Routebot",
      text: "How to sign in to PostgreSQL: with the password in DATABASE_URL, or as the identity that signs in to Azure (entra). Default: password.",
      example: "password",
    },
  ),
  ROUTEBOT_STANDBY: about(flag, {
    group: "Routebot",
    text: "1: only answer health checks; take no messages and no jobs. For a staging slot, as a setting that stays with the slot. Default: 0.",
    example: "0",
  }),
  ROUTEBOT_LOG_LEVEL: about(z.enum(logLevels, `is no log level; give one of ${logLevels.join(", ")}`), {
    group: "Routebot",
    text: "debug, info, warn or error. Default: info.",
    example: "info",
  }),
  ROUTEBOT_WRITE_TIMEOUT: about(duration, {
    group: "Routebot",
    text: "How long one write to Azure may take. Default: 60s.",
    example: "60s",
  }),
  ROUTEBOT_RETRY_WITHIN: about(duration, {
    group: "Routebot",
    text: "How long a busy or throttling Azure is asked again before a change fails. Default: 5m.",
    example: "5m",
  }),
  ROUTEBOT_VERIFY_WITHIN: about(duration, {
    group: "Routebot",
    text: "How long a site is read back until it says what was wanted. Default: 2m.",
    example: "2m",
  }),
  ROUTEBOT_PROMPT_WITHIN: about(duration, {
    group: "Routebot",
    text: "How long a question, such as the confirmation of a typed decision, waits for its answer. Default: 10m.",
    example: "10m",
  }),
  ROUTEBOT_MAX_SITES: about(count, {
    group: "Routebot",
    text: "How many sites one request may name, such as all apps in a resource group. Default: 25.",
    example: "25",
  }),
  ROUTEBOT_MESSAGES_PER_MINUTE: about(count, {
    group: "Routebot",
    text: "How many messages one person may send in a minute. Default: 30.",
    example: "30",
  }),
  ROUTEBOT_CLICKS_PER_MINUTE: about(count, {
    group: "Routebot",
    text: "How many buttons one person may press in a minute. Default: 60.",
    example: "60",
  }),
  ROUTEBOT_KEEP_MESSAGES: about(duration, {
    group: "Routebot",
    text: "How long handled messages, sent ones and what was spoken of are kept; requests and audit stay. Default: 30d.",
    example: "30d",
  }),
  ROUTEBOT_AUDIT_KEY: about(
    secret.regex(
      /^[A-Za-z0-9+/]+=*$/,
      "is no base64; give the PKCS #8 key in DER form, in base64 (docs/audit.md)",
    ),
    {
      group: "Routebot",
      text: "Ed25519 key that signs the head of the audit: PKCS #8, DER, base64. See docs/audit.md.",
      secret: true,
    },
  ),
  ROUTEBOT_AUDIT_KEY_FILE: about(path, {
    group: "Routebot",
    text: "The same key as a PEM file, mode 0600. Default: audit-key.pem in the folder of the embedded store, made at the first start; none with DATABASE_URL.",
    example: "audit-key.pem",
  }),
  ROUTEBOT_AUDIT_ANCHOR_FILE: about(path, {
    group: "Routebot",
    text: "File that signed heads of the audit are added to; best on another disk or a share that only grows. Default: none.",
    example: "audit-anchor.jsonl",
  }),
  ROUTEBOT_AUDIT_ANCHOR_EVERY: about(duration, {
    group: "Routebot",
    text: "New audit records are signed after that time at the latest. Default: 10m.",
    example: "10m",
  }),
  ROUTEBOT_AUDIT_ANCHOR_RECORDS: about(count, {
    group: "Routebot",
    text: "... or within a minute when there are so many of them. Default: 100.",
    example: "100",
  }),
  ROUTEBOT_PROBE_VIA: about(origin, {
    group: "Routebot",
    text: "Where probes of sites are sent, in place of the sites' own addresses: for tests against a local Azure.",
    example: "https://localhost:8443",
  }),
  ROUTEBOT_PUBLIC_URL: about(httpsOrigin, {
    group: "Routebot",
    text: "Where browsers reach Routebot, for fresh sign-ins (stepUp in the policy). /step-up/callback there is the redirect URI of their app registration.",
    example: "https://routebot.example.com",
  }),
  ROUTEBOT_STEPUP_CLIENT_ID: about(guid, {
    group: "Routebot",
    text: "App registration of its own that approvers sign in with where the policy says stepUp. Without it such approvals are refused.",
    example: "00000000-0000-0000-0000-000000000000",
  }),
  ROUTEBOT_STEPUP_CLIENT_SECRET: about(secret, {
    group: "Routebot",
    text: "Secret of that app registration.",
    secret: true,
  }),
  ROUTEBOT_STOP_ON_STDIN_END: about(flag, {
    group: "Routebot",
    text: "1: end when standard input ends, for a process that starts Routebot. Default: 0.",
    example: "0",
  }),

  ...monitoringVariables,

  ROUTEBOT_SUBSCRIPTIONS: about(listOf(guid), {
    group: "Azure",
    text: "Ids of the subscriptions whose sites Routebot works on, separated by commas. Required.",
    example: "00000000-0000-0000-0000-000000000000",
  }),
  AZURE_TENANT_ID: about(
    z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9.-]*$/, "is not a tenant; give its id or one of its domain names"),
    { group: "Azure", text: "Tenant to sign in to.", example: "00000000-0000-0000-0000-000000000000" },
  ),
  AZURE_CLIENT_ID: about(guid, {
    group: "Azure",
    text: "The user-assigned managed identity or, with a secret or certificate, the app registration.",
    example: "00000000-0000-0000-0000-000000000000",
  }),
  AZURE_CLIENT_SECRET: about(secret, {
    group: "Azure",
    text: "Secret of the app registration; not needed with a managed identity.",
    secret: true,
  }),
  AZURE_AUTHORITY_HOST: about(origin, {
    group: "Azure",
    text: "Where to sign in. Default: the public cloud.",
    example: "https://login.microsoftonline.com",
  }),
  AZURE_RESOURCE_MANAGER_URL: about(origin, {
    group: "Azure",
    text: "Azure Resource Manager. Default: the public cloud.",
    example: "https://management.azure.com",
  }),
  ROUTEBOT_ARM_API_VERSION: about(
    z
      .string()
      .regex(/^\d{4}-\d{2}-\d{2}(-preview)?$/, "is not an api-version; give one of the form 2025-05-01"),
    {
      group: "Azure",
      text: "Version of the Microsoft.Web API; where a cloud lacks it, the newest before it. Default: 2025-05-01.",
      example: "2025-05-01",
    },
  ),

  ROUTEBOT_PUT_FALLBACK: about(flag, {
    group: "Azure",
    text: "1: when Azure accepts a change without effect, send the whole site again with PUT; read docs/operations.md first. Default: 0.",
    example: "0",
  }),
  ROUTEBOT_GRAPH_URL: about(origin, {
    group: "Azure",
    text: "Microsoft Graph, for groups of Entra ID in the policy. Default: the public cloud.",
    example: "https://graph.microsoft.com",
  }),

  TEAMS_APP_ID: about(guid, {
    group: "Microsoft Teams",
    text: "App id of the bot registration. Without it Teams is off.",
    example: "00000000-0000-0000-0000-000000000000",
  }),
  TEAMS_APP_TYPE: about(z.enum(teamsAppTypes, `is no app type; give ${teamsAppTypes.join(" or ")}`), {
    group: "Microsoft Teams",
    text: "SingleTenant or UserAssignedMSI. Default: SingleTenant.",
    example: "SingleTenant",
  }),
  TEAMS_APP_TENANT_ID: about(guid, {
    group: "Microsoft Teams",
    text: "Tenant of the bot registration. Required.",
    example: "00000000-0000-0000-0000-000000000000",
  }),
  TEAMS_APP_PASSWORD: about(secret, {
    group: "Microsoft Teams",
    text: "Client secret of a SingleTenant app; not used with UserAssignedMSI.",
    secret: true,
  }),
  TEAMS_ALLOWED_TENANTS: about(listOf(guid), {
    group: "Microsoft Teams",
    text: "Tenants whose messages are taken. Default: TEAMS_APP_TENANT_ID.",
    example: "00000000-0000-0000-0000-000000000000",
  }),
  TEAMS_SERVICE_HOSTS: about(listOf(serviceHost), {
    group: "Microsoft Teams",
    text: "Hosts that the bot's token may be sent to. Default: those of the public cloud and GCC.",
    example: "smba.trafficmanager.net",
  }),
  TEAMS_SERVICE_URL: about(url, {
    group: "Microsoft Teams",
    text: "Where chats with people are opened. Default: /teams/ at the first of TEAMS_SERVICE_HOSTS.",
    example: "https://smba.trafficmanager.net/teams/",
  }),
  TEAMS_AUTHORITY_HOST: about(origin, {
    group: "Microsoft Teams",
    text: "Where the bot signs in. Default: the public cloud.",
    example: "https://login.microsoftonline.com",
  }),
  TEAMS_OPENID_METADATA_URL: about(url, {
    group: "Microsoft Teams",
    text: "Where the keys of the Bot Connector are found. Default: the public cloud.",
    example: "https://login.botframework.com/v1/.well-known/openidconfiguration",
  }),
  TEAMS_TOKEN_ISSUER: about(
    z.string().regex(/^\S+$/, "holds white space; give the issuer as the tokens name it"),
    {
      group: "Microsoft Teams",
      text: "Issuer of the Bot Connector's tokens. Default: the public cloud.",
      example: "https://api.botframework.com",
    },
  ),
  TEAMS_OWN_TENANT_TOKENS: about(flag, {
    group: "Microsoft Teams",
    text: "1: take tokens that our own tenant issued to our own app, besides the Bot Connector's. Default: 0.",
    example: "0",
  }),
  TEAMS_ALLOW_ANONYMOUS: about(z.literal("loopback", "can only be loopback; set that or leave it out"), {
    group: "Microsoft Teams",
    text: "loopback: take activities without a token, for Microsoft's Agents Playground. Never in production.",
  }),

  SLACK_BOT_TOKEN: about(secretStarting("xoxb-", "a bot token"), {
    group: "Slack",
    text: "Bot token of the installed app. Without it Slack is off.",
    secret: true,
  }),
  SLACK_SIGNING_SECRET: about(secret, {
    group: "Slack",
    text: "Signing secret of the app. Required, unless Socket Mode is on.",
    secret: true,
  }),
  SLACK_TEAM_IDS: about(
    listOf(
      z
        .string()
        .regex(/^[TE][A-Z0-9]+$/, "is not a Slack team id; it starts with T (or E) and has no spaces"),
    ),
    { group: "Slack", text: "Workspaces whose messages are taken. Required.", example: "T00000000" },
  ),
  SLACK_SOCKET_MODE: about(flag, {
    group: "Slack",
    text: "1: connect out to Slack instead of being called by it. Default: 0.",
    example: "0",
  }),
  SLACK_APP_TOKEN: about(secretStarting("xapp-", "an app-level token"), {
    group: "Slack",
    text: "App-level token with connections:write, for Socket Mode.",
    secret: true,
  }),
  SLACK_API_URL: about(url, {
    group: "Slack",
    text: "Slack's Web API. Default: https://slack.com/api/.",
    example: "https://slack.com/api/",
  }),
});

/** As `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

export type VariableName = keyof typeof environmentSchema.shape;

/** The checked values; a variable that is not set is absent. */
export type Variables = z.output<typeof environmentSchema>;

export const variableNames = environmentSchema.keyof().options;

/** Every variable with what an operator is told about it, in the order of the schema. */
export const variables: readonly (VariableMeta & { readonly name: string })[] = Object.entries(
  environmentSchema.shape,
).flatMap(([name, schema]) => {
  const meta = metaOf(schema);
  return meta === undefined ? [] : [{ name, ...meta }];
});

/**
 * The values of those variables of `environment` that hold secrets: what must never be written anywhere. Of an address with a
 * password, the password alone too, as it is written and as it is sent.
 */
export function secretValues(environment: Environment): readonly string[] {
  const values = variables.flatMap((variable) => {
    const value = environment[variable.name];
    if (variable.secret !== true || value === undefined || value === "") return [];
    const password = URL.parse(value)?.password ?? "";
    return password === "" ? [value] : [value, password, decoded(password)];
  });
  return [...new Set(values)];
}

/** Read by @azure/identity itself, and not before the first sign-in. */
const readLater: readonly string[] = ["AZURE_CLIENT_SECRET"];

/**
 * Takes the secrets out of an environment that was read: a program that a library starts, such as the Azure CLI to sign in with,
 * gets the environment of its parent, and has no use for them.
 */
export function forgetSecrets(environment: Record<string, string | undefined>): void {
  for (const { name, secret: isSecret } of variables) {
    if (isSecret === true && !readLater.includes(name)) delete environment[name];
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
