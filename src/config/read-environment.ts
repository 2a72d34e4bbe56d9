import { resolve } from "node:path";
import type {
  AzureSettings,
  Config,
  HttpSettings,
  SlackSettings,
  StoreSettings,
  TeamsSettings,
} from "./config.ts";
import {
  type Environment,
  environmentSchema,
  type VariableName,
  type Variables,
  variables,
} from "./environment.ts";
import type { Problem } from "./problem.ts";
import { isLoopback } from "./variable-values.ts";

export type EnvironmentResult = {
  /** Absent when there is any problem. */
  readonly settings?: Omit<Config, "policyContext">;
  readonly policyFile: string;
  /** The values that are well formed, for what can be checked although something else is wrong. */
  readonly values: Variables;
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
};

/**
 * Reads the environment and reports every problem at once: values of a wrong form, what is missing, and what does not go
 * together. Relative paths count from `folder`.
 */
export function readEnvironment(environment: Environment, folder: string): EnvironmentResult {
  const given = new Map(
    Object.entries(environment).flatMap(([name, value]) =>
      // App Service and container tools know no difference between empty and not set.
      value === undefined || value.trim() === "" ? [] : [[name, value] as const],
    ),
  );
  const problems: Problem[] = [];
  const report = (name: string, message: string) => problems.push({ source: "environment", name, message });

  const values = parseEach(given, report);
  const has = (name: VariableName) => given.has(name);
  const check: Check = { values, has, report };
  const teams = teamsSettings(check);
  const slack = slackSettings(check);
  if (!variableNames.some((name) => /^(TEAMS|SLACK)_/.test(name) && has(name))) {
    report("TEAMS_APP_ID, SLACK_BOT_TOKEN", "are both missing; configure Teams, Slack or both");
  }
  const http = httpSettings(check, environment);
  if (has("TEAMS_ALLOW_ANONYMOUS") && !isLoopback(http.host)) {
    report(
      "TEAMS_ALLOW_ANONYMOUS",
      "lets anybody in who can reach the address listened on; set ROUTEBOT_HOST to 127.0.0.1 or leave this out",
    );
  }
  const azure = azureSettings(check);
  const store = storeSettings(check, folder);
  const warnings = unknownVariables(given, report);
  const policyFile = resolve(folder, values.ROUTEBOT_POLICY_FILE ?? "routebot.yaml");
  return {
    policyFile,
    values,
    problems,
    warnings,
    ...(problems.length === 0 && {
      settings: {
        http,
        azure,
        teams: teams ?? "off",
        slack: slack ?? "off",
        store,
        policyFile,
        logLevel: values.ROUTEBOT_LOG_LEVEL ?? "info",
        stopOnStdinEnd: values.ROUTEBOT_STOP_ON_STDIN_END ?? false,
      },
    }),
  };
}

type Check = {
  readonly values: Variables;
  readonly has: (name: VariableName) => boolean;
  readonly report: (name: string, message: string) => void;
};

/** Reports each value of a wrong form and returns the others. */
function parseEach(given: ReadonlyMap<string, string>, report: Check["report"]): Variables {
  const input = Object.fromEntries(given);
  const first = environmentSchema.safeParse(input);
  if (first.success) return first.data;
  for (const { path, message } of first.error.issues) {
    const name = String(path[0]);
    // A list has an issue for each of its items: the name of the variable is said once.
    if (name in input) report(name, message);
    delete input[name];
  }
  return environmentSchema.parse(input);
}

function httpSettings({ values }: Check, environment: Environment): HttpSettings {
  // App Service reaches the process from another address than its own, and says that it is App Service by this variable.
  const everywhere = environment.WEBSITE_SITE_NAME !== undefined && environment.WEBSITE_SITE_NAME !== "";
  return {
    host: values.ROUTEBOT_HOST ?? (everywhere ? "0.0.0.0" : "127.0.0.1"),
    port: values.ROUTEBOT_PORT ?? values.PORT ?? 3978,
  };
}

function storeSettings({ values, has, report }: Check, folder: string): StoreSettings {
  if (has("DATABASE_URL") && has("ROUTEBOT_DATA_DIR")) {
    report(
      "ROUTEBOT_DATA_DIR",
      "is for the embedded store, but DATABASE_URL is set too; keep the one that is meant",
    );
  }
  return values.DATABASE_URL === undefined
    ? { kind: "embedded", directory: resolve(folder, values.ROUTEBOT_DATA_DIR ?? ".routebot") }
    : { kind: "postgres", url: values.DATABASE_URL };
}

function azureSettings({ values, has, report }: Check): AzureSettings {
  if (!has("ROUTEBOT_SUBSCRIPTIONS")) {
    report(
      "ROUTEBOT_SUBSCRIPTIONS",
      "is missing; list the ids of the subscriptions to work on, separated by commas",
    );
  }
  if (has("AZURE_CLIENT_SECRET")) {
    for (const name of ["AZURE_CLIENT_ID", "AZURE_TENANT_ID"] as const) {
      if (!has(name)) report(name, "is missing; AZURE_CLIENT_SECRET is of no use without it");
    }
  }
  return {
    resourceManagerUrl: values.AZURE_RESOURCE_MANAGER_URL ?? "https://management.azure.com",
    ...(values.AZURE_AUTHORITY_HOST !== undefined && { authorityHost: values.AZURE_AUTHORITY_HOST }),
    ...(values.AZURE_TENANT_ID !== undefined && { tenantId: values.AZURE_TENANT_ID }),
    ...(values.AZURE_CLIENT_ID !== undefined &&
      !has("AZURE_CLIENT_SECRET") && { managedIdentityClientId: values.AZURE_CLIENT_ID }),
    subscriptions: values.ROUTEBOT_SUBSCRIPTIONS ?? [],
    apiVersion: values.ROUTEBOT_ARM_API_VERSION ?? "2025-05-01",
  };
}

function teamsSettings(check: Check): TeamsSettings | undefined {
  const { values, has, report } = check;
  if (!has("TEAMS_APP_ID")) {
    halfConfigured(check, { prefix: "TEAMS_", switchedOnBy: "TEAMS_APP_ID", platform: "Teams" });
    return undefined;
  }
  if (!has("TEAMS_APP_TENANT_ID")) {
    report("TEAMS_APP_TENANT_ID", "is missing; give the tenant of the bot registration");
  }
  const appType = values.TEAMS_APP_TYPE ?? "SingleTenant";
  const typeIsKnown = values.TEAMS_APP_TYPE !== undefined || !has("TEAMS_APP_TYPE");
  if (typeIsKnown && appType === "SingleTenant" && !has("TEAMS_APP_PASSWORD")) {
    report(
      "TEAMS_APP_PASSWORD",
      "is missing; a SingleTenant app signs in with it (with a managed identity, set TEAMS_APP_TYPE to UserAssignedMSI)",
    );
  }
  if (appType === "UserAssignedMSI" && has("TEAMS_APP_PASSWORD")) {
    report(
      "TEAMS_APP_PASSWORD",
      "is not used by a UserAssignedMSI app; remove it, or set TEAMS_APP_TYPE to SingleTenant",
    );
  }
  const { TEAMS_APP_ID: appId, TEAMS_APP_TENANT_ID: tenantId } = values;
  if (appId === undefined || tenantId === undefined) return undefined;
  return {
    appId,
    appType,
    tenantId,
    ...(values.TEAMS_APP_PASSWORD !== undefined && { password: values.TEAMS_APP_PASSWORD }),
    authorityHost: values.TEAMS_AUTHORITY_HOST ?? "https://login.microsoftonline.com",
    openIdMetadataUrl:
      values.TEAMS_OPENID_METADATA_URL ?? "https://login.botframework.com/v1/.well-known/openidconfiguration",
    tokenIssuer: values.TEAMS_TOKEN_ISSUER ?? "https://api.botframework.com",
    serviceHosts: values.TEAMS_SERVICE_HOSTS ?? ["smba.trafficmanager.net"],
    allowedTenants: values.TEAMS_ALLOWED_TENANTS ?? [tenantId],
    anonymous: values.TEAMS_ALLOW_ANONYMOUS ?? "refused",
  };
}

function slackSettings(check: Check): SlackSettings | undefined {
  const { values, has, report } = check;
  if (!has("SLACK_BOT_TOKEN")) {
    halfConfigured(check, { prefix: "SLACK_", switchedOnBy: "SLACK_BOT_TOKEN", platform: "Slack" });
    return undefined;
  }
  if (!has("SLACK_TEAM_IDS")) {
    report("SLACK_TEAM_IDS", "is missing; give the id of the workspace, such as T0123ABCD");
  }
  const socket = values.SLACK_SOCKET_MODE ?? false;
  if (socket && !has("SLACK_APP_TOKEN")) {
    report("SLACK_APP_TOKEN", "is missing; Socket Mode connects with it");
  }
  if (!socket && has("SLACK_APP_TOKEN")) {
    report("SLACK_APP_TOKEN", "is only for Socket Mode; set SLACK_SOCKET_MODE to 1 or remove it");
  }
  if (!socket && !has("SLACK_SIGNING_SECRET")) {
    report("SLACK_SIGNING_SECRET", "is missing; requests from Slack are checked with it");
  }
  const mode = slackMode(values, socket);
  if (values.SLACK_BOT_TOKEN === undefined || mode === undefined) return undefined;
  const apiUrl = values.SLACK_API_URL ?? "https://slack.com/api/";
  return {
    botToken: values.SLACK_BOT_TOKEN,
    apiUrl: apiUrl.endsWith("/") ? apiUrl : `${apiUrl}/`,
    teamIds: values.SLACK_TEAM_IDS ?? [],
    mode,
  };
}

function slackMode(values: Variables, socket: boolean): SlackSettings["mode"] | undefined {
  const { SLACK_APP_TOKEN: appToken, SLACK_SIGNING_SECRET: signingSecret } = values;
  if (socket) return appToken === undefined ? undefined : { kind: "socket", appToken };
  return signingSecret === undefined ? undefined : { kind: "http", signingSecret };
}

/** A platform that is off must not look as if it were on: its other variables would do nothing, in silence. */
function halfConfigured(
  { has, report }: Check,
  { prefix, switchedOnBy, platform }: { prefix: string; switchedOnBy: VariableName; platform: string },
): void {
  const others = variableNames.filter((name) => name.startsWith(prefix) && has(name));
  if (others.length === 0) return;
  report(
    switchedOnBy,
    `is missing, although ${others.join(", ")} ${others.length === 1 ? "is" : "are"} set; set it, or remove what is left of ${platform}`,
  );
}

/** A misspelt name of ours is a problem; other tools may have TEAMS_ and SLACK_ variables of their own. */
function unknownVariables(given: ReadonlyMap<string, string>, report: Check["report"]): readonly string[] {
  const known = new Set(variables.map(({ name }) => name));
  const warnings: string[] = [];
  for (const name of given.keys()) {
    if (known.has(name)) continue;
    if (name.startsWith("ROUTEBOT_"))
      report(name, "is not known; mend its name or remove it (.env.example lists all)");
    if (/^(TEAMS|SLACK)_/.test(name)) warnings.push(`${name} is not known to Routebot and does nothing.`);
  }
  return warnings;
}

const variableNames = environmentSchema.keyof().options;
