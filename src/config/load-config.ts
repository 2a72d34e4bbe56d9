import { readFile } from "node:fs/promises";
import type { Config } from "./config.ts";
import type { Environment, Variables } from "./environment.ts";
import type { PolicyContext } from "./policy-context.ts";
import { describeProblems, type Problem } from "./problem.ts";
import { readEnvironment } from "./read-environment.ts";
import { readPolicy } from "./read-policy.ts";

export type ConfigResult =
  | { readonly kind: "config"; readonly config: Config; readonly warnings: readonly string[] }
  /** `message` says everything that is wrong, for people; no secret is in it. */
  | { readonly kind: "invalid"; readonly problems: readonly Problem[]; readonly message: string };

/**
 * Reads environment and policy file, and reports all problems of both at once. Nothing is started and nothing is written.
 * Relative paths count from `folder`, by default the current one.
 */
export async function loadConfig(environment: Environment, folder = process.cwd()): Promise<ConfigResult> {
  const { settings, policyFile, values, problems, warnings } = readEnvironment(environment, folder);
  const context = policyContext(values);
  const policy = await readPolicyFile(policyFile, context);
  const all = [...problems, ...(policy.kind === "invalid" ? policy.problems : [])];
  if (settings === undefined || policy.kind === "invalid") {
    return { kind: "invalid", problems: all, message: describeProblems(all, policyFile) };
  }
  return {
    kind: "config",
    config: { ...settings, policyContext: context },
    warnings: [...warnings, ...policy.warnings],
  };
}

async function readPolicyFile(file: string, context: PolicyContext) {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
    const problem: Problem = {
      source: "policy file",
      name: "the file",
      message: missing
        ? "does not exist; write it (routebot.example.yaml is a start), or set ROUTEBOT_POLICY_FILE to where it is"
        : "cannot be read; make sure that it is a file, and that Routebot may read it",
    };
    return { kind: "invalid", problems: [problem] } as const;
  }
  return readPolicy(text, context);
}

/** What of the environment a policy file is read with. */
export function policyContext(values: Variables): PolicyContext {
  const tenant = values.TEAMS_APP_ID === undefined ? undefined : values.TEAMS_APP_TENANT_ID;
  return {
    ...(tenant !== undefined && { teamsTenant: tenant }),
    teamsTenants: tenant === undefined ? [] : (values.TEAMS_ALLOWED_TENANTS ?? [tenant]),
    slackTeams: values.SLACK_BOT_TOKEN === undefined ? [] : (values.SLACK_TEAM_IDS ?? []),
    stepUp: values.ROUTEBOT_STEPUP_CLIENT_ID !== undefined,
  };
}
