import type { PolicyContext } from "../../config/policy-context.ts";
import { readPolicy } from "../../config/read-policy.ts";

/** What a subcommand prints, and its exit code. */
export type Report = { readonly lines: readonly string[]; readonly code: 0 | 1 };

/** Everything that is wrong with a policy file, or what it amounts to. */
export function checkPolicyText(text: string, context: PolicyContext): Report {
  const result = readPolicy(text, context);
  if (result.kind === "invalid") {
    const count = result.problems.length === 1 ? "1 problem" : `${result.problems.length} problems`;
    return {
      lines: [`${count}:`, ...result.problems.map(({ name, message }) => `  ${name}: ${message}`)],
      code: 1,
    };
  }
  const { people, rules, groups = [], version } = result.policy;
  const warnings = result.warnings.map((warning) => `  but note: ${warning}`);
  const counted = `${people.length} people, ${groups.length} groups, ${rules.length} rules`;
  return { lines: [`valid: ${counted}; version ${version.slice(0, 12)}`, ...warnings], code: 0 };
}

const slackTeam = /\b[TE][A-Z0-9]+(?=\/[UWSCGD][A-Z0-9])/g;

/**
 * The environment's view of tenants and workspaces; where it configures no chat at all, as on a machine where the file is only
 * written, both are taken to be on and every workspace that the file names to be ours.
 */
export function contextFor(text: string, configured: PolicyContext): PolicyContext {
  if (configured.teamsTenants.length + configured.slackTeams.length > 0) return configured;
  return {
    stepUp: true,
    teamsTenant: "the-configured-tenant",
    teamsTenants: ["the-configured-tenant"],
    slackTeams: [...new Set(text.match(slackTeam) ?? [])],
  };
}
