import { resolve } from "node:path";
import type { OwnSite } from "../domain/own-site.ts";
import { auditSettings } from "./audit-settings.ts";
import type { AzureSettings, Config, HttpSettings, LimitSettings, StoreSettings } from "./config.ts";
import {
  type Environment,
  environmentSchema,
  type VariableName,
  type Variables,
  variableNames,
  variables,
} from "./environment.ts";
import type { Check } from "./environment-check.ts";
import { checkLocalServices } from "./local-services.ts";
import { didYouMean } from "./nearest-name.ts";
import type { Problem } from "./problem.ts";
import { slackSettings } from "./slack-settings.ts";
import { stepUpSettings } from "./step-up-settings.ts";
import { teamsSettings } from "./teams-settings.ts";
import { tracingSettings } from "./tracing-settings.ts";
import { isLoopback } from "./variable-values.ts";

const defaultKeepMs = 30 * 24 * 3600_000;
/** Longer than any token or signature that could come with a repetition is good for. */
const shortestKeepMs = 24 * 3600_000;

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
  const stepUp = stepUpSettings(check);
  const tracing = tracingSettings(check);
  if (!variableNames.some((name) => /^(TEAMS|SLACK)_/.test(name) && has(name))) {
    report("TEAMS_APP_ID, SLACK_BOT_TOKEN", "are both missing; configure Teams, Slack or both");
  }
  const http = httpSettings(check, environment);
  if ((values.ROUTEBOT_KEEP_MESSAGES ?? defaultKeepMs) < shortestKeepMs) {
    report(
      "ROUTEBOT_KEEP_MESSAGES",
      "is too short; give 1d or more, since so long a message or click that is sent again is known as one",
    );
  }
  const local = checkLocalServices(check, { listensHere: isLoopback(http.host) });
  const azure = azureSettings(check);
  const store = storeSettings(check, folder);
  const audit = auditSettings(check, store, folder);
  const warnings = [...unknownVariables(given, report), ...local, ...audit.warnings];
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
        ...(stepUp && { stepUp }),
        store,
        policyFile,
        audit: audit.settings,
        keepMessagesMs: values.ROUTEBOT_KEEP_MESSAGES ?? defaultKeepMs,
        graphUrl: values.ROUTEBOT_GRAPH_URL ?? "https://graph.microsoft.com",
        limits: limitSettings(values),
        admission: {
          messagesPerMinute: values.ROUTEBOT_MESSAGES_PER_MINUTE ?? 30,
          clicksPerMinute: values.ROUTEBOT_CLICKS_PER_MINUTE ?? 60,
        },
        ...ownSite(environment),
        standby: values.ROUTEBOT_STANDBY ?? false,
        ...(values.ROUTEBOT_PROBE_VIA !== undefined && { probeVia: new URL(values.ROUTEBOT_PROBE_VIA) }),
        logLevel: values.ROUTEBOT_LOG_LEVEL ?? "info",
        ...(values.ROUTEBOT_METRICS_TOKEN !== undefined && { metricsToken: values.ROUTEBOT_METRICS_TOKEN }),
        ...(tracing && { tracing }),
        stopOnStdinEnd: values.ROUTEBOT_STOP_ON_STDIN_END ?? false,
      },
    }),
  };
}

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

function limitSettings(values: Variables): LimitSettings {
  const { ROUTEBOT_WRITE_TIMEOUT: writeTimeoutMs, ROUTEBOT_RETRY_WITHIN: retryWithinMs } = values;
  const { ROUTEBOT_VERIFY_WITHIN: verifyWithinMs, ROUTEBOT_PROMPT_WITHIN: promptWithinMs } = values;
  return {
    ...(writeTimeoutMs !== undefined && { writeTimeoutMs }),
    ...(retryWithinMs !== undefined && { retryWithinMs }),
    ...(verifyWithinMs !== undefined && { verifyWithinMs }),
    ...(promptWithinMs !== undefined && { promptWithinMs }),
    ...(values.ROUTEBOT_MAX_SITES !== undefined && { maxSites: values.ROUTEBOT_MAX_SITES }),
  };
}

/**
 * App Service says to each site what it is.
 * Source: learn.microsoft.com/azure/app-service/reference-app-settings, "App environment"; WEBSITE_OWNER_NAME is SUBSCRIPTION+REST.
 */
function ownSite(environment: Environment): { readonly ownSite?: OwnSite } {
  const { WEBSITE_SITE_NAME: site, WEBSITE_RESOURCE_GROUP: resourceGroup } = environment;
  if (!site) return {};
  const subscriptionId = environment.WEBSITE_OWNER_NAME?.split("+")[0];
  return {
    ownSite: { site, ...(resourceGroup && { resourceGroup }), ...(subscriptionId && { subscriptionId }) },
  };
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
  const { DATABASE_URL: url } = values;
  const entra = values.ROUTEBOT_DATABASE_AUTH === "entra";
  if (entra && !has("DATABASE_URL")) {
    report("ROUTEBOT_DATABASE_AUTH", "is for PostgreSQL; set DATABASE_URL, or leave this out");
  }
  if (url === undefined) {
    return { kind: "embedded", directory: resolve(folder, values.ROUTEBOT_DATA_DIR ?? ".routebot") };
  }
  if (entra && new URL(url).password !== "") {
    report("DATABASE_URL", "holds a password, which entra has no use for; take it out");
  }
  return { kind: "postgres", url, signIn: entra ? "entra" : "address" };
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
    ...(values.ROUTEBOT_PUT_FALLBACK === true && { putFallback: true }),
  };
}

/** A misspelt name of ours is a problem; other tools may have TEAMS_ and SLACK_ variables of their own. */
function unknownVariables(given: ReadonlyMap<string, string>, report: Check["report"]): readonly string[] {
  const known = new Set(variables.map(({ name }) => name));
  const warnings: string[] = [];
  for (const name of given.keys()) {
    if (known.has(name)) continue;
    if (name.startsWith("ROUTEBOT_"))
      report(
        name,
        `is not known${didYouMean(name, known)}; mend its name or remove it (.env.example lists all)`,
      );
    if (/^(TEAMS|SLACK)_/.test(name))
      warnings.push(`${name} is not known to Routebot and does nothing${didYouMean(name, known)}.`);
  }
  return warnings;
}
